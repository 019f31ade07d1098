"""OLMo in miniature: converted and native weights, the trainer, the toolkit that made the data, and a datasheet older than the card.

Traps: no licence file beside the weights; the datasheet names other terms of the data than the card; the native weights are loaded by three files
that do nothing but import a package.
"""

import json

from inspector.judgement import Grade
from inspector.model import Role
from sample_bundles.build import SampleRoot, System, read_license, read_text, read_texts
from sample_bundles.pdf import pdf_bytes
from sample_bundles.tokenizers import tokenizer_files
from sample_bundles.weights import Tensor, safetensors_shards, torch_zip_bytes

SIZE, INNER, LAYERS, HEADS, VOCABULARY = 32, 88, 2, 4, 96
SHARDS = 6
# Real values of allenai/OLMo-7B-hf; the sizes are scaled down.
CONFIG = {
    "architectures": ["OlmoForCausalLM"],
    "attention_bias": False,
    "attention_dropout": 0.0,
    "clip_qkv": None,
    "eos_token_id": 50279,
    "hidden_act": "silu",
    "hidden_size": SIZE,
    "initializer_range": 0.02,
    "intermediate_size": INNER,
    "max_position_embeddings": 2048,
    "model_type": "olmo",
    "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS,
    "num_key_value_heads": HEADS,
    "pad_token_id": 1,
    "rope_theta": 10000.0,
    "tie_word_embeddings": False,
    "torch_dtype": "float32",
    "transformers_version": "4.40.0.dev0",
    "use_cache": True,
    "vocab_size": VOCABULARY,
}
NATIVE = {
    "activation_type": "swiglu",
    "architectures": ["OLMoForCausalLM"],
    "auto_map": {
        "AutoConfig": "configuration_olmo.OLMoConfig",
        "AutoModelForCausalLM": "modeling_olmo.OLMoForCausalLM",
        "AutoTokenizer": ["tokenization_olmo_fast.OLMoTokenizerFast", "tokenization_olmo_fast.OLMoTokenizerFast"],
    },
    "d_model": SIZE,
    "embedding_size": VOCABULARY,
    "layer_norm_type": "default",
    "layer_norm_with_affine": False,
    "max_sequence_length": 2048,
    "mlp_hidden_size": 2 * INNER,
    "model_type": "hf_olmo",
    "n_heads": HEADS,
    "n_layers": LAYERS,
    "rope": True,
    "vocab_size": VOCABULARY - 1,
}
SPECIALS = {"eos_token": "<|endoftext|>", "pad_token": "<|padding|>"}


def list_tensors() -> list[Tensor]:
    """List the tensors of the converted model by their real names; norms have no parameters."""
    tensors = [Tensor("model.embed_tokens.weight", "F32", (VOCABULARY, SIZE))]
    for layer in range(LAYERS):
        parts = {f"self_attn.{name}_proj": (SIZE, SIZE) for name in "qkvo"}
        parts |= {"mlp.gate_proj": (INNER, SIZE), "mlp.up_proj": (INNER, SIZE), "mlp.down_proj": (SIZE, INNER)}
        tensors += [Tensor(f"model.layers.{layer}.{part}.weight", "F32", shape) for part, shape in parts.items()]
    return [*tensors, Tensor("lm_head.weight", "F32", (VOCABULARY, SIZE))]


def list_native() -> list[Tensor]:
    """List the tensors as the training code names them."""
    tensors = [Tensor("model.transformer.wte.weight", "F32", (VOCABULARY, SIZE))]
    for layer in range(LAYERS):
        parts = {"att_proj": (3 * SIZE, SIZE), "attn_out": (SIZE, SIZE), "ff_proj": (2 * INNER, SIZE), "ff_out": (SIZE, INNER)}
        tensors += [Tensor(f"model.transformer.blocks.{layer}.{part}.weight", "F32", shape) for part, shape in parts.items()]
    return [*tensors, Tensor("model.transformer.ff_out.weight", "F32", (VOCABULARY, SIZE))]


DATASHEET = [page.strip("\n").split("\n") for page in read_text("olmo", "datasheet.txt").split("======")]
TOKENIZER = tokenizer_files("GPTNeoXTokenizerFast", SPECIALS, VOCABULARY)
APACHE = read_license("apache-2.0")
SYSTEM = System(
    "olmo",
    "trainer, data toolkit and evaluation in roots of their own, terms in front matter only: conforms",
    (
        SampleRoot(
            "OLMo-7B-hf",
            Role.WEIGHTS,
            {
                **read_texts("olmo", "OLMo-7B-hf"),
                "config.json": json.dumps(CONFIG, indent=2) + "\n",
                "generation_config.json": json.dumps({"_from_model_config": True, "eos_token_id": 50279, "pad_token_id": 1}, indent=2)
                + "\n",
                **safetensors_shards(list_tensors(), SHARDS, {"format": "pt"}),
                **TOKENIZER,
            },
        ),
        SampleRoot(
            "OLMo-7B",
            Role.WEIGHTS,
            {
                **read_texts("olmo", "OLMo-7B"),
                "config.json": json.dumps(NATIVE, indent=2) + "\n",
                "pytorch_model.bin": torch_zip_bytes(list_native(), "pytorch_model"),
                **TOKENIZER,
            },
        ),
        SampleRoot("OLMo", Role.CODE, {**read_texts("olmo", "OLMo"), "LICENSE": APACHE}),
        SampleRoot(
            "dolma",
            Role.DATA,
            {
                **read_texts("olmo", "dolma"),
                "LICENSE": APACHE,
                "docs/assets/dolma-v0_1-20230819.pdf": pdf_bytes(DATASHEET, title="Dolma: Datasheet"),
            },
        ),
        SampleRoot("dolma-dataset", Role.DATA, read_texts("olmo", "dolma-dataset")),
        SampleRoot("OLMo-Eval", Role.CODE, {**read_texts("olmo", "OLMo-Eval"), "LICENSE": APACHE}),
    ),
    Grade.CONFORMS,
)
