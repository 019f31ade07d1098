"""Checkpoints of T5X: arrays that are named in one file and kept in directories beside it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from detectors.weights.flax import flax
from detectors.weights.tensorstore import tensorstore
from inspector import inspect
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Inventory, Reference, Weights
from sample_bundles.formats.tensorstore import CHECKPOINT, FILES, spec, tree_bytes
from tests import make
from tests.detectors.weights.hearing import found, hear, rules, survive, weights

DATA = tree_bytes(CHECKPOINT)


def audit(top: Path, files: Mapping[str, str | bytes]) -> Inventory:
    return inspect([make.tree(top / "bundle", files)], digest=False)


def test_the_arrays_are_named_and_their_specifications_are_summed_up() -> None:
    said, fault = hear(tensorstore, "checkpoint_1/checkpoint", DATA)
    assert (fault, rules(said), said[0]) == (None, [], Format("tensorstore-checkpoint"))
    (about,) = found(said, Component.MODEL_METADATA, Claim.PRESENT)
    assert isinstance(about.details, Weights)
    assert (about.details.tensors, about.details.dtypes) == (2, (Count("F32", 16),))
    (named,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert named.details == Reference(kind="file", target="checkpoint_1/target.kernel")
    assert [item.value for item in found(said, Component.CHECKPOINTS, Claim.REFERENCED)] == ["state.param_states.kernel"]
    assert weights(said).parameters == 2  # the array that is kept in the file itself
    assert hear(flax, "checkpoint_1/checkpoint", DATA) == ([], None)


def test_texts_in_place_of_arrays_are_names_too() -> None:
    said, fault = hear(tensorstore, "1/checkpoint", tree_bytes({"params": {"bias": "PLACEHOLDER://params.bias"}, "opt_state": {}}))
    assert fault is None
    assert [item.value for item in found(said, Component.PARAMETERS, Claim.REFERENCED)] == ["params.bias"]


@pytest.mark.parametrize("path", ["../../other/", "/home/somebody/model/", "a\\b/", ""])
def test_a_path_that_leads_out_is_an_issue(path: str) -> None:
    said, _ = hear(tensorstore, "checkpoint", tree_bytes({"target": {"w": spec(path, (2,))}}))
    assert rules(said) == ["tensorstore.path-outside"]
    assert found(said, Component.PARAMETERS, Claim.REFERENCED) == []


def test_an_array_that_is_not_here_is_missing(tmp_path: Path) -> None:
    assert [issue.rule for issue in audit(tmp_path / "whole", FILES).issues] == []
    inventory = audit(tmp_path / "part", {path: data for path, data in FILES.items() if not path.startswith("target.")})
    assert [issue.rule for issue in inventory.issues] == ["tensorstore.missing-arrays"]
    assert [item.value for item in inventory.evidence if item.claim is Claim.MISSING] == ["array"]


def test_a_cut_file_keeps_what_was_read() -> None:
    said, fault = hear(tensorstore, "checkpoint", DATA[:-20])
    assert said[0] == Format("tensorstore-checkpoint")
    assert [item.value for item in found(said, Component.PARAMETERS, Claim.MISSING)] == ["damaged"]
    assert fault is not None


def test_other_files_are_left_alone_and_damage_is_no_crash() -> None:
    assert hear(tensorstore, "checkpoint", b'model_checkpoint_path: "a"\n') == ([], None)
    assert hear(tensorstore, "flax_model.msgpack", b"\x81\xa1a\x01") == ([], None)
    survive(tensorstore, "checkpoint", DATA)
