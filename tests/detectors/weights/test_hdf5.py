"""HDF5: weights in old and new groups, what a Keras model would run, and each way in which a file can be wrong."""

import json

import pytest

from detectors.weights.hdf5 import hdf5
from inspector.detector import Declared, Format
from inspector.model import Claim, Component, Count, Issue, Severity
from inspector.weights.hdf5_file import MAGIC
from sample_bundles.formats.hdf5 import CONFIG, MODEL, TREE, WEIGHTS
from sample_bundles.hdf5_bytes import Link, Numbers, hdf5_bytes
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

KERNEL = Numbers((4, 2))


def issues(data: bytes) -> list[tuple[str, Severity]]:
    said, fault = hear(hdf5, "m.h5", data)
    assert fault is None
    return [(told.rule, told.severity) for told in said if isinstance(told, Issue)]


def test_a_whole_model_gives_its_weights_and_those_of_its_optimizer() -> None:
    said, fault = hear(hdf5, "model.h5", MODEL)
    assert (fault, rules(said), said[0]) == (None, [], Format("hdf5"))
    details = weights(said)
    assert (details.tensors, details.parameters, details.dtypes) == (2, 10, (Count("F32", 10),))
    state = weights(said, Component.CHECKPOINTS)
    assert (state.tensors, state.parameters) == (2, 9)
    assert [item.value for item in found(said, Component.ARCHITECTURE, Claim.REFERENCED)] == ["Sequential"]
    told = {item.value: item for item in found(said, Component.MODEL_METADATA, Claim.PRESENT)}
    assert told["producer"].excerpt == "Keras 2.15.0"
    span = told["training-configuration"].span
    assert span is not None
    assert MODEL[span.start : span.end] == b'{"loss": "mse"}'


@pytest.mark.parametrize("new", [True, False])
def test_old_and_new_groups_give_the_same(new: bool) -> None:
    tree = {"layers": {f"layer_{number}": {"vars": {"0": KERNEL}} for number in range(40)}}
    details = weights(hear(hdf5, "m.weights.h5", hdf5_bytes(tree, new=new))[0])
    assert (details.tensors, details.parameters) == (40, 320)


def test_halves_are_told_from_floats_and_a_user_block_is_noted() -> None:
    assert weights(hear(hdf5, "x", WEIGHTS)[0]).dtypes == (Count("F16", 10),)
    said, fault = hear(hdf5, "x.h5", bytes(512) + MODEL)
    assert said[0] == Format("hdf5")
    assert fault is not None
    assert "the addresses should begin" in fault


def test_data_that_is_not_named_as_weights_are_no_parameters() -> None:
    said, fault = hear(hdf5, "train.h5", hdf5_bytes({"images": Numbers((9, 9)), "labels": Numbers((9,))}))
    assert (said, fault) == ([Format("hdf5")], None)
    assert weights(hear(hdf5, "w.h5", hdf5_bytes({"conv1.weight": KERNEL, "conv1.bias": KERNEL}))[0]).tensors == 2


def test_terms_among_the_attributes_are_declared() -> None:
    said, _ = hear(hdf5, "m.h5", hdf5_bytes(TREE, {"license": "mit"}))
    assert [told.text for told in said if isinstance(told, Declared)] == ["mit"]


def layer(kind: str, module: str | None = None, config: object = None, **more: object) -> dict[str, object]:
    """The configuration of a layer."""
    return {"class_name": kind, "config": config if config is not None else {}, "module": module, **more}


def model_of(*layers: dict[str, object]) -> bytes:
    """A model of such layers."""
    config = {"class_name": "Sequential", "config": {"name": "m", "layers": list(layers)}}
    return hdf5_bytes({"model_weights": {"kernel": KERNEL}}, {"model_config": json.dumps(config)})


