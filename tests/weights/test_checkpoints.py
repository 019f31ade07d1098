"""Intermediate checkpoints as directories: never final parameters where others are, never counted twice."""

import json
from pathlib import Path

import pytest

from inspector import inspect, judge
from inspector.model import Claim, Component, Inventory
from inspector.weights.checkpoints import is_checkpoint_name
from sample_bundles.weights import Tensor, lfs_pointer, safetensors_bytes, torch_zip_bytes
from tests import make

SAFE = safetensors_bytes([Tensor("model.embed_tokens.weight", "F16", (16, 8))])
CARD = "---\nlicense: apache-2.0\n---\n# Tiny\n"


def read(top: Path, *paths: str, **files: bytes) -> Inventory:
    return inspect([make.tree(top / "bundle", {"README.md": CARD, **dict.fromkeys(paths, SAFE), **files})], digest=False)


def weights(inventory: Inventory, component: Component, claim: Claim = Claim.PRESENT) -> list[str]:
    return [item.location.path for item in inventory.evidence if (item.component, item.claim) == (component, claim)]


def verdict(inventory: Inventory, requirement: str) -> str:
    findings = judge(inventory).standards[0].findings
    return next(str(finding.verdict) for finding in findings if finding.requirement == requirement)


@pytest.mark.parametrize(
    "name",
    [
        "checkpoint-500", "checkpoint_1000000", "ckpt-0", "ckpt_349", "model-checkpoint-12", "step1000", "step_20", "step1000-tokens4B",
        "stage1-step10000-tokens42B", "step100-unsharded", "global_step143000", "iter_0001000", "iteration-7", "epoch-3", "epoch=1-step=200",
        "Checkpoint-5",
    ],
)  # fmt: skip
def test_names_that_trainers_give(name: str) -> None:
    assert is_checkpoint_name(name)


@pytest.mark.parametrize(
    "name", ["checkpoint", "checkpoints", "step1_supervised_finetuning", "model", "iterative", "v1", "stable", "epochs"]
)
def test_names_that_say_nothing_of_a_step(name: str) -> None:
    assert not is_checkpoint_name(name)


@pytest.mark.parametrize(
    ("final", "steps"),
    [
        ("model.safetensors", ["checkpoint-500/model.safetensors"]),
        ("final/model.safetensors", ["checkpoint-500/model.safetensors", "step9/a/model.safetensors"]),
        ("model.safetensors", ["run/checkpoints/global_step10/model.safetensors"]),
    ],
)
def test_beside_or_below_final_weights_a_checkpoint_is_intermediate(final: str, steps: list[str], tmp_path: Path) -> None:
    inventory = read(tmp_path, final, *steps)
    assert weights(inventory, Component.PARAMETERS) == [final]
    assert weights(inventory, Component.CHECKPOINTS) == steps
    assert verdict(inventory, "osaid.parameters.intermediate") == "met"


def test_a_checkpoint_alone_is_what_there_is(tmp_path: Path) -> None:
    inventory = read(tmp_path, "checkpoint-500/model.safetensors")
    assert weights(inventory, Component.PARAMETERS) == ["checkpoint-500/model.safetensors"]
    assert verdict(inventory, "osaid.parameters.present") == "met"
    assert not [issue for issue in inventory.issues if issue.rule.startswith("checkpoints.")]


def test_two_models_with_a_checkpoint_each_are_two_models(tmp_path: Path) -> None:
    steps = ["a/checkpoint-5/model.safetensors", "b/checkpoint-5/model.safetensors"]
    assert weights(read(tmp_path, *steps), Component.PARAMETERS) == steps


def test_several_checkpoints_and_nothing_final_are_partial_and_an_issue(tmp_path: Path) -> None:
    inventory = read(tmp_path, "checkpoint-500/model.safetensors", "checkpoint-1000/model.safetensors")
    assert weights(inventory, Component.PARAMETERS) == []
    assert verdict(inventory, "osaid.parameters.present") == "partial"
    (issue,) = (issue for issue in inventory.issues if issue.rule == "checkpoints.which-is-final")
    assert [place.path for place in issue.locations] == ["checkpoint-1000/model.safetensors", "checkpoint-500/model.safetensors"]


def test_final_weights_that_were_not_downloaded_are_still_the_final_ones(tmp_path: Path) -> None:
    inventory = read(tmp_path, "checkpoint-500/model.safetensors", **{"model.safetensors": lfs_pointer("0" * 64, 10**9)})
    assert weights(inventory, Component.PARAMETERS) == []
    assert weights(inventory, Component.CHECKPOINTS) == ["checkpoint-500/model.safetensors"]
    assert verdict(inventory, "osaid.parameters.present") != "met"


def test_what_is_missing_of_a_checkpoint_is_not_missing_of_the_final_weights(tmp_path: Path) -> None:
    index = json.dumps({"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}).encode()
    parts = {"step10/model.safetensors.index.json": index, "step10/model-00001-of-00002.safetensors": SAFE}
    inventory = read(tmp_path, "model.safetensors", **parts)
    assert weights(inventory, Component.PARAMETERS, Claim.MISSING) == []
    assert weights(inventory, Component.CHECKPOINTS, Claim.MISSING) == ["step10/model.safetensors.index.json"]
    assert verdict(inventory, "osaid.parameters.present") == "met"


def test_optimizer_state_stays_what_it_is(tmp_path: Path) -> None:
    state = torch_zip_bytes([Tensor("a.exp_avg", "F32", (4,))], "archive")
    inventory = read(tmp_path, "checkpoint-5/model.safetensors", **{"checkpoint-5/optimizer.pt": state})
    assert weights(inventory, Component.PARAMETERS) == ["checkpoint-5/model.safetensors"]
    assert len(weights(inventory, Component.CHECKPOINTS)) == 1
