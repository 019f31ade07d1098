"""Git LFS pointers: what is missing is said to be missing, and never present."""

import pytest

from detectors.weights.gguf import gguf
from detectors.weights.lfs_pointer import lfs_pointer as look_at_pointer
from detectors.weights.pickle import pickle
from detectors.weights.safetensors import safetensors
from detectors.weights.shards import shard_index
from detectors.weights.torch_zip import torch_zip
from inspector.detector import Format
from inspector.model import Claim, Component, Pointer
from sample_bundles.weights import lfs_pointer
from tests.detectors.weights.hearing import found, hear, rules

DIGEST = "ab" * 32
POINTER = lfs_pointer(DIGEST, 4_000_000_000)


@pytest.mark.parametrize(
    ("path", "component", "value"),
    [
        ("model.safetensors", Component.PARAMETERS, "safetensors"),
        ("pytorch_model.bin", Component.PARAMETERS, "bin"),
        ("ckpt-0/tensor00000_000", Component.PARAMETERS, "tensor"),
        ("optimizer.pt", Component.CHECKPOINTS, "optimizer-state"),
        ("training_args.bin", Component.MODEL_METADATA, "training-arguments"),
    ],
)
def test_a_pointer_with_the_name_of_weights_is_missing_weights(path: str, component: Component, value: str) -> None:
    said, fault = hear(look_at_pointer, path, POINTER)
    assert fault is None
    assert said[0] == Format("git-lfs-pointer")
    (missing,) = found(said, component, Claim.MISSING)
    assert missing.value == value
    assert missing.details == Pointer(sha256=DIGEST, size=4_000_000_000)


def test_a_pointer_with_another_name_is_an_issue() -> None:
    assert rules(hear(look_at_pointer, "tokenizer.model", POINTER)[0]) == ["lfs.not-downloaded"]


@pytest.mark.parametrize("data", [POINTER + b"x" * 1024, b"version https://git-lfs.github.com/other\n", b"text"])
def test_what_only_begins_like_one_is_left_alone(data: bytes) -> None:
    assert hear(look_at_pointer, "model.safetensors", data) == ([], None)


@pytest.mark.parametrize("data", [POINTER.replace(b"sha256:ab", b"sha256:zz"), POINTER + b"size 3\n", POINTER[:60]])
def test_a_broken_pointer_is_a_problem_and_not_silence(data: bytes) -> None:
    said, fault = hear(look_at_pointer, "model.safetensors", data)
    assert said == [Format("git-lfs-pointer")]
    assert fault


@pytest.mark.parametrize("path", ["model.safetensors", "model.gguf", "model.bin", "model.pkl", "model.safetensors.index.json"])
def test_no_other_detector_speaks_for_a_pointer(path: str) -> None:
    for detector in (safetensors, pickle, torch_zip, shard_index, gguf):
        if detector.wants.match_name(path) or detector.wants.match_head(POINTER):
            assert hear(detector, path, POINTER) == ([], None)