@pytest.mark.parametrize(
    ("rule", "severity", "inside"),
    [
        ("keras.code", Severity.HIGH, layer("Lambda", config={"function": ["4wEA", None, None], "function_type": "lambda"})),
        ("keras.code", Severity.HIGH, layer("Lambda", "keras.layers", {"function": layer("__lambda__", config={"code": "4wEA"})})),
        ("keras.code", Severity.MEDIUM, layer("Lambda", config={"function": "double", "function_type": "function"})),
        ("keras.pickle", Severity.HIGH, layer("TorchModuleWrapper", "keras.layers", {"module": "gASV"})),
        ("keras.unsafe-class", Severity.HIGH, layer("run", "subprocess")),
        ("keras.unsafe-class", Severity.HIGH, layer("function", "keras.utils", "get_file")),
        ("keras.unsafe-class", Severity.HIGH, layer("function", "keras.config", "enable_unsafe_deserialization")),
        ("keras.unsafe-class", Severity.HIGH, layer("function", "builtins", "eval")),
        ("keras.unsafe-class", Severity.MEDIUM, layer("Attention", "mymodel.layers")),
        ("keras.custom-class", Severity.LOW, layer("C", None, registered_name="Mine>C")),
        ("keras.reads-file", Severity.HIGH, layer("StringLookup", "keras.layers", {"vocabulary": "/etc/passwd"})),
        ("keras.reads-file", Severity.MEDIUM, layer("StringLookup", "keras.layers", {"vocabulary": "words.txt"})),
        ("keras.unsafe-name", Severity.HIGH, layer("Dense", "keras.layers", {"name": "../../x"})),
    ],
)
def test_what_building_the_model_would_run_is_an_issue(rule: str, severity: Severity, inside: dict[str, object]) -> None:
    assert issues(model_of(inside)) == [(rule, severity)]


def test_layers_of_keras_are_no_issue() -> None:
    lookup = layer("StringLookup", "keras.layers", {"vocabulary": ["a", "b"], "name": "lookup"})
    activation = layer("function", "builtins", "relu")
    assert issues(model_of(layer("Dense", "keras.layers"), lookup, layer("Functional", "keras.src.models.functional"), activation)) == []
    assert rules(hear(hdf5, "m.h5", hdf5_bytes(TREE, {"model_config": json.dumps(CONFIG)}))[0]) == []


@pytest.mark.parametrize(
    ("rule", "severity", "data"),
    [
        ("hdf5.external-link", Severity.HIGH, hdf5_bytes({"vars": {"a": Link("/x", "/etc/passwd")}}, new=True)),
        ("hdf5.external-storage", Severity.HIGH, hdf5_bytes({"vars": {"0": Numbers((4,), outside="/etc/passwd")}})),
        ("hdf5.size-mismatch", Severity.HIGH, hdf5_bytes({"vars": {"0": Numbers((4,), stored=8)}})),
        ("hdf5.trailing-bytes", Severity.MEDIUM, MODEL + b"hidden"),
        ("keras.broken-config", Severity.MEDIUM, hdf5_bytes(TREE, {"model_config": '{"class_name": "A", "class_name": "B"}'})),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, data: bytes) -> None:
    assert issues(data) == [(rule, severity)]


def test_soft_links_and_second_names_count_nothing() -> None:
    assert weights(hear(hdf5, "m.h5", hdf5_bytes({"vars": {"0": KERNEL, "a": Link("/vars/0")}}))[0]).tensors == 1


@pytest.mark.parametrize("data", [MODEL, WEIGHTS])
def test_a_file_cut_anywhere_is_a_problem(data: bytes) -> None:
    for part in cut(data):
        said, fault = hear(hdf5, "m.h5", part)
        assert fault or len(part) < 8
        assert not said or said[0] == Format("hdf5")


@pytest.mark.parametrize("data", [MODEL, WEIGHTS])
def test_a_flipped_bit_gives_evidence_or_a_problem(data: bytes) -> None:
    for changed in flipped(data, 600):
        said, fault = hear(hdf5, "m.h5", changed)
        assert said or fault or not changed.startswith(MAGIC)
        assert all(rule.startswith(("hdf5.", "keras.")) for rule in rules(said))


def test_a_dataset_beyond_the_end_is_missing() -> None:
    said, fault = hear(hdf5, "m.h5", hdf5_bytes({"vars": {"0": Numbers((4,), stored=2**40)}}))
    assert fault is not None
    assert "truncated" in fault
    assert [item.value for item in found(said, Component.PARAMETERS, Claim.MISSING)] == ["truncated"]
