"""ONNX: tensors inside and beside, what the model says of itself, and each way in which it can be wrong."""

import pytest

from detectors.weights.onnx import onnx
from inspector.detector import Declared, Format
from inspector.model import Claim, Component, Count, Issue, Severity, Stored
from sample_bundles.formats.onnx import FLOAT, INSIDE, INT64, graph, model, node, outside, tensor
from sample_bundles.messages import field, message, pairs
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

WHOLE = INSIDE
BESIDE = {"location": "w.data", "offset": "0", "length": "16"}


def issues(data: bytes) -> list[tuple[str, Severity]]:
    said, fault = hear(onnx, "m.onnx", data)
    assert fault is None
    return [(told.rule, told.severity) for told in said if isinstance(told, Issue)]


def test_a_whole_model_gives_its_tensors_and_constants() -> None:
    said, fault = hear(onnx, "model.onnx", WHOLE)
    assert (fault, rules(said), said[0]) == (None, [], Format("onnx"))
    details = weights(said)
    assert (details.tensors, details.parameters) == (3, 32 + 4 + 3)
    assert details.dtypes == (Count("F16", 4), Count("F32", 32), Count("I64", 3))
    assert details.metadata == ("license", "task")


def test_the_licence_in_the_metadata_and_the_tool_are_named_at_their_bytes() -> None:
    said, _ = hear(onnx, "model.onnx", WHOLE)
    declared = next(told for told in said if isinstance(told, Declared))
    assert (declared.text, declared.pointer) == ("apache-2.0", "license")
    assert declared.span is not None
    assert b"apache-2.0" in WHOLE[declared.span.start : declared.span.end]
    (producer,) = found(said, Component.MODEL_METADATA, Claim.PRESENT)
    assert producer.excerpt == "exporter 2.1"


def test_a_model_is_recognised_under_any_name_and_other_messages_are_not() -> None:
    assert hear(onnx, "model.bin", WHOLE)[0][0] == Format("onnx")
    assert hear(onnx, "saved_model.pb", message((1, 1), (2, b"\x0a\x00"))) == ([], None)
    assert hear(onnx, "model.mlmodel", message((1, 4), (2, b""), (500, b""))) == ([], None)
    assert hear(onnx, "x.bin", b"\x08\x07\x12") == ([], None)
    said, fault = hear(onnx, "model.onnx", b"PK\x03\x04 something else")
    assert said == []
    assert fault is not None
    assert "no ONNX model" in fault


def test_subgraphs_functions_training_and_sparse_tensors_are_counted() -> None:
    inner = graph([tensor("a", (5,))])
    branch = node("If", "", message((1, "then"), (6, inner)))
    sparse = message((1, tensor("values", (2,))), (2, tensor("places", (2,), INT64))) + field(3, 100)
    body = graph([tensor("w", (2,))], [branch]) + field(15, sparse)
    function = message((1, "Scale"), (10, "own"), (7, node("Constant", "", field(5, tensor("", (7,))))))
    rest = field(25, function) + field(20, message((1, graph([tensor("start", (3,))]))))
    details = weights(hear(onnx, "m.onnx", model(body, rest=rest))[0])
    assert (details.tensors, details.parameters) == (5, 5 + 2 + 2 + 7 + 3)


def test_operators_of_classical_models_hold_their_numbers_in_lists() -> None:
    listed = message((1, "coefficients")) + field(7, 1.5) + field(7, 2.5)
    packed = message((1, "intercepts"), (7, bytes(12)))
    body = graph([], [node("LinearClassifier", "ai.onnx.ml", listed, packed)])
    details = weights(hear(onnx, "m.onnx", model(body))[0])
    assert (details.tensors, details.parameters) == (2, 5)


def test_a_file_beside_is_named_with_the_bytes_it_must_have() -> None:
    tensors = [outside("a", (4,), BESIDE), outside("b", (8,), {"location": "./w.data", "offset": "4096"})]
    said, fault = hear(onnx, "sub/m.onnx", model(graph(tensors)))
    assert (fault, rules(said), weights(said).parameters) == (None, [], 12)
    told = [item.details for item in found(said, Component.PARAMETERS, Claim.REFERENCED)]
    assert told == [Stored(files=("sub/w.data",), size=4096 + 32), Stored(files=("sub/w.data",), size=16)]


