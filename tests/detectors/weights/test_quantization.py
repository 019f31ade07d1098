"""Quantization: settings against packed tensors, in each layout, and what the tensors stand for."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector import inspect
from inspector.model import Claim, Inventory, Sizes
from inspector.weights.packing import Packing, count_parameters
from sample_bundles.formats.quantized import EMBEDDING, PACKED, settings_text
from sample_bundles.weights import Tensor, safetensors_bytes, torch_zip_bytes
from tests import make

PLAIN = (EMBEDDING, Tensor("model.layers.0.up_proj.weight", "F16", (32, 64)))


def read(top: Path, settings: object, tensors: tuple[Tensor, ...]) -> Inventory:
    text = settings_text(settings) if isinstance(settings, dict) else ""
    files: dict[str, str | bytes] = {"model.safetensors": safetensors_bytes(tensors)} | ({"config.json": text} if text else {})
    return inspect([make.tree(top / "bundle", files)], digest=False)


def issues(inventory: Inventory) -> list[str]:
    return [issue.rule for issue in inventory.issues if issue.rule.startswith("quantization.")]


def counted(inventory: Inventory) -> list[tuple[str, int]]:
    return [
        (item.value, item.details.sizes[0].number)
        for item in inventory.evidence
        if item.detector == "quantization" and isinstance(item.details, Sizes)
    ]


@pytest.mark.parametrize("name", PACKED)
def test_packed_tensors_are_counted_as_what_they_stand_for(name: str, tmp_path: Path) -> None:
    settings, tensors = PACKED[name]
    inventory = read(tmp_path, settings, (EMBEDDING, *tensors))
    assert counted(inventory) == [(f"2,688 parameters, packed as {name}", 2688)]
    assert issues(inventory) == []
    (said,) = (item.value for item in inventory.evidence if item.detector == "model-config" and item.claim is Claim.DESCRIBED)
    assert said.startswith("quantization ")


@pytest.mark.parametrize("name", PACKED)
def test_a_configuration_that_says_nothing_of_packed_tensors_is_an_issue(name: str, tmp_path: Path) -> None:
    assert issues(read(tmp_path, {}, (EMBEDDING, *PACKED[name][1]))) == ["quantization.not-in-configuration"]
    assert issues(read(tmp_path / "alone", None, (EMBEDDING, *PACKED[name][1]))) == []


@pytest.mark.parametrize("name", PACKED)
def test_a_configuration_that_says_quantized_of_plain_tensors_is_an_issue(name: str, tmp_path: Path) -> None:
    assert issues(read(tmp_path, PACKED[name][0], PLAIN)) == ["quantization.not-in-tensors"]


def test_another_method_and_other_bits_are_issues(tmp_path: Path) -> None:
    inventory = read(tmp_path / "a", PACKED["bitsandbytes-4bit"][0], (EMBEDDING, *PACKED["gptq"][1]))
    (message,) = (issue.message for issue in inventory.issues if issue.rule == "quantization.not-in-tensors")
    assert message.endswith("no tensor is packed so: they are packed as gptq")
    eight = {"quantization_config": {"quant_method": "gptq", "bits": 8, "group_size": 32}}
    assert issues(read(tmp_path / "b", eight, (EMBEDDING, *PACKED["gptq"][1]))) == ["quantization.other-bits"]


def test_methods_without_a_table_and_other_formats_are_not_held_against_anything(tmp_path: Path) -> None:
    hqq = {"quantization_config": {"quant_method": "hqq", "quant_config": {}}}
    assert issues(read(tmp_path / "a", hqq, PLAIN)) == []
    files: dict[str, str | bytes] = {
        "config.json": settings_text(PACKED["gptq"][0]),
        "pytorch_model.bin": torch_zip_bytes(PLAIN, "archive"),
    }
    assert issues(inspect([make.tree(tmp_path / "b", files)], digest=False)) == []


def test_older_settings_beside_the_weights_count(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"quantize_config.json": json.dumps({"bits": 4, "group_size": 32}), "config.json": settings_text({})}
    files["model.safetensors"] = safetensors_bytes(PACKED["gptq"][1])
    inventory = inspect([make.tree(tmp_path / "a", files)], digest=False)
    assert issues(inventory) == []
    assert counted(inventory) == [("2,048 parameters, packed as gptq", 2048)]


def test_words_whose_bits_nothing_tells_are_not_counted(tmp_path: Path) -> None:
    inventory = read(tmp_path, None, PACKED["mlx"][1])
    assert [item.value for item in inventory.evidence if item.detector == "quantization"] == [
        "packed as mlx; the number of parameters is not known"
    ]


def test_integers_that_are_no_weights_are_not_taken_for_packed_ones(tmp_path: Path) -> None:
    tensors = (*PLAIN, Tensor("model.embed.position_ids", "I64", (1, 8)), Tensor("mask.weight", "U8", (8, 8)))
    assert counted(read(tmp_path, {}, tensors)) == []


NAMES = st.sampled_from(
    [".qweight", ".scales", ".qzeros", ".weight", ".weight.absmax", "_blocks", "_scales", ".q_weight", ".q_invperm", ".x"]
)


@given(st.lists(st.tuples(NAMES, st.sampled_from(["I32", "U8", "F16"]), st.integers(0, 2**62)), max_size=12), st.integers(1, 64))
def test_any_shapes_give_a_count_or_none(parts: list[tuple[str, str, int]], bits: int) -> None:
    packing = Packing()
    for end, dtype, size in parts:
        packing.add(f"a{end}", dtype, f"2x{size}", 2 * size)
    packed = packing.sum_up()
    total = count_parameters(2**62, packed, bits)
    assert total is None or 0 < total < 2**63
    assert all(item.parameters is None or item.parameters < 2**63 for item in packed)
