"""Chunks of arrays: which are not here, and what that means for parameters and for the state of an optimizer."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from inspector import inspect
from inspector.model import Claim, Component, Inventory, Severity
from sample_bundles.formats.zarr import FILES, second, third
from tests import make


def audit(top: Path, files: Mapping[str, str | bytes]) -> Inventory:
    return inspect([make.tree(top / "bundle", files)], digest=False)


def issues(inventory: Inventory) -> list[tuple[str, Severity]]:
    return [(issue.rule, issue.severity) for issue in inventory.issues]


def missing(inventory: Inventory) -> list[str]:
    return [item.value for item in inventory.evidence if item.claim is Claim.MISSING]


def test_whole_arrays_are_no_issue_and_their_chunks_are_claimed(tmp_path: Path) -> None:
    inventory = audit(tmp_path, FILES | {"temperature/c/1": b"packed"})
    assert (issues(inventory), missing(inventory)) == ([], [])
    assert [place.path for place in inventory.unclaimed] == ["temperature/c/1"]  # data, as far as anybody can tell
    present = [item for item in inventory.evidence if (item.component, item.claim) == (Component.PARAMETERS, Claim.PRESENT)]
    assert len(present) == 2


@pytest.mark.parametrize("gone", ["target.dense.kernel/1.0", "params/dense/bias/c/0"])
def test_a_missing_chunk_of_a_parameter_is_missing(tmp_path: Path, gone: str) -> None:
    inventory = audit(tmp_path, {path: data for path, data in FILES.items() if path != gone})
    assert issues(inventory) == [("zarr.missing-chunks", Severity.MEDIUM)]
    assert missing(inventory) == ["chunks"]


def test_an_empty_file_is_no_chunk(tmp_path: Path) -> None:
    assert missing(audit(tmp_path, FILES | {"target.dense.kernel/1.0": b""})) == ["chunks"]


def test_descriptions_without_any_chunk_are_no_parameters(tmp_path: Path) -> None:
    inventory = audit(tmp_path, {path: data for path, data in FILES.items() if path.endswith((".zarray", "zarr.json"))})
    assert ("zarr.missing-chunks", Severity.HIGH) in issues(inventory)
    assert missing(inventory) == ["chunks"] * 3


def test_a_missing_chunk_of_an_optimizer_is_a_note(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"opt_state.mu/.zarray": second((4,), (2,)), "opt_state.mu/0": bytes(8)}
    inventory = audit(tmp_path, files)
    assert issues(inventory) == [("zarr.missing-chunks", Severity.NOTE)]
    assert missing(inventory) == []


@pytest.mark.parametrize("size", [23, 25])
def test_a_chunk_that_nothing_packs_has_one_size_only(tmp_path: Path, size: int) -> None:
    inventory = audit(tmp_path, FILES | {"target.dense.kernel/1.0": bytes(size)})
    assert issues(inventory) == [("zarr.chunk-size", Severity.HIGH)]
    assert missing(inventory) == ["damaged"]


def test_a_grid_of_a_quintillion_chunks_costs_nothing(tmp_path: Path) -> None:
    inventory = audit(tmp_path, {"params.w/zarr.json": third((1 << 30, 1 << 30), (1, 1)), "params.w/c/0/0": bytes(4)})
    assert issues(inventory) == [("zarr.missing-chunks", Severity.MEDIUM)]


@pytest.mark.parametrize("name", ["2.0", "0.0.0", "0", "a.b", "-1.0", "0.²", "c/0/0"])
def test_files_of_other_names_are_no_chunks(tmp_path: Path, name: str) -> None:
    inventory = audit(tmp_path, {"params.w/.zarray": second((2, 2), (1, 1)), f"params.w/{name}": bytes(4)})
    assert ("zarr.missing-chunks", Severity.HIGH) in issues(inventory)
