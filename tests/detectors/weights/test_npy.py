"""NumPy arrays: parameters by their names only, objects as the pickles they are."""

import pytest

from detectors.weights.npy import npy
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.formats.npy import FILES, OBJECTS, objects_bytes
from sample_bundles.formats.skops import npy_bytes
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

NAME = "layers.0.attention.wq.weight.npy"
WHOLE = FILES[NAME]


def test_an_array_with_the_name_of_a_parameter_is_one() -> None:
    said, fault = hear(npy, NAME, WHOLE)
    assert (fault, rules(said)) == (None, [])
    assert said[0] == Format("npy")
    assert (weights(said).parameters, weights(said).dtypes) == (32, (Count("F32", 32),))


@pytest.mark.parametrize("name", ["scores.npy", "clip_scores_10000.npy", "train.weight.npy", "class_weights.npy", "x.bin"])
def test_an_array_of_another_name_is_not_called_a_parameter(name: str) -> None:
    assert hear(npy, name, WHOLE) == ([Format("npy")], None)


def test_the_state_of_an_optimizer_is_told_by_its_name() -> None:
    said, _ = hear(npy, "optimizer.npy", WHOLE)
    assert weights(said, Component.CHECKPOINTS).parameters == 32


def test_objects_are_a_pickle_and_what_acts_in_it_is_named() -> None:
    said, fault = hear(npy, "a.npy", objects_bytes(b"\x80\x02cos\nsystem\nX\x01\x00\x00\x00a\x85R."))
    assert fault is None
    issues = {told.rule: told.severity for told in said if isinstance(told, Issue)}
    assert issues == {"npy.pickled-array": Severity.MEDIUM, "pickle.unexpected-global": Severity.HIGH}
    (plain,) = (told for told in hear(npy, "objects.npy", OBJECTS)[0] if isinstance(told, Issue))
    assert (plain.rule, plain.severity) == ("npy.pickled-array", Severity.LOW)


@pytest.mark.parametrize("descr", ["|V2", "<U3", "|S7", "<f4", "|b1"])
def test_bytes_behind_an_array_are_an_issue_and_missing_ones_a_problem(descr: str) -> None:
    width = {"|V2": 2, "<U3": 12, "|S7": 7, "<f4": 4, "|b1": 1}[descr]
    data = npy_bytes(descr, (3,)).rstrip(b"\0") + bytes(3 * width)
    assert rules(hear(npy, NAME, data)[0]) == []
    assert rules(hear(npy, NAME, data + b"hidden")[0]) == ["npy.trailing-bytes"]
    said, fault = hear(npy, NAME, data[:-1])
    assert fault is not None
    assert fault.startswith("truncated")
    assert [told.value for told in found(said, Component.PARAMETERS, Claim.MISSING)] == ["truncated"]


@pytest.mark.parametrize(
    "header", [b"{'descr': '<f4'}", b"{'shape': (1,), 'descr': '<f4'}" + b" " * 70_000, b"{'descr': '<f4', 'shape': (" + b"9" * 40 + b",)}"]
)
def test_a_header_that_cannot_be_read_is_a_problem(header: bytes) -> None:
    said, fault = hear(npy, NAME, b"\x93NUMPY\x02\0" + len(header).to_bytes(4, "little") + header)
    assert said == [Format("npy")]
    assert fault is not None


def test_damage_gives_evidence_or_a_problem() -> None:
    assert all(hear(npy, NAME, data)[1] for data in cut(WHOLE) if len(data) >= 6)
    for changed in flipped(OBJECTS):
        hear(npy, "objects.npy", changed)
