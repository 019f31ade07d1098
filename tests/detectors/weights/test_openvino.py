"""OpenVINO IR: constants by their places in the file beside, and each way in which they can be wrong."""

import pytest

from detectors.weights.openvino import openvino
from inspector.detector import Declared, Format
from inspector.model import Claim, Component, Count, Issue, Severity, Stored
from sample_bundles.formats.openvino import CONSTANTS, MODEL, RUNTIME, constant, layer, net
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

W = constant("w", "4", 0, 16)


def issues(data: bytes) -> list[tuple[str, Severity]]:
    said, fault = hear(openvino, "m.xml", data)
    assert fault is None
    return [(told.rule, told.severity) for told in said if isinstance(told, Issue)]


def test_a_whole_model_gives_each_constant_once() -> None:
    said, fault = hear(openvino, "ir/model.xml", MODEL)
    assert (fault, rules(said), said[0]) == (None, [], Format("openvino-ir"))
    details = weights(said)
    assert (details.tensors, details.parameters) == (3, 11)
    assert details.dtypes == (Count("F16", 2), Count("F32", 8), Count("I64", 1))
    (told,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert told.details == Stored(files=("ir/model.bin",), size=44, whole=True)
    named = {item.value: item for item in found(said, Component.MODEL_METADATA, Claim.PRESENT)}
    assert named["producer"].excerpt == "OpenVINO 2026.4.1-22982"
    assert named["converted-from"].details is not None
    span = named["producer"].span
    assert span is not None
    assert MODEL[span.start : span.end] == RUNTIME.encode()


def test_constants_in_bodies_of_loops_and_of_older_versions_are_counted() -> None:
    body = f"<body><layers>{W}</layers></body>"
    assert weights(hear(openvino, "m.xml", net([layer("TensorIterator", inside=body)]))[0]).parameters == 4
    blobs = '<blobs><weights offset="0" size="16"/><biases offset="16" size="8" precision="FP16"/></blobs>'
    older = f'<layer id="1" name="fc" type="FullyConnected" precision="FP32">{blobs}</layer>'
    assert weights(hear(openvino, "m.xml", net([older], version="6"))[0]).parameters == 8


def test_terms_among_the_information_are_declared() -> None:
    said, _ = hear(openvino, "m.xml", net([W], '<info name="license" value="mit &amp; more"/>'))
    declared = next(told for told in said if isinstance(told, Declared))
    assert (declared.text, declared.pointer) == ("mit & more", "license")
    assert declared.span is not None


@pytest.mark.parametrize("data", [b"", b"<root/>", b"<?xml version='1.0'?><network/>", b"<net", b"text"])
def test_other_documents_are_left_alone(data: bytes) -> None:
    assert hear(openvino, "m.xml", data) == ([], None)


@pytest.mark.parametrize(
    ("rule", "severity", "layers"),
    [
        ("openvino.size-mismatch", Severity.HIGH, [constant("w", "5", 0, 16)]),
        ("openvino.overlap", Severity.HIGH, [W, constant("x", "4", 8, 16)]),
        ("openvino.gap", Severity.LOW, [W, constant("x", "4", 9000, 16)]),
        ("openvino.range", Severity.HIGH, [W, constant("x", "4", -1, 16)]),
        ("openvino.extension", Severity.MEDIUM, [W, layer("StringTensorUnpack", "extension")]),
        ("openvino.no-constants", Severity.LOW, [layer("Parameter")]),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, layers: list[str]) -> None:
    assert issues(net(layers)) == [(rule, severity)]


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><net><!DOCTYPE x></net>',
        net([W], '<a value="&x;"/>'),
        net([constant("w", "a, b", 0, 16)]),
        net([constant("w", "\x1c2", 0, 16)]),
        net([constant("w", "9" * 18 + ", " + "9" * 18, 0, 16)]),
        net(["<layer>" * 300]),
        net(["</layer>"]),
    ],
)
def test_documents_that_lie_are_recognised_and_refused(data: bytes) -> None:
    said, fault = hear(openvino, "m.xml", data)
    assert said[0] == Format("openvino-ir")
    assert fault


def test_a_document_type_before_the_model_is_no_model() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE net [<!ENTITY a "b">]><net/>'
    assert hear(openvino, "m.xml", bomb) == ([], None)


def test_a_model_cut_anywhere_is_a_problem() -> None:
    assert len(CONSTANTS) == 4
    for part in cut(MODEL):
        _, fault = hear(openvino, "m.xml", part)
        assert fault or len(part) < 30 or part.endswith(b"</net>")


def test_a_flipped_bit_gives_evidence_or_a_problem() -> None:
    for changed in flipped(MODEL):
        said, _ = hear(openvino, "m.xml", changed)
        assert all(rule.startswith(("openvino.", "terms.")) for rule in rules(said))
