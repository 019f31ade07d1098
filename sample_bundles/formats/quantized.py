"""Small packed weights of each layout that has a table, with the settings that say so, and the settings of older libraries."""

import json
from collections.abc import Mapping

from sample_bundles.weights import Tensor, safetensors_bytes

Settings = Mapping[str, object]
EMBEDDING = Tensor("model.embed.weight", "F16", (10, 64))  # 640 parameters that nobody packs


def layer(*parts: tuple[str, str, tuple[int, ...]], stem: str = "model.layers.0.up_proj") -> tuple[Tensor, ...]:
    """Name the tensors of one packed layer."""
    return tuple(Tensor(f"{stem}{end}", dtype, shape) for end, dtype, shape in parts)


# method -> what a configuration says, and the tensors; a layer of 64 inputs and 32 outputs has 2,048 parameters
PACKED: Mapping[str, tuple[Settings, tuple[Tensor, ...]]] = {
    "gptq": (
        {"quantization_config": {"quant_method": "gptq", "bits": 4, "group_size": 32, "desc_act": False}},
        layer((".qweight", "I32", (8, 32)), (".qzeros", "I32", (2, 4)), (".scales", "F16", (2, 32)), (".g_idx", "I32", (64,))),
    ),
    "awq": (
        {"quantization_config": {"quant_method": "awq", "bits": 4, "group_size": 32, "version": "gemm"}},
        layer((".qweight", "I32", (64, 4)), (".qzeros", "I32", (2, 4)), (".scales", "F16", (2, 32))),
    ),
    "bitsandbytes-4bit": (
        {"quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": True, "bnb_4bit_quant_type": "nf4"}},
        layer(
            (".weight", "U8", (1024, 1)), (".weight.absmax", "F32", (32,)), (".weight.quant_map", "F32", (16,)),
            (".weight.quant_state.bitsandbytes__nf4", "U8", (80,)),
        ),
    ),
    "bitsandbytes-8bit": (
        {"quantization_config": {"quant_method": "bitsandbytes", "load_in_8bit": True}},
        layer((".weight", "I8", (32, 64)), (".SCB", "F32", (32,)), (".weight_format", "U8", ())),
    ),
    "compressed-packed": (
        {
            "quantization_config": {
                "quant_method": "compressed-tensors", "format": "pack-quantized",
                "config_groups": {"group_0": {"weights": {"num_bits": 4, "group_size": 32}}},
            }
        },
        layer((".weight_packed", "I32", (32, 8)), (".weight_scale", "BF16", (32, 2)), (".weight_shape", "I64", (2,))),
    ),
    "fp8-blocks": (
        {"quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128]}},
        layer((".weight", "F8_E4M3", (32, 64)), (".weight_scale_inv", "F32", (1, 1))),
    ),
    "mxfp4": (
        {"quantization_config": {"quant_method": "mxfp4"}},
        layer(("_blocks", "U8", (1, 32, 2, 16)), ("_scales", "U8", (1, 32, 2)), stem="model.layers.0.experts.up_proj"),
    ),
    "exl2": (
        {"quantization_config": {"quant_method": "exl2", "bits": 4}},
        layer((".q_weight", "I32", (9, 32)), (".q_invperm", "I16", (64,)), (".q_scale", "I32", (2, 4)), (".q_groups", "I16", (4,))),
    ),
    "exl3": (
        {"quantization_config": {"quant_method": "exl3", "bits": 3}},
        layer((".trellis", "I16", (4, 2, 48)), (".suh", "F16", (64,)), (".svh", "F16", (32,))),
    ),
    "mlx": (
        {"quantization": {"group_size": 32, "bits": 4}},
        layer((".weight", "U32", (32, 8)), (".scales", "F16", (32, 2)), (".biases", "F16", (32, 2))),
    ),
}  # fmt: skip


def settings_text(settings: Settings) -> str:
    """Write a configuration."""
    return json.dumps({"architectures": ["LlamaForCausalLM"], "model_type": "llama", **settings})


FILES: Mapping[str, str | bytes] = {
    **{f"{name}/config.json": settings_text(settings) for name, (settings, _) in PACKED.items()},
    **{f"{name}/model.safetensors": safetensors_bytes((EMBEDDING, *tensors)) for name, (_, tensors) in PACKED.items()},
    "older/quantize_config.json": json.dumps({"bits": 4, "group_size": 128, "damp_percent": 0.01, "desc_act": True, "sym": True}),
    "older/quant_config.json": json.dumps({"zero_point": True, "q_group_size": 128, "w_bit": 4, "version": "GEMM"}),
    "older/hf_quant_config.json": json.dumps({"producer": {"name": "modelopt"}, "quantization": {"quant_algo": "NVFP4", "group_size": 16}}),
}
