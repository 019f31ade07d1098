"""BLOOM in miniature: nothing is missing, and the licence of the weights restricts their use. Shard names with underscores, as the real ones."""

import json

from inspector.judgement import Grade
from inspector.model import Role
from sample_bundles.build import SampleRoot, System, read_license, read_texts
from sample_bundles.tokenizers import tokenizer_files
from sample_bundles.weights import Tensor, safetensors_shards

SIZE, LAYERS, HEADS, VOCABULARY = 32, 2, 4, 96
# Real values of bigscience/bloom; the sizes are scaled down.
CONFIG = {
    "apply_residual_connection_post_layernorm": False,
    "architectures": ["BloomForCausalLM"],
    "attention_softmax_in_fp32": True,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "layer_norm_epsilon": 1e-05,
    "masked_softmax_fusion": True,
    "model_type": "bloom",
    "n_embed": SIZE,
    "n_layer": LAYERS,
    "num_attention_heads": HEADS,
    "pad_token_id": 3,
    "pretraining_tp": 4,
    "seq_length": 2048,
    "slow_but_exact": False,
    "transformers_version": "4.21.0",
    "vocab_size": VOCABULARY,
}


def list_tensors() -> list[Tensor]:
    """List the tensors of the architecture by their real names."""
    norms = ("word_embeddings_layernorm", "ln_f")
    tensors = [Tensor("word_embeddings.weight", "BF16", (VOCABULARY, SIZE))]
    tensors += [Tensor(f"{name}.{kind}", "BF16", (SIZE,)) for name in norms for kind in ("weight", "bias")]
    for layer in range(LAYERS):
        parts = {
            "input_layernorm": (SIZE,),
            "post_attention_layernorm": (SIZE,),
            "self_attention.query_key_value": (3 * SIZE, SIZE),
            "self_attention.dense": (SIZE, SIZE),
            "mlp.dense_h_to_4h": (4 * SIZE, SIZE),
            "mlp.dense_4h_to_h": (SIZE, 4 * SIZE),
        }
        for part, shape in parts.items():
            tensors += [Tensor(f"h.{layer}.{part}.weight", "BF16", shape), Tensor(f"h.{layer}.{part}.bias", "BF16", shape[:1])]
    return tensors


COMPOSITE = "\n".join(
    [
        "The code of this repository is under the following licences.",
        "\n--------------- Megatron ---------------\n",
        read_license("bsd-new"),
        "\n--------------- code from Hugging Face and Google Research ---------------\n",
        read_license("apache-2.0"),
    ]
)
SYSTEM = System(
    "bloom",
    "nothing is missing, the terms of the weights restrict their use: terms-only",
    (
        SampleRoot(
            "bloom-weights",
            Role.WEIGHTS,
            {
                **read_texts("bloom", "weights"),
                "LICENSE": read_license("bigscience-rail-1.0"),
                "config.json": json.dumps(CONFIG, indent=2) + "\n",
                **safetensors_shards(list_tensors(), 3, {"format": "pt"}, "model_{:05d}-of-{:05d}.safetensors"),
                **tokenizer_files("BloomTokenizerFast", {"unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"}, VOCABULARY),
            },
        ),
        SampleRoot("bloom-code", Role.CODE, {**read_texts("bloom", "code"), "LICENSE": COMPOSITE}),
        SampleRoot("bloom-data", Role.DATA, {**read_texts("bloom", "data"), "LICENSE": read_license("apache-2.0")}),
    ),
    Grade.TERMS_ONLY,
)
