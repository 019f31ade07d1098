"""Checkpoints of Orbax: what their metadata says, and arrays that are not here."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from detectors.weights.orbax import orbax
from inspector import inspect
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Inventory, Reference, Stored, Weights
from sample_bundles.formats.orbax import ARRAYS, FILES, tree
from tests import make
from tests.detectors.weights.hearing import found, hear, survive, weights

TREE = tree(ARRAYS).encode()


def audit(top: Path, files: Mapping[str, str | bytes]) -> Inventory:
    return inspect([make.tree(top / "bundle", files)], digest=False)


def test_arrays_in_a_store_are_counted_and_the_state_apart_from_them() -> None:
    said, fault = hear(orbax, "1/_METADATA", TREE)
    assert (fault, said[0]) == (None, Format("orbax"))
    model, state = weights(said), weights(said, Component.CHECKPOINTS)
    assert (model.tensors, model.parameters, state.parameters) == (2, 10, 8)
    (store,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert store.details == Stored(files=("1/manifest.ocdbt",), size=24)


def test_without_shapes_nothing_is_counted_that_nobody_knows() -> None:
    said, _ = hear(orbax, "_METADATA", tree({"params.w": None, "params.b": (2,)}).encode())
    told = weights(said)
    assert (told.tensors, told.parameters, told.shapes) == (2, None, (Count("2", 1), Count("unknown", 1)))


def test_arrays_in_directories_are_named_and_counted_there() -> None:
    said, _ = hear(orbax, "1/_METADATA", tree(ARRAYS, ocdbt=False).encode())
    assert found(said, Component.PARAMETERS, Claim.PRESENT) == []
    named = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert named[0].details == Reference(kind="file", target="1/params.dense.kernel")


@pytest.mark.parametrize(
    ("name", "form"),
    [("_CHECKPOINT_METADATA", "orbax-step"), ("_sharding", "orbax-sharding"), ("array_metadatas/process_0", "orbax-arrays")],
)
def test_what_stands_beside_is_recognised(name: str, form: str) -> None:
    said, fault = hear(orbax, name, str(FILES[f"store/{name}"]).encode())
    assert (fault, said[0]) == (None, Format(form))
    assert hear(orbax, name, b"{}") == ([], None)


def test_a_whole_checkpoint_is_no_issue_and_every_file_is_claimed(tmp_path: Path) -> None:
    inventory = audit(tmp_path, FILES)
    assert ([issue.rule for issue in inventory.issues], inventory.unclaimed) == ([], ())
    present = [item.details for item in inventory.evidence if (item.component, item.claim) == (Component.PARAMETERS, Claim.PRESENT)]
    assert sorted(item.parameters or 0 for item in present if isinstance(item, Weights)) == [8, 10]


@pytest.mark.parametrize(
    ("gone", "rule"),
    [
        ("store/manifest.ocdbt", "side-files.missing"),
        ("store/d/0123456789abcdef0123456789abcdef", "ocdbt.missing"),
        ("arrays/params.dense.kernel/zarr.json", "tensorstore.missing-arrays"),
        ("arrays/params.dense.kernel/c/0/0", "zarr.missing-chunks"),
    ],
)
def test_what_is_not_here_is_missing(tmp_path: Path, gone: str, rule: str) -> None:
    inventory = audit(tmp_path, {path: data for path, data in FILES.items() if path != gone})
    assert [issue.rule for issue in inventory.issues] == [rule]
    assert any(item.claim is Claim.MISSING and item.component is Component.PARAMETERS for item in inventory.evidence)


def test_metadata_that_say_nothing_of_stores_fit_a_store_and_directories(tmp_path: Path) -> None:
    older = {
        "store/_METADATA": tree(ARRAYS, ocdbt=None),
        "arrays/_METADATA": tree({"params.dense.kernel": None}, ocdbt=None),
        "aside/_METADATA": tree(ARRAYS, ocdbt=None, aside=True),
    }
    assert audit(tmp_path, {**FILES, **older}).issues == ()
    rules = [issue.rule for issue in audit(tmp_path / "gone", {"_METADATA": tree(ARRAYS, ocdbt=None)}).issues]
    assert rules == ["tensorstore.missing-arrays"]


@pytest.mark.parametrize(
    "data",
    [
        b'{"tree_metadata": 5}',
        b'{"tree_metadata": {"a": {}}}',
        tree({"a": (-1,)}).encode(),
        tree({"a": (1 << 61, 1 << 61)}).encode(),
        tree({"a": (1,) * 65}).encode(),
        json.dumps({"tree_metadata": {}}).encode()[:-1],
    ],
)
def test_what_is_no_tree_is_a_problem(data: bytes) -> None:
    said, fault = hear(orbax, "_METADATA", data)
    assert said == [Format("orbax")]
    assert fault is not None


def test_damage_is_no_crash() -> None:
    for name in ("_METADATA", "_CHECKPOINT_METADATA", "_sharding", "array_metadatas/process_0"):
        survive(orbax, name, str(FILES[f"store/{name}"]).encode())
