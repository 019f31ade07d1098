"""Configurations and tokenizers against the sizes that names and shapes of tensors show."""

import json
from pathlib import Path

import pytest

from inspector import inspect
from inspector.weights.tensor_names import place_tensor
from sample_bundles.weights import Tensor, gguf_bytes, safetensors_bytes, safetensors_shards, torch_zip_bytes
from tests import make

CONFIG = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 8, "num_hidden_layers": 3, "vocab_size": 40}
TOKENIZER = {
    "version": "1.0",
    "added_tokens": [],
    "model": {"type": "BPE", "vocab": {chr(48 + number): number for number in range(40)}, "merges": []},
}


def model(layers: int = 3, width: int = 8, rows: int = 40) -> list[Tensor]:
    inside = [Tensor(f"model.layers.{number}.input_layernorm.weight", "F32", (width,)) for number in range(layers)]
    wide = [Tensor(f"model.layers.{number}.mlp.up_proj.weight", "F32", (64, width)) for number in range(layers)]
    return [Tensor("model.embed_tokens.weight", "F32", (rows, width)), *inside, *wide, Tensor("model.norm.weight", "F32", (width,))]


def rules(top: Path, files: dict[str, str | bytes], **changed: int) -> list[str]:
    """List the rules that a bundle with this configuration breaks."""
    whole = make.tree(top / "bundle", files | {"config.json": json.dumps(CONFIG | changed), "tokenizer.json": json.dumps(TOKENIZER)})
    return [issue.rule for issue in inspect([whole], digest=False).issues]


def test_a_model_of_the_sizes_that_its_configuration_says_raises_nothing(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "model.safetensors": safetensors_bytes(model()),
        "pytorch_model.bin": torch_zip_bytes(model()),
        **safetensors_shards(model(), 3, pattern="part-{:05d}-of-{:05d}.safetensors"),
    }
    assert rules(tmp_path, files) == []


@pytest.mark.parametrize(
    ("tensors", "rule"),
    [
        (model(layers=2), "config.layers"),
        (model(width=16), "config.width"),
        (model(rows=39), "config.vocabulary"),
    ],
)
def test_each_size_that_disagrees_is_named(tensors: list[Tensor], rule: str, tmp_path: Path) -> None:
    assert rule in rules(tmp_path, {"model.safetensors": safetensors_bytes(tensors)})


def test_more_rows_than_tokens_and_more_layers_are_usual(tmp_path: Path) -> None:
    assert rules(tmp_path, {"model.safetensors": safetensors_bytes(model(layers=4, rows=64))}) == []


def test_a_tokenizer_of_another_model_is_noticed(tmp_path: Path) -> None:
    assert rules(tmp_path, {"model.safetensors": safetensors_bytes(model(rows=30))}, vocab_size=30) == ["tokenizer.more-tokens-than-rows"]


def test_weights_of_another_directory_are_not_compared(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "vae/model.safetensors": safetensors_bytes(model(width=16)),
        "model.safetensors": safetensors_bytes(model()),
    }
    assert rules(tmp_path, files) == []


def test_gguf_shows_the_same_sizes(tmp_path: Path) -> None:
    tensors = [
        Tensor("token_embd.weight", "F32", (30, 8)),
        Tensor("blk.1.attn_norm.weight", "F32", (16,)),
        Tensor("blk.1.ffn_up.weight", "F32", (64, 8)),
    ]
    assert rules(tmp_path, {"model.gguf": gguf_bytes(tensors, {"general.architecture": "llama"})}) == [
        "config.layers", "config.vocabulary", "config.width", "tokenizer.more-tokens-than-rows",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "names",
    [
        ("model.layers.7.self_attn.q_proj.weight", "layers.7.attention.wq.weight", "blk.7.attn_q.weight"),
        ("model.embed_tokens.weight", "tok_embeddings.weight", "token_embd.weight", "transformer.wte.weight"),
        ("lm_head.weight", "output.weight"),
        ("model.norm.weight", "norm.weight", "output_norm.weight"),
    ],
)
def test_the_same_place_has_other_names_in_other_libraries(names: tuple[str, ...]) -> None:
    assert len({place_tensor(name) for name in names}) == 1


def test_a_name_that_no_library_gives_has_no_place() -> None:
    assert place_tensor("vision_model.encoder.layers.3.mlp.fc1.weight") is None
