"""SavedModel: where its numbers are, and what running or loading it would do."""

import pytest

from detectors.weights.savedmodel import savedmodel
from inspector.detector import Format
from inspector.model import Claim, Component, Issue, Severity, Stored
from sample_bundles.formats.graphdef import FROZEN, constant, graph, node
from sample_bundles.formats.onnx import INSIDE
from sample_bundles.formats.savedmodel import CONSTANTS, VARIABLES, keras_metadata, saved_model
from sample_bundles.messages import field, message
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

LAMBDA = {"class_name": "Lambda", "config": {"function": ["4wEA", None, None], "function_type": "lambda"}}


def issues(path: str, data: bytes) -> list[tuple[str, Severity]]:
    said, fault = hear(savedmodel, path, data)
    assert fault is None
    return [(told.rule, told.severity) for told in said if isinstance(told, Issue)]


def test_a_graph_of_constants_has_its_parameters_inside() -> None:
    said, fault = hear(savedmodel, "any-name", CONSTANTS)
    assert (fault, rules(said), said[0]) == (None, [], Format("savedmodel"))
    assert (weights(said).tensors, weights(said).parameters) == (2, 10)


def test_a_graph_of_variables_has_its_parameters_beside() -> None:
    said, fault = hear(savedmodel, "m/saved_model.pb", VARIABLES)
    assert (fault, rules(said)) == (None, [])
    assert found(said, Component.PARAMETERS, Claim.PRESENT) == []
    (told,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert told.details == Stored(files=("m/variables/variables.index",), size=48)
    assert [item.excerpt for item in found(said, Component.MODEL_METADATA, Claim.PRESENT)] == ["TensorFlow 2.15.0"]


@pytest.mark.parametrize("data", [INSIDE, FROZEN, message((1, 1), (2, "text"), (7, b"")), message((1, 4), (2, b""), (500, b""))])
def test_other_messages_are_left_alone(data: bytes) -> None:
    assert hear(savedmodel, "model.bin", data) == ([], None)


@pytest.mark.parametrize(
    ("rule", "severity", "path", "data"),
    [
        ("tensorflow.acting-operator", Severity.HIGH, "saved_model.pb", saved_model(graph([], [("f", [node("w", "WriteFile")])]))),
        ("tensorflow.asset-outside", Severity.HIGH, "saved_model.pb", saved_model(FROZEN, field(6, message((2, "../../etc/passwd"))))),
        ("keras.code", Severity.HIGH, "keras_metadata.pb", keras_metadata(LAMBDA)),
        ("keras.broken-config", Severity.MEDIUM, "keras_metadata.pb", field(1, message((5, '{"class_name": ')))),
        ("tensorflow.unknown-field", Severity.MEDIUM, "fingerprint.pb", message((1, 1), (9, b"hidden"))),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, path: str, data: bytes) -> None:
    assert issues(path, data) == [(rule, severity)]


def test_code_in_the_objects_of_older_models_is_found() -> None:
    metadata = '{"class_name": "Lambda", "config": {"function": ["4wEA"], "function_type": "lambda"}}'
    objects = field(7, field(1, field(4, message((1, "_tf_keras_layer"), (3, metadata)))))
    assert issues("saved_model.pb", saved_model(FROZEN, objects)) == [("keras.code", Severity.HIGH)]


def test_metadata_of_something_else_is_a_problem() -> None:
    assert hear(savedmodel, "keras_metadata.pb", b"\x12\x01x")[1]
    assert hear(savedmodel, "fingerprint.pb", b"") == ([], None)
    assert hear(savedmodel, "saved_model.pb", constant("w", (2,))) == ([], None)


def test_a_model_cut_anywhere_is_a_problem() -> None:
    for part in cut(CONSTANTS):
        said, fault = hear(savedmodel, "saved_model.pb", part)
        assert fault or len(said) < 2


def test_a_flipped_bit_gives_evidence_or_a_problem() -> None:
    for changed in flipped(VARIABLES):
        said, fault = hear(savedmodel, "saved_model.pb", changed)
        assert said or fault or not changed.startswith(b"\x08\x01")
