"""Llama 2 in miniature: inference code only, vague words about the data, and a licence with a use policy on everything."""

import json

from inspector.judgement import Grade
from inspector.model import Role
from sample_bundles.build import SampleRoot, System, read_license, read_texts
from sample_bundles.tokenizers import tokenizer_files
from sample_bundles.weights import Tensor, safetensors_shards

SIZE, INNER, LAYERS, HEADS, VOCABULARY = 32, 88, 2, 4, 96
# Real values of meta-llama/Llama-2-7b-hf; the sizes are scaled down.
CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "bos_token_id": 1,
    "eos_token_id": 2,
    "hidden_act": "silu",
    "hidden_size": SIZE,
    "intermediate_size": INNER,
    "max_position_embeddings": 4096,
    "model_type": "llama",
    "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS,
    "num_key_value_heads": HEADS,
    "pretraining_tp": 1,
    "rms_norm_eps": 1e-05,
    "rope_scaling": None,
    "tie_word_embeddings": False,
    "torch_dtype": "float16",
    "vocab_size": VOCABULARY,
}


def list_tensors() -> list[Tensor]:
    """List the tensors of the architecture by their real names."""
    tensors = [Tensor("model.embed_tokens.weight", "F16", (VOCABULARY, SIZE))]
    for layer in range(LAYERS):
        parts = {
            "input_layernorm": (SIZE,),
            "post_attention_layernorm": (SIZE,),
            **{f"self_attn.{name}_proj": (SIZE, SIZE) for name in "qkvo"},
            "mlp.gate_proj": (INNER, SIZE),
            "mlp.up_proj": (INNER, SIZE),
            "mlp.down_proj": (SIZE, INNER),
        }
        tensors += [Tensor(f"model.layers.{layer}.{part}.weight", "F16", shape) for part, shape in parts.items()]
    return [*tensors, Tensor("model.norm.weight", "F16", (SIZE,)), Tensor("lm_head.weight", "F16", (VOCABULARY, SIZE))]


LICENSE = read_license("llama-2-license-2023")
SYSTEM = System(
    "llama2",
    "inference code only, vague data information, restricted terms on all of it: incomplete",
    (
        SampleRoot(
            "llama2-weights",
            Role.WEIGHTS,
            {
                **read_texts("llama2", "weights"),
                "LICENSE.txt": LICENSE,
                "config.json": json.dumps(CONFIG, indent=2) + "\n",
                **safetensors_shards(list_tensors(), 2, {"format": "pt"}),
                **tokenizer_files("LlamaTokenizer", {"unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"}, VOCABULARY),
            },
        ),
        SampleRoot("llama2-code", Role.CODE, {**read_texts("llama2", "code"), "LICENSE": LICENSE}),
    ),
    Grade.INCOMPLETE,
)