@pytest.mark.parametrize(
    "location", ["../w", "/etc/passwd", "a/../../b", "C:\\w", "..\\w", "http://x/w", "", "a\0b", "x" * 600, "a/\u202eb"]
)
def test_a_file_that_is_not_beside_is_an_issue(location: str) -> None:
    data = model(graph([outside("a", (4,), {**BESIDE, "location": location})]))
    assert issues(data) == [("onnx.external-outside", Severity.HIGH)]
    assert found(hear(onnx, "m.onnx", data)[0], Component.PARAMETERS, Claim.REFERENCED) == []


@pytest.mark.parametrize(
    ("rule", "severity", "data"),
    [
        ("onnx.size-mismatch", Severity.HIGH, model(graph([tensor("a", (4,), raw=bytes(12))]))),
        ("onnx.size-mismatch", Severity.HIGH, model(graph([message((1, 4), (2, FLOAT), (4, bytes(12)))]))),
        ("onnx.size-mismatch", Severity.HIGH, model(graph([outside("a", (5,), BESIDE)]))),
        ("onnx.external-range", Severity.HIGH, model(graph([outside("a", (4,), {**BESIDE, "offset": "-16"})]))),
        ("onnx.external-range", Severity.HIGH, model(graph([outside("a", (4,), {**BESIDE, "length": "1e3"})]))),
        (
            "onnx.external-overlap",
            Severity.HIGH,
            model(graph([outside("a", (4,), BESIDE), outside("b", (4,), {**BESIDE, "offset": "8"})])),
        ),
        ("onnx.external-gap", Severity.LOW, model(graph([outside("a", (4,), {**BESIDE, "offset": "1000000"})]))),
        ("onnx.two-places", Severity.MEDIUM, model(graph([tensor("a", (1,)) + pairs(13, {"location": "w"})]))),
        ("onnx.duplicate-tensor", Severity.HIGH, model(graph([tensor("a", (1,)), tensor("a", (1,))]))),
        ("onnx.unknown-dtype", Severity.LOW, model(graph([message((1, 4), (2, 99), (8, "a"))]))),
        ("onnx.custom-operator", Severity.MEDIUM, model(graph([tensor("a", (1,))], [node("Evil", "my.domain")]))),
        ("onnx.unknown-field", Severity.MEDIUM, model(graph([tensor("a", (1,))]), rest=field(77, b"hidden"))),
        ("onnx.no-tensors", Severity.LOW, model(graph([]))),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, data: bytes) -> None:
    assert issues(data) == [(rule, severity)]


def test_shared_tensors_and_operators_that_the_model_or_its_runtime_defines_are_no_issue() -> None:
    shared = [outside("a", (4,), BESIDE), outside("b", (4,), BESIDE)]
    nodes = [node("Gelu", "com.microsoft"), node("Scale", "own")]
    function = message((1, "Scale"), (10, "own"), (7, node("Mul")))
    assert issues(model(graph(shared, nodes), rest=field(25, function))) == []


def test_what_the_description_forbids_is_a_statement_of_terms() -> None:
    said, _ = hear(onnx, "m.onnx", model(graph([tensor("a", (1,))]), rest=field(6, "For research purposes only, no commercial use.")))
    assert [told.pointer for told in said if isinstance(told, Declared)] == ["description"]


@pytest.mark.parametrize(
    "data",
    [
        message((1, 9)) + b"\x3a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        model(graph([message((1, -4), (2, 1))])),
        model(graph([message((1, 2**62), (1, 2**62), (2, 1))])),
        model(graph([b"\x0a\x80"])),
        model(graph([b"\x0f"])),
        model(graph([field(1, bytes(2000))])),
    ],
)
def test_fields_that_lie_are_recognised_and_refused(data: bytes) -> None:
    said, fault = hear(onnx, "m.onnx", data)
    assert said[0] == Format("onnx")
    assert fault


def test_graphs_in_graphs_are_followed_so_far_and_no_further() -> None:
    body = graph([tensor("a", (1,))])
    for _ in range(40):
        body = graph([], [node("If", "", field(6, body))])
    said, fault = hear(onnx, "m.onnx", model(body))
    assert said[0] == Format("onnx")
    assert fault is not None
    assert "nested deeper" in fault


def test_a_model_cut_anywhere_is_a_problem() -> None:
    first = len(message((1, 9), (2, "exporter"), (3, "2.1")))
    for part in cut(WHOLE):
        _, fault = hear(onnx, "m.onnx", part)
        assert fault or len(part) > first + len(graph([]))


def test_a_flipped_bit_gives_evidence_or_a_problem() -> None:
    for changed in flipped(WHOLE):
        said, fault = hear(onnx, "m.onnx", changed)
        assert said or fault
        assert all(rule.startswith(("onnx.", "terms.")) for rule in rules(said))
