"""Checkpoints of TensorFlow's first version: tensors by the table of contents, and files that are cut."""

import pytest

from detectors.weights.tensorflow_checkpoint_v1 import FORMAT, tensorflow_checkpoint_v1
from inspector.detector import Format
from inspector.model import Claim, Component, Count
from sample_bundles.formats.tensorflow_checkpoint import INDEX
from sample_bundles.formats.tensorflow_checkpoint_v1 import CHECKPOINT, TENSORS, checkpoint_bytes
from tests.detectors.weights.hearing import found, hear, rules, survive, weights

NAME = "model.ckpt-100"


@pytest.mark.parametrize("packed", [0, 1])
def test_the_tensors_are_counted_and_the_state_apart_from_them(packed: int) -> None:
    said, fault = hear(tensorflow_checkpoint_v1, NAME, checkpoint_bytes(TENSORS, packed=packed))
    assert (fault, rules(said), said[0]) == (None, [], Format(FORMAT))
    assert weights(said).dtypes == (Count("F32", 10),)
    assert weights(said, Component.CHECKPOINTS).parameters == 8


@pytest.mark.parametrize("end", [60, len(CHECKPOINT) // 2, len(CHECKPOINT) - 1])
def test_a_cut_checkpoint_is_missing(end: int) -> None:
    said, fault = hear(tensorflow_checkpoint_v1, NAME, CHECKPOINT[:end])
    assert said[0] == Format(FORMAT)
    assert [item.value for item in found(said, Component.PARAMETERS, Claim.MISSING)] == ["truncated"]
    assert fault is not None


def test_bytes_between_blocks_are_an_issue() -> None:
    assert rules(hear(tensorflow_checkpoint_v1, NAME, checkpoint_bytes(TENSORS, hidden=b"hidden"))[0]) == ["tensorflow.gap"]


@pytest.mark.parametrize("data", [b"", b"\0\0", bytes(100), b"\0\0\x05hello", INDEX])
def test_other_files_are_left_alone(data: bytes) -> None:
    assert hear(tensorflow_checkpoint_v1, "a.ckpt", data) == ([], None)


def test_damage_is_no_crash() -> None:
    survive(tensorflow_checkpoint_v1, NAME, CHECKPOINT)
