"""Pythia in miniature: a whole system of roots that conforms. Its weights carry terms in front matter only, as the real ones do."""

import json

from inspector.judgement import Grade
from inspector.model import Role
from sample_bundles.build import SampleRoot, System, read_license, read_texts
from sample_bundles.tokenizers import tokenizer_files
from sample_bundles.weights import Tensor, safetensors_bytes, torch_shards

SIZE, INNER, LAYERS, HEADS, VOCABULARY = 32, 128, 2, 4, 96
# Real values of EleutherAI/pythia-6.9b; the sizes are scaled down.
CONFIG = {
    "architectures": ["GPTNeoXForCausalLM"],
    "bos_token_id": 0,
    "eos_token_id": 0,
    "hidden_act": "gelu",
    "hidden_size": SIZE,
    "intermediate_size": INNER,
    "layer_norm_eps": 1e-05,
    "max_position_embeddings": 2048,
    "model_type": "gpt_neox",
    "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS,
    "rotary_emb_base": 10000,
    "rotary_pct": 0.25,
    "tie_word_embeddings": False,
    "torch_dtype": "float16",
    "use_parallel_residual": True,
    "vocab_size": VOCABULARY,
}


def list_tensors() -> list[Tensor]:
    """List the tensors of the architecture by their real names."""
    tensors = [Tensor("gpt_neox.embed_in.weight", "F16", (VOCABULARY, SIZE))]
    for layer in range(LAYERS):
        parts = {
            "input_layernorm": (SIZE,),
            "post_attention_layernorm": (SIZE,),
            "attention.query_key_value": (3 * SIZE, SIZE),
            "attention.dense": (SIZE, SIZE),
            "mlp.dense_h_to_4h": (INNER, SIZE),
            "mlp.dense_4h_to_h": (SIZE, INNER),
        }
        for part, shape in parts.items():
            tensors.append(Tensor(f"gpt_neox.layers.{layer}.{part}.weight", "F16", shape))
            tensors.append(Tensor(f"gpt_neox.layers.{layer}.{part}.bias", "F16", shape[:1]))
    tensors += [Tensor(f"gpt_neox.final_layer_norm.{kind}", "F16", (SIZE,)) for kind in ("weight", "bias")]
    return [*tensors, Tensor("embed_out.weight", "F16", (VOCABULARY, SIZE))]


WEIGHTS = SampleRoot(
    "pythia-weights",
    Role.WEIGHTS,
    {
        **read_texts("pythia", "weights"),
        "config.json": json.dumps(CONFIG, indent=2) + "\n",
        "model.safetensors": safetensors_bytes(list_tensors(), {"format": "pt"}),
        **torch_shards(list_tensors(), 2),
        **tokenizer_files("GPTNeoXTokenizer", {"bos_token": "<|endoftext|>"}, VOCABULARY),
    },
)
SYSTEM = System(
    "pythia",
    "a whole system, weights, code and data information under approved terms: conforms",
    (
        WEIGHTS,
        SampleRoot("pythia-code", Role.CODE, {**read_texts("pythia", "code"), "LICENSE": read_license("apache-2.0")}),
        SampleRoot("pythia-data", Role.DATA, {**read_texts("pythia", "data"), "LICENSE": read_license("mit")}),
    ),
    Grade.CONFORMS,
)
