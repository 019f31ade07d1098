"""Elements of weights against the sizes of their configuration: too few is missing, anything that cannot be counted is not."""

import json
from pathlib import Path

import pytest

from inspector import inspect
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make


def rules(tmp_path: Path, shape: tuple[int, ...], dtype: str = "F16", name: str = "a.weight", **config: object) -> list[str]:
    settings = json.dumps({"architectures": ["X"], "model_type": "x", "hidden_size": 64, "vocab_size": 800, **config})
    files: dict[str, str | bytes] = {"model.safetensors": safetensors_bytes([Tensor(name, dtype, shape)]), "config.json": settings}
    return [issue.rule for issue in inspect([make.tree(tmp_path / "bundle", files)], digest=False).issues]


@pytest.mark.parametrize(("shape", "few"), [((1,), True), ((100, 100), True), ((64, 287), True), ((64, 292), False), ((800, 64), False)])
def test_fewer_than_a_layer_and_an_eighth_of_the_embedding_are_too_few(shape: tuple[int, ...], few: bool, tmp_path: Path) -> None:
    assert ("parameters.too-few" in rules(tmp_path, shape)) is few


def test_packed_integers_adapters_and_sizes_that_are_not_given_are_not_counted(tmp_path: Path) -> None:
    assert rules(tmp_path / "a", (4, 4), "I32") == []
    assert rules(tmp_path / "b", (4, 4), name="layers.0.q.lora_A.weight") == []
    assert rules(tmp_path / "c", (4, 4), hidden_size=None) == []


def test_the_largest_of_several_formats_counts(tmp_path: Path) -> None:
    settings = json.dumps({"architectures": ["X"], "model_type": "x", "hidden_size": 8, "vocab_size": 80})
    whole, part = (safetensors_bytes([Tensor("a.weight", "F16", (size, 8))]) for size in (80, 1))
    top = make.tree(tmp_path / "bundle", {"model.safetensors": whole, "sub/part.safetensors": part, "config.json": settings})
    assert inspect([top], digest=False).issues == ()
