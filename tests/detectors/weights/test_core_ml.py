"""Core ML: weights inside and beside, packages, and each way in which they can be wrong."""

import struct

import pytest

from detectors.weights.core_ml import core_ml
from inspector.detector import Declared, Format
from inspector.model import Claim, Component, Count, Issue, Severity, Stored
from sample_bundles.formats.core_ml import NETWORK, PROGRAM, blobs, dense, manifest, model, network, program, value
from sample_bundles.formats.onnx import INSIDE
from sample_bundles.formats.savedmodel import CONSTANTS
from sample_bundles.messages import field, message
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

BLOBS = blobs(16, 4)


def issues(path: str, data: bytes) -> list[tuple[str, Severity]]:
    said, fault = hear(core_ml, path, data)
    assert fault is None
    return [(told.rule, told.severity) for told in said if isinstance(told, Issue)]


def test_a_network_gives_the_weights_of_its_layers_and_its_terms() -> None:
    said, fault = hear(core_ml, "any", NETWORK)
    assert (fault, rules(said), said[0]) == (None, [], Format("core-ml"))
    details = weights(said)
    assert (details.tensors, details.parameters, details.dtypes) == (3, 12, (Count("F32", 12),))
    declared = next(told for told in said if isinstance(told, Declared))
    assert declared.span is not None
    assert (declared.text, NETWORK[declared.span.start : declared.span.end]) == ("MIT", b"MIT")
    told = {item.value: item.excerpt for item in found(said, Component.MODEL_METADATA, Claim.PRESENT)}
    assert told == {"author": "somebody", "producer": "coremltools 9.0"}


def test_a_program_gives_the_values_beside_once_and_the_bytes_they_need() -> None:
    said, fault = hear(core_ml, "p/model.mlmodel", PROGRAM)
    assert (fault, rules(said)) == (None, [])
    assert (weights(said).tensors, weights(said).parameters, weights(said).dtypes) == (2, 10, (Count("F16", 10),))
    (told,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert told.details == Stored(files=("p/weights/weight.bin",), size=192 + 64 + 4)


def test_packed_weights_linear_models_trees_and_pipelines_are_counted() -> None:
    packed = message((30, bytes(3)), (40, field(1, 4)))
    layers = network((100, message((90, field(2, bytes(8))), (91, packed))), (420, field(20, field(1, field(1, bytes(12))))))
    assert weights(hear(core_ml, "m.mlmodel", model(403, layers))[0]).dtypes == (Count("F16", 4), Count("F32", 3), Count("U4", 6))
    linear = message((1, field(1, struct.pack("<3d", 1, 2, 3))), (2, struct.pack("<d", 4)))
    assert weights(hear(core_ml, "m.mlmodel", model(400, linear))[0]).parameters == 4
    branch = message((2, 1)) + bytes((11 << 3 | 1,)) + struct.pack("<d", 0.5)
    leaf = message((3, 6), (20, message((1, 0))))
    trees = field(1, b"".join(field(1, node) for node in (branch, leaf, leaf)))
    assert weights(hear(core_ml, "m.mlmodel", model(302, trees))[0]).parameters == 3
    inner = field(1, NETWORK) + field(1, model(500, network(dense(1, 1))))
    assert weights(hear(core_ml, "m.mlmodel", model(202, inner))[0]).parameters == 14


@pytest.mark.parametrize("data", [INSIDE, CONSTANTS, message((1, 4), (2, b"")), b"\x08\x04\x12", b"", b"text"])
def test_other_messages_are_left_alone(data: bytes) -> None:
    assert hear(core_ml, "model.bin", data) == ([], None)


@pytest.mark.parametrize(
    ("rule", "severity", "path", "data"),
    [
        ("core-ml.custom-code", Severity.MEDIUM, "m.mlmodel", model(500, network(dense(1, 1), (500, field(10, "MyLayer"))))),
        ("core-ml.file-outside", Severity.HIGH, "m.mlmodel", model(502, program(value((1,), 64, "@model_path/../../x.bin")))),
        (
            "core-ml.unknown-field",
            Severity.MEDIUM,
            "m.mlmodel",
            field(1, 4) + field(2, b"") + field(77, b"x") + field(500, network(dense(1, 1))),
        ),
        ("core-ml.no-weights", Severity.LOW, "m.mlmodel", model(301, b"")),
        ("core-ml.trailing-bytes", Severity.MEDIUM, "weight.bin", BLOBS + b"hidden"),
        ("core-ml.gap", Severity.MEDIUM, "weight.bin", blobs(16, gap=64)),
        ("core-ml.item-outside", Severity.HIGH, "x.mlpackage/Manifest.json", manifest("../../x").encode()),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, path: str, data: bytes) -> None:
    assert issues(path, data) == [(rule, severity)]


def test_a_linked_model_is_an_issue_beside_its_missing_weights() -> None:
    assert ("core-ml.linked-model", Severity.MEDIUM) in issues("m.mlmodel", model(556, b""))


def test_a_package_names_its_model() -> None:
    said, fault = hear(core_ml, "x.mlpackage/Manifest.json", manifest().encode())
    assert (fault, said[0]) == (None, Format("core-ml-package"))
    (told,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert told.details == Stored(files=("x.mlpackage/Data/com.apple.CoreML/model.mlmodel",), size=1)
    assert hear(core_ml, "manifest.json", b'{"name": "something else"}') == ([], None)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("m.mlmodel", model(502, program(value((-1,), 64)))),
        ("m.mlmodel", model(502, program(value((2**62, 2**62), 64)))),
        ("m.mlmodel", b"\x08\x04\x12\xff\xff\x7f"),
        ("weight.bin", BLOBS[:-70]),
        ("weight.bin", b"\xff\xff\xff\xff" + BLOBS[4:]),
        ("weight.bin", b"\3" + BLOBS[1:]),
        ("manifest.json", b'{"itemInfoEntries": 5}'),
        ("manifest.json", b'{"itemInfoEntries": ' + b"[" * 5000),
    ],
)
def test_what_lies_is_recognised_and_refused(path: str, data: bytes) -> None:
    said, fault = hear(core_ml, path, data)
    assert isinstance(said[0], Format)
    assert fault


@pytest.mark.parametrize(("path", "data"), [("m.mlmodel", NETWORK), ("m.mlmodel", PROGRAM), ("weight.bin", BLOBS)])
def test_a_file_cut_anywhere_is_a_problem(path: str, data: bytes) -> None:
    for part in cut(data):
        said, fault = hear(core_ml, path, part)
        assert fault or len(said) < 2 or any(rule == "core-ml.no-weights" for rule in rules(said))


@pytest.mark.parametrize(("path", "data"), [("m.mlmodel", NETWORK), ("m.mlmodel", PROGRAM), ("weight.bin", BLOBS)])
def test_a_flipped_bit_gives_evidence_or_a_problem(path: str, data: bytes) -> None:
    for changed in flipped(data):
        said, _ = hear(core_ml, path, changed)
        assert all(rule.startswith(("core-ml.", "terms.")) for rule in rules(said))
