"""Phi-2 in miniature: the MIT License, the architecture beside the weights, and a summary of the data by categories.

Traps: a data summary card that must not count as data information; code that runs on loading; a notice that credits another licence. `phi2_first`
is a revision of the first days, under other terms.
"""

import json
from collections.abc import Mapping

from inspector.judgement import Grade
from inspector.model import Role
from sample_bundles.build import SampleRoot, System, read_license, read_texts
from sample_bundles.tokenizers import tokenizer_files
from sample_bundles.weights import Tensor, safetensors_shards

SIZE, INNER, LAYERS, HEADS, VOCABULARY = 40, 160, 2, 4, 96
# Real values of microsoft/phi-2; the sizes are scaled down.
CONFIG = {
    "architectures": ["PhiForCausalLM"],
    "attention_dropout": 0.0,
    "auto_map": {"AutoConfig": "configuration_phi.PhiConfig", "AutoModelForCausalLM": "modeling_phi.PhiForCausalLM"},
    "bos_token_id": 50256,
    "embd_pdrop": 0.0,
    "eos_token_id": 50256,
    "hidden_act": "gelu_new",
    "hidden_size": SIZE,
    "initializer_range": 0.02,
    "intermediate_size": INNER,
    "layer_norm_eps": 1e-05,
    "max_position_embeddings": 2048,
    "model_type": "phi",
    "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS,
    "num_key_value_heads": HEADS,
    "partial_rotary_factor": 0.4,
    "qk_layernorm": False,
    "resid_pdrop": 0.1,
    "rope_scaling": None,
    "rope_theta": 10000.0,
    "tie_word_embeddings": False,
    "torch_dtype": "float16",
    "transformers_version": "4.37.0",
    "vocab_size": VOCABULARY,
}


def list_tensors() -> list[Tensor]:
    """List the tensors of the architecture by their real names."""
    tensors = [Tensor("model.embed_tokens.weight", "F16", (VOCABULARY, SIZE))]
    for layer in range(LAYERS):
        parts: dict[str, tuple[int, ...]] = {f"self_attn.{name}": (SIZE, SIZE) for name in ("q_proj", "k_proj", "v_proj", "dense")}
        parts |= {"mlp.fc1": (INNER, SIZE), "mlp.fc2": (SIZE, INNER), "input_layernorm": (SIZE,)}
        for part, shape in parts.items():
            name = f"model.layers.{layer}.{part}"
            tensors += [Tensor(f"{name}.weight", "F16", shape), Tensor(f"{name}.bias", "F16", shape[:1])]
    for part, shape in {"model.final_layernorm": (SIZE,), "lm_head": (VOCABULARY, SIZE)}.items():
        tensors += [Tensor(f"{part}.weight", "F16", shape), Tensor(f"{part}.bias", "F16", shape[:1])]
    return tensors


MODEL: Mapping[str, str | bytes] = {
    "config.json": json.dumps(CONFIG, indent=2) + "\n",
    "generation_config.json": json.dumps({"_from_model_config": True, "bos_token_id": 50256, "eos_token_id": 50256}, indent=2) + "\n",
    **safetensors_shards(list_tensors(), 2, {"format": "pt"}),
    **tokenizer_files("CodeGenTokenizer", {"unk_token": "<|endoftext|>"}, VOCABULARY),
    "added_tokens.json": json.dumps({"\t\t": 94, "  ": 95}),
    "merges.txt": "#version: 0.2\nt h\nth e\ni n\n",
    "vocab.json": json.dumps({chr(code): code - 33 for code in range(33, 127)}, ensure_ascii=False),
}
TEXTS = read_texts("phi2", "phi-2")
SYSTEM = System(
    "phi2",
    "open terms on the weights, a summary of the data by categories, no training code: incomplete",
    (SampleRoot("phi-2", Role.WEIGHTS, {**TEXTS, "LICENSE": "Copyright (c) Microsoft Corporation.\n\n" + read_license("mit"), **MODEL}),),
    Grade.INCOMPLETE,
)
