"""T5 in miniature: one set of parameters in five formats, the recipe of the data in place of the data, and an old paper under a free licence.

Traps: terms of the weights in front matter only; no intermediate checkpoints, which must not count against it; data sets with labels, so that
labelling applies; settings spread over files of gin.
"""

import json
from collections.abc import Mapping
from math import prod

import msgspec

from inspector.judgement import Grade
from inspector.model import Role
from sample_bundles.build import SampleRoot, System, read_license, read_texts
from sample_bundles.hdf5_bytes import Numbers, Tree, hdf5_bytes
from sample_bundles.tokenizers import sentencepiece_bytes, tokenizer_files
from sample_bundles.weights import Tensor, safetensors_bytes, torch_legacy_bytes, torch_module_bytes

SIZE, INNER, KEYS, LAYERS, HEADS, BUCKETS, VOCABULARY = 16, 32, 4, 2, 4, 32, 96
# Real values of google-t5/t5-base; the sizes are scaled down.
CONFIG = {
    "architectures": ["T5ForConditionalGeneration"],
    "d_ff": INNER,
    "d_kv": KEYS,
    "d_model": SIZE,
    "decoder_start_token_id": 0,
    "dropout_rate": 0.1,
    "eos_token_id": 1,
    "feed_forward_proj": "relu",
    "initializer_factor": 1.0,
    "is_encoder_decoder": True,
    "layer_norm_epsilon": 1e-06,
    "model_type": "t5",
    "n_positions": 512,
    "num_decoder_layers": LAYERS,
    "num_heads": HEADS,
    "num_layers": LAYERS,
    "output_past": True,
    "pad_token_id": 0,
    "relative_attention_num_buckets": BUCKETS,
    "task_specific_params": {"summarization": {"early_stopping": True, "num_beams": 4, "prefix": "summarize: "}},
    "vocab_size": VOCABULARY,
}
SPECIALS = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}


def list_shapes() -> dict[str, tuple[int, ...]]:
    """List the tensors of the architecture by their real names."""
    attention = dict.fromkeys("qkv", (HEADS * KEYS, SIZE)) | {"o": (SIZE, HEADS * KEYS)}
    shapes: dict[str, tuple[int, ...]] = {"shared.weight": (VOCABULARY, SIZE)}
    for stack, parts in (
        ("encoder", ("SelfAttention", "DenseReluDense")),
        ("decoder", ("SelfAttention", "EncDecAttention", "DenseReluDense")),
    ):
        for block in range(LAYERS):
            for layer, part in enumerate(parts):
                place = f"{stack}.block.{block}.layer.{layer}"
                held = {"wi": (INNER, SIZE), "wo": (SIZE, INNER)} if part == "DenseReluDense" else attention
                shapes |= {f"{place}.{part}.{name}.weight": shape for name, shape in held.items()}
                shapes[f"{place}.layer_norm.weight"] = (SIZE,)
        shapes[f"{stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight"] = (BUCKETS, HEADS)
        shapes[f"{stack}.final_layer_norm.weight"] = (SIZE,)
    return shapes


def grow(top: str, end: str) -> Tree:
    """Put the tensors into groups, one for each part of their names, below a group; the last part is `weight` with an end."""
    tree: dict[str, Tree | Numbers] = {}
    for name, shape in list_shapes().items():
        *groups, last = name.split(".")
        here = tree
        for group in (top, *groups) if top else groups:
            inner = here.setdefault(group, {})
            assert isinstance(inner, dict)
            here = inner
        here[last + end] = Numbers(shape)
    return tree


def flax_bytes(tree: Tree) -> bytes:
    """Write groups as Flax does: maps in MessagePack, arrays as its extension 1, of shape, dtype and bytes."""

    def leaf(item: object) -> object:
        if isinstance(item, Numbers):
            return msgspec.msgpack.Ext(1, msgspec.msgpack.encode((item.shape, "float32", bytes(4 * prod(item.shape)))))
        return {name: leaf(held) for name, held in item.items()} if isinstance(item, Mapping) else item

    return msgspec.msgpack.encode(leaf(tree))


TENSORS = [Tensor(name, "F32", shape) for name, shape in list_shapes().items()]
APACHE = read_license("apache-2.0")
SYSTEM = System(
    "t5",
    "five formats of one set of parameters, the recipe in place of the data, labels, no checkpoints in between: conforms",
    (
        SampleRoot(
            "t5-base",
            Role.WEIGHTS,
            {
                **read_texts("t5", "t5-base"),
                "config.json": json.dumps(CONFIG, indent=2) + "\n",
                "generation_config.json": json.dumps({"decoder_start_token_id": 0, "eos_token_id": 1, "pad_token_id": 0}, indent=2) + "\n",
                "model.safetensors": safetensors_bytes(TENSORS, {"format": "pt"}),
                "pytorch_model.bin": torch_legacy_bytes(TENSORS),
                "tf_model.h5": hdf5_bytes(
                    grow("tft5_for_conditional_generation", ":0"), {"backend": "tensorflow", "keras_version": "2.3.1"}
                ),
                "flax_model.msgpack": flax_bytes(grow("", "")),
                "rust_model.ot": torch_module_bytes(TENSORS, "rust_model"),
                "spiece.model": sentencepiece_bytes([*SPECIALS.values(), "\u2581", "s", "e", "\u2581the"]),
                "tokenizer.json": tokenizer_files("T5Tokenizer", SPECIALS, VOCABULARY)["tokenizer.json"],
            },
        ),
        *(
            SampleRoot(name, role, {**read_texts("t5", name), "LICENSE": APACHE})
            for name, role in (("text-to-text-transfer-transformer", Role.CODE), ("mesh", Role.CODE), ("datasets", Role.CODE))
        ),
        SampleRoot("c4", Role.DATA, read_texts("t5", "c4")),
        SampleRoot("raffel20a", Role.DOCS, read_texts("t5", "raffel20a")),
    ),
    Grade.CONFORMS,
)
