"""TensorFlow graphs alone: constants that are parameters, and operators that do more than compute."""

import pytest

from detectors.weights.graphdef import graphdef
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.formats.graphdef import FROZEN, constant, graph, meta_graph, node
from sample_bundles.messages import field, message
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

W = constant("w", (2,))


def issues(data: bytes) -> list[tuple[str, Severity, str | None]]:
    said, fault = hear(graphdef, "m.pb", data)
    assert fault is None
    return [(told.rule, told.severity, told.locations[0].pointer) for told in said if isinstance(told, Issue)]


def test_a_frozen_graph_gives_its_constants() -> None:
    said, fault = hear(graphdef, "frozen.pb", FROZEN)
    assert (fault, rules(said), said[0]) == (None, [], Format("graphdef"))
    details = weights(said)
    assert (details.tensors, details.parameters, details.dtypes) == (2, 10, (Count("F32", 10),))


def test_a_graph_with_variables_has_no_parameters_of_its_own() -> None:
    said, fault = hear(graphdef, "model.ckpt.meta", meta_graph(graph([W, node("v", "VariableV2")])))
    assert (fault, said[0]) == (None, Format("metagraph"))
    assert found(said, Component.PARAMETERS, Claim.PRESENT) == []
    assert [item.excerpt for item in found(said, Component.MODEL_METADATA, Claim.PRESENT)] == ["TensorFlow 2.15.0"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\nsome text\n",
        message((1, "vocabulary"), (2, "x")),
        field(1, message((1, "piece"), (2, 1.5))),
        field(1, message((1, "name"), (2, "not an operator"))),
        field(1, message((9, "name"))),
    ],
)
def test_other_messages_are_left_alone(data: bytes) -> None:
    assert hear(graphdef, "x.pb", data) == ([], None)


@pytest.mark.parametrize(
    ("rule", "severity", "data", "pointer"),
    [
        ("tensorflow.acting-operator", Severity.HIGH, graph([W, node("evil", "PyFunc")]), "evil"),
        ("tensorflow.acting-operator", Severity.HIGH, graph([W], [("call", [node("r", "ReadFile")])]), "call/r"),
        ("tensorflow.reaching-operator", Severity.HIGH, graph([W, node("c", "RpcClient")]), "c"),
        ("tensorflow.saving-operator", Severity.MEDIUM, graph([W, node("out", "SaveV2")]), "out"),
        ("tensorflow.size-mismatch", Severity.HIGH, graph([constant("w", (2,), raw=bytes(12))]), "w"),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, data: bytes, pointer: str) -> None:
    assert issues(data) == [(rule, severity, pointer)]


def test_saving_inside_of_what_saves_is_no_issue() -> None:
    assert issues(graph([W, node("save/SaveV2", "SaveV2")], [("__inference__traced_restore", [node("r", "RestoreV2")])])) == []


def test_a_shape_of_unknown_size_is_a_problem() -> None:
    said, fault = hear(graphdef, "m.pb", graph([node("x", "Placeholder"), constant("w", (-1,), raw=b"")]))
    assert said[0] == Format("graphdef")
    assert fault


def test_a_graph_cut_anywhere_is_a_problem_once_it_is_known() -> None:
    for part in cut(FROZEN):
        said, fault = hear(graphdef, "frozen.pb", part)
        assert fault or not said or said[0] == Format("graphdef")


def test_a_flipped_bit_gives_evidence_or_a_problem() -> None:
    for changed in flipped(FROZEN):
        said, _ = hear(graphdef, "frozen.pb", changed)
        assert all(rule.startswith("tensorflow.") for rule in rules(said))
