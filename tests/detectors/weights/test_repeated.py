"""Weights that stand in a root under two names."""

from pathlib import Path

from inspector import inspect
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make

DATA = safetensors_bytes([Tensor("w", "F32", (256, 256))])


def rules(top: Path, files: dict[str, str | bytes], *, digest: bool = True) -> list[str]:
    return [issue.rule for issue in inspect([make.tree(top / "bundle", files)], digest=digest).issues]


def test_equal_bytes_under_two_names_are_noticed(tmp_path: Path) -> None:
    assert rules(tmp_path, {"model.safetensors": DATA, "original/consolidated.safetensors": DATA}) == ["weights.repeated"]


def test_equal_sizes_are_not_enough_and_without_digests_nobody_knows(tmp_path: Path) -> None:
    other = DATA[:-1] + bytes([DATA[-1] ^ 1])
    assert rules(tmp_path / "a", {"a.safetensors": DATA, "b.safetensors": other}) == []
    assert rules(tmp_path / "b", {"a.safetensors": DATA, "b.safetensors": DATA}, digest=False) == []
