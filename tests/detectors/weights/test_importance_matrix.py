"""Importance matrices before GGUF: entries, the texts they were measured on, and numbers that lie."""

import struct

import pytest

from detectors.weights.importance_matrix import FORMAT, importance_matrix
from inspector.detector import Format
from inspector.model import Claim, Component
from sample_bundles.formats.importance_matrix import MATRIX, imatrix_bytes
from tests.detectors.weights.hearing import found, hear, rules, survive


def test_the_entries_and_the_texts_are_said() -> None:
    said, fault = hear(importance_matrix, "a.imatrix", MATRIX)
    assert (fault, rules(said), said[0]) == (None, [], Format(FORMAT))
    matrix, texts = found(said, Component.MODEL_METADATA, Claim.PRESENT)
    assert (matrix.value, texts.excerpt) == (FORMAT, "wiki.train.raw")
    assert hear(importance_matrix, "imatrix.dat", imatrix_bytes({"a.weight": 3}))[1] is None


@pytest.mark.parametrize(
    "data", [MATRIX[:60], b"\3" + MATRIX[1:], MATRIX[:8] + MATRIX[8:27] + struct.pack("<ii", 7, -1), MATRIX[:31] + b"\xff\xff\xff\x7f"]
)
def test_what_breaks_is_a_problem(data: bytes) -> None:
    said, fault = hear(importance_matrix, "a.imatrix", data)
    assert said[0] == Format(FORMAT)
    assert fault is not None


def test_bytes_behind_the_last_entry_are_an_issue() -> None:
    assert rules(hear(importance_matrix, "a.imatrix", MATRIX + b"more")[0]) == ["importance-matrix.trailing-bytes"]


@pytest.mark.parametrize("data", [b"", b"text of a file", bytes(40)])
def test_other_files_are_left_alone(data: bytes) -> None:
    assert hear(importance_matrix, "imatrix.dat", data) == ([], None)


def test_damage_is_no_crash() -> None:
    survive(importance_matrix, "a.imatrix", MATRIX)
