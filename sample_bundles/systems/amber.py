"""Amber in miniature: the whole pipeline in public, and terms of the data told twice, differently.

Traps: the card of the data says one licence in its front matter and another in its text; the tokenizer is another maker's; no licence file
beside the weights. `amber_checkpoint` is a branch of a checkpoint, which has no card at all.
"""

import json

from inspector.judgement import Grade
from inspector.model import Role
from sample_bundles.build import SampleRoot, System, read_license, read_texts
from sample_bundles.pdf import pdf_bytes
from sample_bundles.tokenizers import sentencepiece_bytes, tokenizer_files
from sample_bundles.weights import Tensor, torch_shards

SIZE, INNER, LAYERS, HEADS, VOCABULARY = 32, 88, 2, 4, 96
# Real values of LLM360/Amber; the sizes are scaled down.
CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "attention_bias": False,
    "attention_dropout": 0.0,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "hidden_act": "silu",
    "hidden_size": SIZE,
    "initializer_range": 0.02,
    "intermediate_size": INNER,
    "max_position_embeddings": 2048,
    "model_type": "llama",
    "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS,
    "num_key_value_heads": HEADS,
    "pad_token_id": 0,
    "pretraining_tp": 1,
    "rms_norm_eps": 1e-06,
    "rope_scaling": None,
    "rope_theta": 10000.0,
    "tie_word_embeddings": False,
    "torch_dtype": "bfloat16",
    "transformers_version": "4.35.2",
    "vocab_size": VOCABULARY,
}
SPECIALS = {"unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"}


def list_tensors() -> list[Tensor]:
    """List the tensors of the architecture by their real names."""
    tensors = [Tensor("model.embed_tokens.weight", "BF16", (VOCABULARY, SIZE))]
    for layer in range(LAYERS):
        parts = {f"self_attn.{name}_proj": (SIZE, SIZE) for name in "qkvo"}
        parts |= {"mlp.gate_proj": (INNER, SIZE), "mlp.down_proj": (SIZE, INNER), "mlp.up_proj": (INNER, SIZE)}
        tensors += [Tensor(f"model.layers.{layer}.{part}.weight", "BF16", shape) for part, shape in parts.items()]
        norms = ("input_layernorm", "post_attention_layernorm")
        tensors += [Tensor(f"model.layers.{layer}.{norm}.weight", "BF16", (SIZE,)) for norm in norms]
    return [*tensors, Tensor("model.norm.weight", "BF16", (SIZE,)), Tensor("lm_head.weight", "BF16", (VOCABULARY, SIZE))]


MODEL: dict[str, str | bytes] = {
    "config.json": json.dumps(CONFIG, indent=2) + "\n",
    "generation_config.json": json.dumps({"_from_model_config": True, "bos_token_id": 1, "eos_token_id": 2}, indent=2) + "\n",
    **torch_shards(list_tensors(), 3),
    **tokenizer_files("LlamaTokenizer", SPECIALS, VOCABULARY),
    "tokenizer.model": sentencepiece_bytes([*SPECIALS.values(), "\u2581", "e", "t", "a"]),
}
CURVE = pdf_bytes([["ARC-Challenge, 25 shots", "checkpoint  accuracy", "000  22.7", "180  24.0", "359  24.9"]])
APACHE = read_license("apache-2.0")
SYSTEM = System(
    "amber",
    "training, data preparation and analysis in roots of their own, with the data in its order: conforms",
    (
        SampleRoot("Amber", Role.WEIGHTS, {**read_texts("amber", "Amber"), **MODEL, "amber-arc-curve.pdf": CURVE}),
        *(
            SampleRoot(name, role, {**read_texts("amber", name), "LICENSE": APACHE})
            for name, role in (("amber-train", Role.CODE), ("amber-data-prep", Role.DATA), ("Analysis360", Role.CODE))
        ),
        SampleRoot("AmberDatasets", Role.DATA, read_texts("amber", "AmberDatasets")),
    ),
    Grade.CONFORMS,
)
