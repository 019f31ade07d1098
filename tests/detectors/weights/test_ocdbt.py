"""Stores of Orbax: manifests and nodes whose length or checksum is wrong."""

import pytest

from detectors.weights.ocdbt import ocdbt
from inspector.detector import Format
from inspector.model import Claim, Component
from inspector.serialization.crc32c import compute_crc32c
from sample_bundles.formats.orbax import MANIFEST, NODE, ocdbt_bytes
from tests.detectors.weights.damage import flipped
from tests.detectors.weights.hearing import found, hear, rules, survive

DATA = ocdbt_bytes(MANIFEST)
NAME = "manifest.ocdbt"


def test_the_checksum_is_that_of_the_specification() -> None:
    assert compute_crc32c(b"123456789") == 0xE3069283


def test_a_whole_manifest_is_recognised_and_a_node_under_any_name() -> None:
    assert hear(ocdbt, NAME, DATA) == ([Format("ocdbt-manifest")], None)
    assert hear(ocdbt, "d/0a", ocdbt_bytes(NODE) + bytes(9)) == ([Format("ocdbt-node")], None)


def test_a_changed_bit_is_always_noticed() -> None:
    for changed in flipped(DATA, 8 * len(DATA)):
        said, fault = hear(ocdbt, NAME, changed)
        assert fault is not None or "ocdbt.checksum" in rules(said) or "ocdbt.trailing-bytes" in rules(said)


@pytest.mark.parametrize("end", [4, 11, 12, len(DATA) - 1])
def test_a_cut_manifest_is_missing(end: int) -> None:
    said, fault = hear(ocdbt, NAME, DATA[:end])
    assert [item.value for item in found(said, Component.PARAMETERS, Claim.MISSING)] == ["truncated"]
    assert fault is not None


def test_a_length_that_lies_is_a_problem() -> None:
    assert hear(ocdbt, NAME, DATA[:4] + b"\xff" * 8 + DATA[12:])[1] is not None
    assert rules(hear(ocdbt, NAME, DATA + b"x")[0]) == ["ocdbt.trailing-bytes"]


def test_other_files_are_left_alone_or_a_problem_by_name() -> None:
    assert hear(ocdbt, "d/0a", b"values") == ([], None)
    assert hear(ocdbt, NAME, b"values")[1] is not None
    survive(ocdbt, NAME, DATA)
