"""Two formats in one file."""

import pytest

from detectors.weights.second_format import second_format
from inspector.model import Issue
from sample_bundles.systems.traps import LIBRARY, PROGRAM, TENSORS, zip_bytes
from sample_bundles.weights import gguf_bytes, safetensors_bytes, torch_zip_bytes
from tests import make

SAFE, GGUF = safetensors_bytes(TENSORS), gguf_bytes(TENSORS, {"general.architecture": "llama"})


def found(data: bytes) -> list[str]:
    return [str(item.severity) for item in make.look(second_format, "x", data) if isinstance(item, Issue)]


@pytest.mark.parametrize(
    "first", [SAFE, GGUF, b"%PDF-1.4\n", b"GIF89a", b"<html>", PROGRAM, b"#!/bin/sh\n"], ids=lambda data: repr(data[:4])
)
def test_an_archive_at_the_end_of_something_else_is_medium(first: bytes) -> None:
    assert found(first + zip_bytes()) == ["medium"]


def test_a_program_that_carries_its_model_is_a_note() -> None:
    assert found(LIBRARY + zip_bytes("model.gguf")) == ["note"]


@pytest.mark.parametrize(
    "data", [SAFE, GGUF, SAFE + b"PK\x05\x06" + bytes(18), SAFE + zip_bytes() + b"more", torch_zip_bytes(TENSORS), b"#!/bin/sh\nPK\x05\x06"]
)
def test_one_format_is_none(data: bytes) -> None:
    assert found(data) == []
