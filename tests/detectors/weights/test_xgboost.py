"""XGBoost: one model in three formats, and each way in which one can be wrong."""

import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.weights.xgboost import xgboost
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.formats.xgboost import FILES, MODEL, Node, binary_bytes, model, tree, ubjson_bytes
from tests.detectors.weights.damage import flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

WHOLE = {path: data if isinstance(data, bytes) else data.encode() for path, data in FILES.items()}
KINDS = {"model.json": "xgboost-json", "model.ubj": "xgboost-ubjson", "model.model": "xgboost-binary"}
EACH = pytest.mark.parametrize("path", KINDS)
LINEAR = {"learner": {"gradient_booster": {"model": {"weights": [0.5, 1, -2e3, 0]}, "name": "gblinear"}, "objective": {"name": "x"}}}


def written(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


@EACH
def test_a_whole_model_gives_its_trees_and_nothing_else(path: str) -> None:
    said, fault = hear(xgboost, path, WHOLE[path])
    assert fault is None
    assert said[0] == Format(KINDS[path])
    assert len(said) == 3
    details = weights(said)
    assert (details.format, details.tensors, details.parameters) == (KINDS[path], 2, 22)
    assert details.dtypes == (Count("F32", 22),)
    assert details.shapes == (Count("15", 1), Count("7", 1))
    (library,) = found(said, Component.ARCHITECTURE, Claim.REFERENCED)
    assert library.value == "gbtree reg:squarederror"
    assert library.excerpt in {"XGBoost 2.1.4", "XGBoost 1.7"}


def test_the_weights_of_a_linear_model_are_counted() -> None:
    said, fault = hear(xgboost, "model.json", written(LINEAR))
    assert fault is None
    assert (weights(said).tensors, weights(said).parameters) == (1, 4)


def test_a_dart_model_stands_one_level_deeper() -> None:
    learner = model([tree(0, 1)])["learner"]
    assert isinstance(learner, dict)
    learner["gradient_booster"] = {"gbtree": learner["gradient_booster"], "name": "dart", "weight_drop": [1.0]}
    said, fault = hear(xgboost, "m.json", written({"learner": learner, "version": [1, 7, 0]}))
    assert (fault, weights(said).parameters) == (None, 3)
    said, fault = hear(xgboost, "m", binary_bytes([3, 5], b"dart"))
    assert (fault, weights(said).parameters) == (None, 8)


def test_leaves_that_are_vectors_count_by_their_numbers() -> None:
    vectors = tree(0, 1) | {"leaf_weights": [0.5] * 6, "base_weights": [0.5] * 9}
    assert weights(hear(xgboost, "m.json", written(model([vectors])))[0]).parameters == 3 + 6
    older = tree(0, 1) | {"base_weights": [0.5] * 9}
    older["tree_param"] = {"num_nodes": "3", "size_leaf_vector": "3"}
    assert weights(hear(xgboost, "m.json", written(model([older])))[0]).parameters == 9


def test_a_snapshot_holds_the_model_beside_its_configuration() -> None:
    snapshot: dict[str, Node] = {"Config": {"learner": {"generic_param": {"device": "cpu"}}}, "Model": MODEL}
    for path, data in (("m.json", written(snapshot)), ("m", ubjson_bytes(snapshot))):
        said, fault = hear(xgboost, path, data)
        assert (fault, weights(said).parameters) == (None, 22)


@pytest.mark.parametrize("name", ["m.model", "m.bin"])
def test_records_without_a_mark_are_known_by_the_names_in_them(name: str) -> None:
    said, fault = hear(xgboost, name, binary_bytes([3, 5])[4:])
    assert (fault, weights(said).parameters) == (None, 8)
    assert hear(xgboost, name, binary_bytes([3], b"stump!")[4:]) == ([], None)


def test_what_old_versions_write_at_the_end_is_passed_over() -> None:
    learner = struct.pack("<fIiii", 0.5, 3, 0, 0, 1).ljust(136, b"\0")
    names = struct.pack("<Q", 13) + b"count:poisson" + struct.pack("<Q", 8) + b"gblinear"
    tail = struct.pack("<Q3s", 3, b"0.7") + struct.pack("<QQ4s", 1, 4, b"rmse")
    old = learner + names + bytes(136) + struct.pack("<Q", 2) + bytes(8) + tail
    said, fault = hear(xgboost, "m.model", old)
    assert (fault, weights(said).parameters, rules(said)) == (None, 2, [])


def test_white_space_and_numbers_that_are_none_are_read() -> None:
    pretty = json.dumps(MODEL, indent=2).replace('"base_weights": [\n', '"base_weights": [\n NaN, -Infinity,\n').encode()
    said, fault = hear(xgboost, "m.json", pretty)
    assert (fault, weights(said).parameters) == (None, 22)


def test_other_json_is_left_alone() -> None:
    for text in (b'{"learner": 5}', b'{"learner": {"name": "x"}}', b'{"version": [1]}', b"[]", b'{"Model": {"a": 1}}'):
        assert hear(xgboost, "config.json", text) == ([], None)


@pytest.mark.parametrize(
    ("rule", "severity", "data"),
    [
        ("xgboost.tree-count", Severity.HIGH, written(model([tree(0, 1)], announced=9))),
        ("xgboost.tree-count", Severity.HIGH, ubjson_bytes(model([tree(0, 1)], announced=9))),
        ("xgboost.broken-tree", Severity.HIGH, written(model([tree(0, 1) | {"left_children": [1]}]))),
        ("xgboost.broken-tree", Severity.HIGH, ubjson_bytes(model([tree(0, 1) | {"parents": [1, 2]}]))),
        ("xgboost.broken-tree", Severity.HIGH, written(model([tree(0, 1), tree(0, 1)]))),
        ("xgboost.broken-tree", Severity.HIGH, written(model([tree(0, 1) | {"tree_param": {"num_nodes": "many"}}]))),
        ("xgboost.no-parameters", Severity.LOW, written(model([]))),
        ("xgboost.trailing-bytes", Severity.MEDIUM, ubjson_bytes(MODEL) + b"hidden"),
        ("xgboost.trailing-bytes", Severity.MEDIUM, binary_bytes([3]) + b"hidden"),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, data: bytes) -> None:
    said, fault = hear(xgboost, "m.json", data)
    assert fault is None
    assert [(told.rule, told.severity) for told in said if isinstance(told, Issue)] == [(rule, severity)]


@pytest.mark.parametrize(
    "data",
    [
        b"bs64\tYmluZg==",
        written(MODEL) + b" {}",
        written(MODEL).replace(b'"version"', b'"learner"'),
        written(MODEL).replace(b"[0.0,0.5", b"[0.0,,0.5"),
        written(MODEL).replace(b"[0.0,0.5", b"[,0.0,0.5"),
        written(MODEL).replace(b'"id":0', b'"id":zero'),
        b'{"learner":{"attributes":' + b"[" * 100,
        b'{"learner":{"attributes":{"a":"' + b"x" * 100,
        b"{L" + struct.pack(">q", 7) + b"learner{L" + struct.pack(">q", -1),
        b"{L" + struct.pack(">q", 7) + b"learner{L" + struct.pack(">q", 2**62),
        b"{L" + struct.pack(">q", 7) + b"learner{" + b"L" + struct.pack(">q", 1) + b"a[$d#L" + struct.pack(">q", 2**60),
        b"{L" + struct.pack(">q", 7) + b"learner{" + b"L" + struct.pack(">q", 1) + b"a" + b"[" * 100,
        ubjson_bytes({"learner": {"name": "x"}, "other": {"a": 1}}),
        b"binf" + bytes(136) + struct.pack("<Q", 2**63),
        b"binf" + bytes(136) + struct.pack("<Q", 0) + struct.pack("<Q", 5) + b"other",
        binary_bytes([3]).replace(struct.pack("<ii", 1, 1), struct.pack("<ii", 2**31 - 1, 1)),
        binary_bytes([3]).replace(struct.pack("<ii", 1, 3), struct.pack("<ii", 1, -3)),
    ],
)
def test_a_model_that_lies_is_recognised_and_refused(data: bytes) -> None:
    said, fault = hear(xgboost, "m.json", data)
    assert isinstance(said[0], Format)
    assert fault


@EACH
def test_a_model_cut_anywhere_is_a_problem_and_what_was_read_is_kept(path: str) -> None:
    for cut in range(30, len(WHOLE[path]), 7):
        said, fault = hear(xgboost, path, WHOLE[path][:cut])
        assert fault
        assert "truncated" in fault
        if said:
            assert [item.value for item in found(said, Component.PARAMETERS, Claim.MISSING)] == ["truncated"]


@EACH
def test_a_flipped_bit_gives_evidence_or_a_problem(path: str) -> None:
    for changed in flipped(WHOLE[path]):
        said, fault = hear(xgboost, path, changed)
        assert said or fault or path != "model.model" or not changed.startswith(b"binf")
        assert set(rules(said)) <= {f"xgboost.{name}" for name in ("tree-count", "broken-tree", "trailing-bytes", "no-parameters")}


@settings(deadline=None, max_examples=100)
@given(st.recursive(st.one_of(st.integers(-5, 5), st.text(max_size=3), st.none(), st.floats()), lambda inner: st.lists(inner, max_size=6)))
def test_arrays_of_anything_are_counted_as_python_counts_them(value: object) -> None:
    data = json.dumps({"learner": {"attributes": {"a": value}, "gradient_booster": {"model": {"weights": [value, 1.5, value]}}}})
    said, fault = hear(xgboost, "m.json", data.encode())
    assert fault is None
    assert weights(said).parameters == 3


def test_a_long_array_is_counted_across_windows() -> None:
    numbers = ", ".join(["-0.123456789"] * 100_000)
    text = '{"learner": {"attributes": {}, "gradient_booster": {"model": {"weights": [' + numbers + "]}}}}"
    said, fault = hear(xgboost, "m.json", text.encode())
    assert (fault, weights(said).parameters) == (None, 100_000)
