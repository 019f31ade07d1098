"""Sampling tensors: dummy weights and damaged numbers are noticed, usual zeros are not, and it happens only when it is asked for."""

from pathlib import Path

import numpy as np
import pytest

from inspector import inspect
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make
from tests.models import Array, as_gguf, as_safetensors, as_torch, encode, make_model


def rules(top: Path, files: dict[str, str | bytes], *, sample: bool = True) -> list[str]:
    found = inspect([make.tree(top / "bundle", files)], digest=False, sample_tensors=sample)
    return [f"{issue.rule} {issue.severity}" for issue in found.issues if issue.rule.startswith("tensors.")]


def with_matrix(values: Array, name: str = "model.layers.0.mlp.up_proj.weight") -> dict[str, str | bytes]:
    return {"model.safetensors": safetensors_bytes([Tensor(name, "F32", values.shape, encode(values, "F32"))])}


def filled(value: float) -> Array:
    return np.full((64, 64), value, np.float32)


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        (filled(0), "tensors.all-zero high"),
        (filled(0.5), "tensors.constant medium"),
        (filled(np.nan), "tensors.not-finite high"),
        (np.where(np.eye(64) > 0, np.inf, 1).astype(np.float32), "tensors.not-finite medium"),
    ],
)
def test_numbers_that_no_training_leaves_are_issues(values: Array, rule: str, tmp_path: Path) -> None:
    assert rules(tmp_path, with_matrix(values)) == [rule]


def test_nothing_is_read_without_being_asked_for(tmp_path: Path) -> None:
    assert rules(tmp_path, with_matrix(filled(0)), sample=False) == []


@pytest.mark.parametrize("name", ["a.lora_B.weight", "attn.mask", "zero_conv.weight"])
def test_zeros_that_are_usual_are_no_issue(name: str, tmp_path: Path) -> None:
    assert rules(tmp_path, with_matrix(filled(0), name)) == []


def test_small_tensors_and_vectors_may_be_zero(tmp_path: Path) -> None:
    assert rules(tmp_path / "a", with_matrix(np.zeros((4, 4), np.float32))) == []
    assert rules(tmp_path / "b", with_matrix(np.zeros((5000,), np.float32), "bias")) == []


@pytest.mark.parametrize("write", [as_safetensors, as_torch, lambda model: as_gguf(model, "Q8_0")])
def test_a_trained_model_raises_nothing_and_the_report_says_that_it_was_looked_at(write: object, tmp_path: Path) -> None:
    assert callable(write)
    found = inspect([make.tree(tmp_path / "bundle", write(make_model(1, layers=2)))], digest=False, sample_tensors=True)
    assert [issue.rule for issue in found.issues] == []
    assert found.notes == ("elements of tensors were sampled: 21 tensors",)
