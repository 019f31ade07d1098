"""Texts of metadata that carry something."""

import base64

import pytest

from detectors.weights.carried_data import carried_data
from inspector.model import Issue
from sample_bundles.systems.traps import LIBRARY, PROGRAM, TENSORS, zip_bytes
from sample_bundles.weights import gguf_bytes, safetensors_bytes
from tests import make


def found(text: str) -> set[tuple[str, str]]:
    weights = safetensors_bytes(TENSORS, {"format": "pt", "note": text}), gguf_bytes(TENSORS, {"general.note": text})
    one, other = (
        {(item.rule, str(item.severity)) for item in make.look(carried_data, "x", data) if isinstance(item, Issue)} for data in weights
    )
    assert one == other
    return one


@pytest.mark.parametrize(
    "data",
    [LIBRARY, PROGRAM, zip_bytes(), b"#!/bin/sh\n" + b"x" * 60, b"\x80\x04\x95" + bytes(60), b"\x1f\x8b\x08" + bytes(60)],
    ids=lambda data: repr(data[:4]),
)
def test_code_in_base64_or_hexadecimal_is_high(data: bytes) -> None:
    for text in (base64.b64encode(data).decode(), data.hex(), base64.encodebytes(data).decode()):
        assert found(text) == {("metadata.carries-code", "high")}


def test_a_script_as_it_is_is_high() -> None:
    assert found("#!/bin/sh\n" + "echo\n" * 20) == {("metadata.carries-code", "high")}


def test_what_is_long_and_encoded_or_very_large_is_low() -> None:
    assert found(base64.b64encode(bytes(range(1, 256)) * 20).decode()) == {("metadata.encoded", "low")}
    assert found("words of a text, " * 70_000) == {("metadata.oversized", "low")}


@pytest.mark.parametrize(
    "text",
    [
        "pt",
        "a" * 64,
        "sha256:" + "0f" * 32,
        "0f" * 32,
        '{"ss_tags": {"a": 1}}' * 1000,
        "data:image/png;base64," + "iVBORw0KGgo" * 1000,
        "MZ is how programs begin " * 9,
        "=" * 5000,
    ],
    ids=lambda text: str(text)[:8],
)
def test_the_usual_metadata_is_none(text: str) -> None:
    assert found(text) == set()
