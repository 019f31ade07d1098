"""Split GGUF: parts that agree, and each way in which they do not."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from detectors.weights.gguf_splits import gguf_splits
from inspector.detector import Gathered
from inspector.model import Issue
from sample_bundles import weights as build
from tests.detectors.weights.test_shards import TENSORS, compare, gather


def part(number: int, tensors: int, **changed: int) -> bytes:
    numbers = {"no": number, "count": 2, "tensors_count": 4} | changed
    metadata = {"split.no": numbers["no"], "split.count": numbers["count"], "split.tensors.count": numbers["tensors_count"]}
    return build.gguf_bytes(TENSORS[:tensors], metadata)


def rules(top: Path, files: Mapping[str, bytes]) -> list[str]:
    gathered = gather(top, files)
    return [told.rule for told in gguf_splits.compare(gathered) if isinstance(told, Issue)]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (part(0, 2), part(1, 2), []),
        (part(0, 0), part(1, 4), []),
        (part(0, 2), part(1, 3), ["gguf.split-tensors"]),
        (part(0, 2, count=3), part(1, 2), ["gguf.split-count"]),
        (part(1, 2), part(0, 2), ["gguf.split-number"]),
    ],
)
def test_parts_are_held_against_one_another(tmp_path: Path, first: bytes, second: bytes, expected: list[str]) -> None:
    assert rules(tmp_path, {"m-00001-of-00002.gguf": first, "m-00002-of-00002.gguf": second}) == expected


def test_tensors_of_a_part_that_is_not_here_are_not_missed(tmp_path: Path) -> None:
    assert rules(tmp_path, {"m-00001-of-00002.gguf": part(0, 2)}) == []


def test_a_first_part_without_tensors_is_not_missing(tmp_path: Path) -> None:
    files = {"m-00001-of-00002.gguf": part(0, 0), "m-00002-of-00002.gguf": part(1, 4)}
    assert compare(tmp_path, files) == ([], [])
    del files["m-00002-of-00002.gguf"]
    assert compare(tmp_path / "other", files)[0] == ["m-00002-of-00002.gguf"]


def test_nothing_is_said_of_nothing() -> None:
    assert list(gguf_splits.compare(Gathered((), ()))) == []
