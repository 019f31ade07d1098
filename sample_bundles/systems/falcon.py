"""Falcon in miniature: a gate before unknown terms, an address in place of a licence, and no code but that of an older sister's architecture.

Traps: `license: unknown` with a gate; LICENSE.txt and the use policy hold an address each; the 40B, under Apache-2.0, brings code that runs on
loading; the public data is an extract; other corpora have no names. The Initiative's label says that only terms stand in its way: by what can be
read it is incomplete, and with an attestation of what the label implies it is what the label says.
"""

import json

from inspector.judgement import Grade
from inspector.model import Role
from sample_bundles.build import SampleRoot, System, read_attestation, read_texts
from sample_bundles.tokenizers import tokenizer_files
from sample_bundles.weights import Tensor, safetensors_shards, torch_shards

SIZE, LAYERS, HEADS, GROUPS, VOCABULARY = 32, 2, 4, 2, 96
# Real values of tiiuae/falcon-180B; the sizes are scaled down.
CONFIG = {
    "alibi": False,
    "architectures": ["FalconForCausalLM"],
    "attention_dropout": 0.0,
    "bias": False,
    "bos_token_id": 11,
    "eos_token_id": 11,
    "hidden_dropout": 0.0,
    "hidden_size": SIZE,
    "initializer_range": 0.02,
    "layer_norm_epsilon": 1e-05,
    "max_position_embeddings": 2048,
    "model_type": "falcon",
    "multi_query": True,
    "new_decoder_architecture": True,
    "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS,
    "num_kv_heads": GROUPS,
    "parallel_attn": True,
    "torch_dtype": "bfloat16",
    "vocab_size": VOCABULARY,
}
# The names that settings had before the architecture was in a library.
OLDER = {
    "alibi": False,
    "architectures": ["RWForCausalLM"],
    "auto_map": {"AutoConfig": "configuration_RW.RWConfig", "AutoModelForCausalLM": "modelling_RW.RWForCausalLM"},
    "bias": False,
    "bos_token_id": 11,
    "eos_token_id": 11,
    "hidden_size": SIZE,
    "layer_norm_epsilon": 1e-05,
    "model_type": "RefinedWeb",
    "n_head": HEADS,
    "n_head_kv": GROUPS,
    "n_layer": LAYERS,
    "parallel_attn": True,
    "torch_dtype": "bfloat16",
    "vocab_size": VOCABULARY,
}


def list_tensors() -> list[Tensor]:
    """List the tensors of the architecture by their real names."""
    tensors = [Tensor("transformer.word_embeddings.weight", "BF16", (VOCABULARY, SIZE))]
    for layer in range(LAYERS):
        parts = {
            "self_attention.query_key_value": ((HEADS + 2 * GROUPS) * SIZE // HEADS, SIZE),
            "self_attention.dense": (SIZE, SIZE),
            "mlp.dense_h_to_4h": (4 * SIZE, SIZE),
            "mlp.dense_4h_to_h": (SIZE, 4 * SIZE),
        }
        tensors += [Tensor(f"transformer.h.{layer}.{part}.weight", "BF16", shape) for part, shape in parts.items()]
        norms = (f"transformer.h.{layer}.{norm}.{kind}" for norm in ("ln_attn", "ln_mlp") for kind in ("weight", "bias"))
        tensors += [Tensor(name, "BF16", (SIZE,)) for name in norms]
    tensors += [Tensor(f"transformer.ln_f.{kind}", "BF16", (SIZE,)) for kind in ("weight", "bias")]
    return [*tensors, Tensor("lm_head.weight", "BF16", (VOCABULARY, SIZE))]


TOKENIZER = tokenizer_files("PreTrainedTokenizerFast", {"eos_token": "<|endoftext|>"}, VOCABULARY)
GENERATION = json.dumps({"_from_model_config": True, "bos_token_id": 11, "eos_token_id": 11}, indent=2) + "\n"
SYSTEM = System(
    "falcon",
    "unknown terms behind a gate, no code that trained it: incomplete, terms-only by the label and its attestation",
    (
        SampleRoot(
            "falcon-180B",
            Role.WEIGHTS,
            {
                **read_texts("falcon", "falcon-180B"),
                "config.json": json.dumps(CONFIG, indent=2) + "\n",
                "generation_config.json": GENERATION,
                **safetensors_shards(list_tensors(), 3, {"format": "pt"}),
                **TOKENIZER,
            },
        ),
        SampleRoot(
            "falcon-40b",
            Role.WEIGHTS,
            {
                **read_texts("falcon", "falcon-40b"),
                "config.json": json.dumps(OLDER, indent=2) + "\n",
                "generation_config.json": GENERATION,
                **torch_shards(list_tensors(), 9),
                **TOKENIZER,
            },
        ),
        SampleRoot("falcon-refinedweb", Role.DATA, read_texts("falcon", "falcon-refinedweb")),
    ),
    Grade.TERMS_ONLY,
    read_attestation("falcon"),
)
