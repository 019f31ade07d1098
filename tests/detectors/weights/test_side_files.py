"""Files that others describe: all here, too short, too long, not here."""

import pytest

from detectors.weights.side_files import side_files
from inspector.detector import Found, Gathered
from inspector.model import Claim, Component, FileRecord, Issue, Severity, Stored
from tests import make


def compare(sizes: dict[str, int], stored: Stored, form: str | None = None) -> tuple[list[str], list[tuple[str, Severity]]]:
    item = make.evidence(Component.PARAMETERS, Claim.REFERENCED, "w", details=stored)
    files = tuple(FileRecord(root="weights", path=path, size=size, format=form) for path, size in sizes.items())
    told = list(side_files.compare(Gathered(files, (item,))))
    missing = [told.value for told in told if isinstance(told, Found)]
    return missing, [(told.rule, told.severity) for told in told if isinstance(told, Issue)]


@pytest.mark.parametrize(
    ("sizes", "whole", "missing", "rule"),
    [
        ({"d/a": 10, "d/b": 5}, True, [], None),
        ({"d/a": 10, "d/b": 6}, False, [], None),
        ({"d/a": 10, "d/b": 6}, True, [], "side-files.trailing-bytes"),
        ({"d/a": 10, "d/b": 4}, True, ["truncated"], "side-files.truncated"),
        ({"d/a": 15}, True, ["b"], "side-files.missing"),
        ({}, False, ["a", "b"], "side-files.missing"),
    ],
)
def test_sizes_are_held_against_what_is_described(sizes: dict[str, int], whole: bool, missing: list[str], rule: str | None) -> None:
    told, issues = compare(sizes, Stored(files=("d/a", "d/b"), size=15, whole=whole))
    assert told == missing
    assert [found for found, _ in issues] == ([rule] if rule else [])


def test_a_pointer_is_not_the_file() -> None:
    assert compare({"a": 130}, Stored(files=("a",), size=100), "git-lfs-pointer")[0] == ["a"]


def test_other_references_are_left_alone() -> None:
    item = make.evidence(Component.PARAMETERS, Claim.REFERENCED, "w")
    assert list(side_files.compare(Gathered((), (item,)))) == []
