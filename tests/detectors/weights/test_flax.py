"""Flax: nested maps of arrays, those in parts, the state of an optimizer, and each way in which they can be wrong."""

import pytest

from detectors.weights.flax import flax
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.formats.flax import CHECKPOINT, DENSE, PARAMETERS, PARTS, Numbers, flax_bytes
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights


def issues(data: bytes) -> list[tuple[str, Severity]]:
    said, fault = hear(flax, "m.msgpack", data)
    assert fault is None
    return [(told.rule, told.severity) for told in said if isinstance(told, Issue)]


def test_parameters_are_counted_and_arrays_in_parts_once() -> None:
    said, fault = hear(flax, "flax_model.msgpack", PARAMETERS)
    assert (fault, rules(said), said[0]) == (None, [], Format("flax-msgpack"))
    details = weights(said)
    assert (details.tensors, details.parameters) == (3, 20)
    assert details.dtypes == (Count("BF16", 2), Count("F32", 18))
    assert Count("5x2", 1) in details.shapes


def test_the_state_of_the_optimizer_is_told_apart() -> None:
    said, fault = hear(flax, "checkpoint_300", CHECKPOINT)
    assert (fault, weights(said).parameters) == (None, 10)
    state = weights(said, Component.CHECKPOINTS)
    assert (state.tensors, state.parameters) == (3, 11)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"model_checkpoint_path: x",
        flax_bytes({"a": 1}),
        b"\x80",
        b"\x81\x01\x02",
        b"\x82\xa1a",
        b"\x81\xa1a\xc1",
        b"\x81\xa1a\xc4\x05ab",
    ],
)
def test_other_values_are_left_alone(data: bytes) -> None:
    assert hear(flax, "cache.msgpack", data) == ([], None)


@pytest.mark.parametrize(
    ("rule", "severity", "data"),
    [
        ("flax.trailing-bytes", Severity.MEDIUM, PARAMETERS + b"hidden"),
        ("flax.size-mismatch", Severity.HIGH, flax_bytes({"w": Numbers((4,), size=12)})),
        ("flax.size-mismatch", Severity.HIGH, flax_bytes({"w": {**PARTS, "shape": {"0": 11}} if isinstance(PARTS, dict) else {}})),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, data: bytes) -> None:
    assert issues(data) == [(rule, severity)]


@pytest.mark.parametrize(
    "data",
    [
        flax_bytes({"a": DENSE})[:-1],
        flax_bytes({"a": DENSE})[:0] + b"\x82" + flax_bytes({"a": DENSE})[1:] + flax_bytes({"a": DENSE})[1:],
        b"\xdf\xff\xff\xff\xff" + flax_bytes({"a": DENSE})[1:],
        b"\x82" + flax_bytes({"a": DENSE})[1:] + b"\xa1b\xc7\x03\x01\x90\x90\x90",
        b"\x82" + flax_bytes({"a": DENSE})[1:] + b"\xa1b" + b"\x91" * 99,
    ],
)
def test_values_that_lie_are_a_problem(data: bytes) -> None:
    said, fault = hear(flax, "flax_model.msgpack", data)
    assert said[0] == Format("flax-msgpack")
    assert fault
    assert data.startswith(b"\xdf") or found(said, Component.PARAMETERS, Claim.MISSING)


def test_parameters_cut_anywhere_are_a_problem() -> None:
    for part in cut(PARAMETERS):
        said, fault = hear(flax, "flax_model.msgpack", part)
        assert fault or len(part) < 2
        assert not said or said[0] == Format("flax-msgpack")


def test_a_flipped_bit_gives_evidence_or_a_problem() -> None:
    for changed in flipped(PARAMETERS):
        said, _ = hear(flax, "flax_model.msgpack", changed)
        assert all(rule.startswith("flax.") for rule in rules(said))
