"""Parts of pipelines: what model_index.json names has a directory of its own, or it is missing."""

import json
from pathlib import Path

from inspector import inspect
from inspector.model import Claim, Component, Inventory, Severity
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make

INDEX = {
    "_class_name": "StableDiffusionPipeline",
    "_diffusers_version": "0.30.0",
    "safety_checker": [None, None],
    "scheduler": ["diffusers", "PNDMScheduler"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "watermark": ["deepfloyd_if", "IFWatermarker"],
}
SAFE = safetensors_bytes([Tensor("a.weight", "F16", (4, 4))])


def read(top: Path, *parts: str, index: object = INDEX) -> Inventory:
    files = {"model_index.json": json.dumps(index).encode(), **{f"{part}/model.safetensors": SAFE for part in parts}}
    return inspect([make.tree(top / "bundle", files)], digest=False)


def missing(inventory: Inventory) -> list[str]:
    return [item.value for item in inventory.evidence if (item.component, item.claim) == (Component.PARAMETERS, Claim.MISSING)]


def test_a_pipeline_with_all_its_parts_is_whole(tmp_path: Path) -> None:
    inventory = read(tmp_path, "scheduler", "text_encoder", "unet", "watermark")
    assert missing(inventory) == []
    assert inventory.issues == ()
    assert inventory.roots[0].layout == "diffusers"


def test_a_part_without_a_directory_is_missing(tmp_path: Path) -> None:
    inventory = read(tmp_path, "unet", "scheduler", "watermark")
    assert missing(inventory) == ["text_encoder"]
    (issue,) = inventory.issues
    assert (issue.rule, issue.severity) == ("pipeline.part-missing", Severity.HIGH)
    assert issue.message == "1 parts that the pipeline names are not here: text_encoder"


def test_parts_without_weights_are_no_missing_parameters(tmp_path: Path) -> None:
    inventory = read(tmp_path, "unet", "text_encoder")
    assert missing(inventory) == []
    assert [(issue.rule, issue.severity) for issue in inventory.issues] == [("pipeline.part-missing", Severity.LOW)]


def test_the_modules_of_diffusers_are_no_code_of_the_bundle(tmp_path: Path) -> None:
    own = {**INDEX, "unet": ["my_unet", "MyUNet"]}
    rules = [issue.rule for issue in read(tmp_path, "scheduler", "text_encoder", "unet", "watermark", index=own).issues]
    assert rules == ["config.remote-code", "config.remote-code-missing"]
