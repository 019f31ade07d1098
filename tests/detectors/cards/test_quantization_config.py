"""Quantization settings: how each library writes the method, its bits and its groups."""

import json

import pytest

from detectors.cards.model_config import model_config
from detectors.cards.quantization_config import quantization_config
from inspector.detector import Detector, Format, Found
from inspector.model import Claim, Component, Quantization
from sample_bundles.formats.quantized import FILES, PACKED
from tests import make


def told(detector: Detector, name: str, settings: object) -> list[tuple[str, object]]:
    said = make.look(detector, name, json.dumps(settings))
    return [
        (item.value, item.details)
        for item in said
        if isinstance(item, Found) and (item.component, item.claim) == (Component.PARAMETERS, Claim.DESCRIBED)
    ]


@pytest.mark.parametrize(
    ("name", "value", "method", "bits", "group"),
    [
        ("gptq", "quantization GPTQ 4-bit group 32", "gptq", 4, 32),
        ("awq", "quantization AWQ 4-bit gemm group 32", "awq", 4, 32),
        ("bitsandbytes-4bit", "quantization bitsandbytes 4-bit nf4", "bitsandbytes", 4, None),
        ("bitsandbytes-8bit", "quantization bitsandbytes 8-bit", "bitsandbytes", 8, None),
        ("compressed-packed", "quantization compressed-tensors 4-bit pack-quantized group 32", "compressed-tensors", 4, 32),
        ("fp8-blocks", "quantization FP8 8-bit blocks of 128x128", "fp8", 8, None),
        ("mxfp4", "quantization MXFP4 4-bit", "mxfp4", 4, None),
        ("mlx", "quantization MLX 4-bit group 32", "mlx", 4, 32),
    ],
)
def test_a_configuration_says_how_weights_are_quantized(name: str, value: str, method: str, bits: int, group: int | None) -> None:
    settings = {"model_type": "llama", **PACKED[name][0]}
    assert told(model_config, "config.json", settings) == [(value, Quantization(method=method, bits=bits, group=group))]


def test_a_method_that_is_not_known_keeps_its_name() -> None:
    settings = {"model_type": "x", "quantization_config": {"quant_method": "spqr", "bits": 3}}
    assert told(model_config, "config.json", settings) == [("quantization spqr 3-bit", Quantization(method="spqr", bits=3))]


def test_settings_of_a_part_that_is_a_text_model_count() -> None:
    settings = {"model_type": "x", "text_config": {"quantization_config": {"quant_method": "gptq", "bits": 8}}}
    assert [value for value, _ in told(model_config, "config.json", settings)] == ["quantization GPTQ 8-bit"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("quantize_config.json", "quantization GPTQ 4-bit group 128"),
        ("quant_config.json", "quantization AWQ 4-bit GEMM group 128"),
        ("hf_quant_config.json", "quantization ModelOpt 4-bit NVFP4 group 16"),
    ],
)
def test_the_files_of_older_libraries_say_it_too(name: str, value: str) -> None:
    settings = json.loads(FILES[f"older/{name}"])
    assert [found for found, _ in told(quantization_config, name, settings)] == [value]


@pytest.mark.parametrize("settings", [{}, {"a": 1}, {"quantization": 4}])
def test_other_files_of_these_names_are_left_alone(settings: object) -> None:
    for name in ("quantize_config.json", "hf_quant_config.json"):
        assert make.look(quantization_config, name, json.dumps(settings)) == []


@pytest.mark.parametrize(
    "quantization",
    [None, 4, [], {}, {"bits": 4}, {"bits": True, "group_size": 1}, {"quant_method": 3}, {"quant_method": "gptq", "bits": "4"}],
)
def test_odd_settings_are_no_error(quantization: object) -> None:
    told(model_config, "config.json", {"model_type": "x", "quantization_config": quantization})


def test_an_adapter_says_its_kind_its_rank_and_what_it_changes() -> None:
    settings = {"peft_type": "LORA", "base_model_name_or_path": "a/b", "r": 16, "lora_alpha": 32, "target_modules": ["v_proj", "q_proj"]}
    assert [value for value, _ in told(model_config, "adapter_config.json", settings)] == ["LORA rank 16 alpha 32 on q_proj, v_proj"]
    prompt = {"peft_type": "PROMPT_TUNING", "base_model_name_or_path": "a/b", "num_virtual_tokens": 8}
    assert [value for value, _ in told(model_config, "adapter_config.json", prompt)] == ["PROMPT_TUNING 8 virtual tokens"]
    assert told(model_config, "adapter_config.json", {"base_model_name_or_path": "a/b", "r": 4}) == []


@pytest.mark.parametrize(
    "settings",
    [
        {"per_channel": True, "reduce_range": True, "per_model_config": {"model": {"op_types": ["MatMul"], "weight_type": "QInt8"}}},
        {"modes": ["q8", "q4"], "per_channel": False, "reduce_range": False, "block_size": None, "is_symmetric": True, "quant_type": 1},
    ],
)
def test_what_transformers_js_writes_is_no_gptq(settings: dict[str, object]) -> None:
    form, found = make.look(quantization_config, "onnx/quantize_config.json", json.dumps(settings))
    assert form == Format("quantization-config")
    assert isinstance(found, Found)
    assert isinstance(found.details, Quantization)
    assert found.details.method == "onnx"


def test_a_recipe_names_its_modifier_and_scheme() -> None:
    text = "default_stage:\n  default_modifiers:\n    GPTQModifier:\n      targets: [Linear]\n      scheme: W4A16\n"
    form, found = make.look(quantization_config, "recipe.yaml", text)
    assert form == Format("quantization-recipe")
    assert isinstance(found, Found)
    assert (found.value, found.details) == ("quantization GPTQModifier W4A16", Quantization(method="llm-compressor", bits=4))
    assert make.look(quantization_config, "recipe.yaml", "flour: 1\n") == []
