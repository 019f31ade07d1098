"""TFLite: tensors with buffers, what the metadata says, and each way in which tables can lie."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.weights.tflite import tflite
from inspector.detector import Declared, Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.flat_buffers import Numbers, Table, flat_bytes
from sample_bundles.formats.tflite import I32, MODEL, TENSORS, tensor, tflite_bytes, with_labels
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

ONE = (tensor("w", (2,), 1),)


def test_a_whole_model_gives_tensors_with_buffers_once() -> None:
    said, fault = hear(tflite, "model.bin", MODEL)
    assert (fault, rules(said), said[0]) == (None, [], Format("tflite"))
    details = weights(said)
    assert (details.tensors, details.parameters) == (2, 10)
    assert details.dtypes == (Count("F32", 8), Count("I32", 2))
    told = {item.value: item.excerpt for item in found(said, Component.MODEL_METADATA, Claim.PRESENT)}
    assert told == {"name": "classifier", "author": "somebody"}


def test_the_licence_in_the_metadata_is_declared_at_its_bytes() -> None:
    said, _ = hear(tflite, "model.tflite", MODEL)
    declared = next(told for told in said if isinstance(told, Declared))
    assert declared.span is not None
    assert (declared.text, MODEL[declared.span.start : declared.span.end]) == ("Apache License 2.0", b"Apache License 2.0")


def test_a_zip_of_labels_behind_the_model_belongs_to_it() -> None:
    assert rules(hear(tflite, "m.tflite", with_labels(MODEL))[0]) == []
    assert rules(hear(tflite, "m.tflite", with_labels(MODEL, "../labels.txt"))[0]) == ["archive.unsafe-name"]


@pytest.mark.parametrize(
    ("rule", "severity", "data"),
    [
        ("tflite.size-mismatch", Severity.HIGH, tflite_bytes(ONE, [bytes(9)])),
        ("tflite.no-buffer", Severity.HIGH, tflite_bytes((*ONE, tensor("x", (1,), 99)), [bytes(8)])),
        ("tflite.custom-operator", Severity.MEDIUM, tflite_bytes(ONE, [bytes(8)], ["Convolution2DTransposeBias"])),
        ("tensorflow.acting-operator", Severity.HIGH, tflite_bytes(ONE, [bytes(8)], ["FlexReadFile"])),
        ("tflite.trailing-bytes", Severity.MEDIUM, MODEL + bytes(5000)),
        ("tflite.no-tensors", Severity.LOW, tflite_bytes([], [])),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, data: bytes) -> None:
    said, fault = hear(tflite, "m.tflite", data)
    assert fault is None
    assert [(told.rule, told.severity) for told in said if isinstance(told, Issue)] == [(rule, severity)]


def test_operators_of_tensorflow_that_only_compute_are_no_issue() -> None:
    assert rules(hear(tflite, "m.tflite", tflite_bytes(ONE, [bytes(8)], ["FlexErf"]))[0]) == []


@pytest.mark.parametrize(
    "data",
    [
        b"\0\0\0\0TFL3",
        struct.pack("<I", 2**31) + b"TFL3" + bytes(64),
        flat_bytes(Table([2]), b"TFL3"),
        tflite_bytes((tensor("w", (-1,), 1),), [bytes(4)]),
        tflite_bytes((tensor("w", [1] * 100, 1),), [bytes(4)]),
        tflite_bytes((tensor("w", [2**31 - 1] * 4, 1, I32),), [bytes(4)]),
        tflite_bytes(ONE, [bytes(8)], about=b"\xff" * 20),
        flat_bytes(Table([3, None, None, None, [Table([None, Numbers("Q", [])])] * 3]), b"TFL3")[:-8],
    ],
)
def test_tables_that_lie_are_recognised_and_refused(data: bytes) -> None:
    said, fault = hear(tflite, "m.tflite", data)
    assert said[0] == Format("tflite")
    assert fault


def test_a_model_cut_anywhere_is_a_problem_until_all_tables_are_there() -> None:
    for part in cut(MODEL):
        said, fault = hear(tflite, "m.tflite", part if len(part) >= 8 else MODEL[:8])
        assert said[0] == Format("tflite")
        assert fault or weights(said).parameters == 10


def test_a_flipped_bit_gives_evidence_or_a_problem() -> None:
    for changed in flipped(MODEL):
        said, _ = hear(tflite, "m.tflite", changed)
        assert all(rule.startswith(("tflite.", "tensorflow.")) for rule in rules(said))


@settings(deadline=None, max_examples=200)
@given(st.integers(8, len(MODEL) - 5), st.integers(0, 2**32 - 1))
def test_any_number_in_the_tables_may_lie(place: int, number: int) -> None:
    said, fault = hear(tflite, "m.tflite", MODEL[:place] + struct.pack("<I", number) + MODEL[place + 4 :])
    assert said[0] == Format("tflite")
    assert fault or len(said) > 1
    assert len(TENSORS) == 4
