"""Mixtral in miniature: perfect terms, and nothing but the weights, twice, in two formats."""

import json

from inspector.judgement import Grade
from inspector.model import Role
from sample_bundles.build import SampleRoot, System, read_texts
from sample_bundles.tokenizers import tokenizer_files
from sample_bundles.weights import Tensor, safetensors_shards, torch_zip_bytes

SIZE, INNER, LAYERS, HEADS, KEYS, EXPERTS, VOCABULARY = 32, 64, 2, 4, 2, 8, 96
# Real values of mistralai/Mixtral-8x7B-v0.1; the sizes are scaled down.
CONFIG = {
    "architectures": ["MixtralForCausalLM"],
    "attention_dropout": 0.0,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "hidden_act": "silu",
    "hidden_size": SIZE,
    "intermediate_size": INNER,
    "max_position_embeddings": 32768,
    "model_type": "mixtral",
    "num_attention_heads": HEADS,
    "num_experts_per_tok": 2,
    "num_hidden_layers": LAYERS,
    "num_key_value_heads": KEYS,
    "num_local_experts": EXPERTS,
    "output_router_logits": False,
    "rms_norm_eps": 1e-05,
    "rope_theta": 1000000.0,
    "router_aux_loss_coef": 0.02,
    "sliding_window": None,
    "tie_word_embeddings": False,
    "torch_dtype": "bfloat16",
    "transformers_version": "4.36.0.dev0",
    "vocab_size": VOCABULARY,
}
NATIVE = {
    "dim": SIZE,
    "n_layers": LAYERS,
    "head_dim": SIZE // HEADS,
    "hidden_dim": INNER,
    "n_heads": HEADS,
    "n_kv_heads": KEYS,
    "norm_eps": 1e-05,
    "vocab_size": VOCABULARY,
    "moe": {"num_experts_per_tok": 2, "num_experts": EXPERTS},
}


def list_tensors() -> list[Tensor]:
    """List the tensors of the architecture by their real names."""
    kept = SIZE // HEADS * KEYS
    tensors = [Tensor("model.embed_tokens.weight", "BF16", (VOCABULARY, SIZE))]
    for layer in range(LAYERS):
        parts = {
            "input_layernorm": (SIZE,),
            "post_attention_layernorm": (SIZE,),
            "self_attn.q_proj": (SIZE, SIZE),
            "self_attn.k_proj": (kept, SIZE),
            "self_attn.v_proj": (kept, SIZE),
            "self_attn.o_proj": (SIZE, SIZE),
            "block_sparse_moe.gate": (EXPERTS, SIZE),
        }
        for expert in range(EXPERTS):
            name = f"block_sparse_moe.experts.{expert}"
            parts |= {f"{name}.w1": (INNER, SIZE), f"{name}.w2": (SIZE, INNER), f"{name}.w3": (INNER, SIZE)}
        tensors += [Tensor(f"model.layers.{layer}.{part}.weight", "BF16", shape) for part, shape in parts.items()]
    return [*tensors, Tensor("model.norm.weight", "BF16", (SIZE,)), Tensor("lm_head.weight", "BF16", (VOCABULARY, SIZE))]


SYSTEM = System(
    "mixtral",
    "weights alone under Apache-2.0: incomplete",
    (
        SampleRoot(
            "mixtral-weights",
            Role.WEIGHTS,
            {
                **read_texts("mixtral", "weights"),
                "config.json": json.dumps(CONFIG, indent=2) + "\n",
                "params.json": json.dumps(NATIVE, indent=2) + "\n",
                **safetensors_shards(list_tensors(), 2, {"format": "pt"}),
                "consolidated.00.pt": torch_zip_bytes(list_tensors(), "consolidated"),
                **tokenizer_files("LlamaTokenizer", {"unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"}, VOCABULARY),
            },
        ),
    ),
    Grade.INCOMPLETE,
)
