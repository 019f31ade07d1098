"""ggml before GGUF: every layout and generation, and what happens when a record does not fit."""

import struct

import pytest

from detectors.weights.ggml import ggml
from inspector.detector import Format
from inspector.model import Claim, Component, Count
from sample_bundles.formats.ggml import FILES, LLAMA, llama_bytes, records, whisper_bytes
from tests.detectors.weights.damage import cut
from tests.detectors.weights.hearing import found, hear, rules, survive, weights


@pytest.mark.parametrize(
    ("magic", "version", "name"),
    [(b"lmgg", None, "ggml"), (b"fmgg", 1, "ggmf"), (b"tjgg", 1, "ggjt"), (b"tjgg", 2, "ggjt"), (b"tjgg", 3, "ggjt")],
)
def test_every_file_of_llama_cpp_gives_its_tensors(magic: bytes, version: int | None, name: str) -> None:
    said, fault = hear(ggml, "model.bin", llama_bytes(magic, version))
    assert (fault, rules(said)) == (None, [])
    assert said[0] == Format(name)
    details = weights(said)
    assert (details.format, details.tensors, details.parameters) == (name, 12, 7 * 1024 + 2 * 128 + 3 * 32)
    assert details.dtypes == (Count("F32", 352), Count("Q4_0", 7168))
    assert [told.value for told in found(said, Component.ARCHITECTURE, Claim.REFERENCED)] == ["llama"]
    assert found(said, Component.TOKENIZER, Claim.PRESENT)


def test_a_model_of_whisper_is_told_by_its_layout() -> None:
    said, fault = hear(ggml, "ggml-tiny.bin", FILES["ggml-tiny.bin"])
    assert (fault, rules(said)) == (None, [])
    assert said[0] == Format("whisper-ggml")
    assert (weights(said).tensors, weights(said).parameters, weights(said).shapes) == (
        11,
        112,
        (Count("4", 8), Count("8x4", 2), Count("4x4", 1)),
    )


def test_an_adapter_is_one() -> None:
    said, fault = hear(ggml, "ggml-adapter-model.bin", FILES["ggml-adapter-model.bin"])
    assert (fault, said[0]) == (None, Format("ggla"))
    assert found(said, Component.PARAMETERS, Claim.PRESENT)[0].value == "ggla-adapter"
    assert weights(said).parameters == 16


@pytest.mark.parametrize(("numbers", "repeats", "name"), [(6, True, "gpt-2"), (7, True, "gpt-j"), (8, False, "gpt-neox")])
def test_the_layouts_of_other_models_are_tried(numbers: int, repeats: bool, name: str) -> None:
    head = b"lmgg" + struct.pack(f"<{numbers}i", 2, *[16] * (numbers - 2), 1) + (struct.pack("<i", 2) if repeats else b"")
    head += b"".join(struct.pack("<I", 2) + token for token in (b"ab", b"cd"))
    said, fault = hear(ggml, "m.bin", head + records(LLAMA[:1], 0, aligned=False))
    assert fault is None
    assert [told.value for told in found(said, Component.ARCHITECTURE, Claim.REFERENCED)] == [name]
    assert weights(said).parameters == 128


def test_two_tensors_of_one_name_are_an_issue() -> None:
    assert rules(hear(ggml, "m.bin", llama_bytes(b"tjgg", 3, (*LLAMA, LLAMA[0])))[0]) == ["ggml.duplicate-tensor"]


@pytest.mark.parametrize(
    "data",
    [
        b"tjgg\x04\0\0\0",
        b"fmgg\x02\0\0\0",
        b"algg\x02\0\0\0",
        b"lmgg" + b"\xff" * 60,
        b"lmgg" + b"\x09\0\0\0" + b"x" * 60,
        b"tjgg\x03\0\0\0" + struct.pack("<7i", -1, *[1] * 6),
    ],
)
def test_what_is_not_known_is_a_problem(data: bytes) -> None:
    said, fault = hear(ggml, "m.bin", data)
    assert len(said) == 1
    assert fault is not None


def test_a_type_of_unknown_size_ends_the_walk_and_keeps_what_was_read() -> None:
    data = llama_bytes(b"tjgg", 3) + struct.pack("<4i", 1, 1, 40, 8) + b"x" + bytes(64)
    said, fault = hear(ggml, "m.bin", data)
    assert fault is not None
    assert weights(said).tensors == 13
    assert [told.value for told in found(said, Component.PARAMETERS, Claim.MISSING)] == ["damaged"]


@pytest.mark.parametrize("name", ["ggjt-model.bin", "ggml-model.bin"])
def test_a_cut_model_is_a_problem(name: str) -> None:
    assert all(hear(ggml, name, part)[1] for part in cut(FILES[name], 60) if len(part) >= 4)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_no_crash(name: str) -> None:
    survive(ggml, name, FILES[name])


def test_a_huge_spectrogram_or_vocabulary_costs_nothing() -> None:
    head = b"lmgg" + struct.pack("<11i", 2**31 - 1, *[1] * 10) + struct.pack("<2i", 1 << 19, 1 << 19)
    assert hear(ggml, "m.bin", head + whisper_bytes())[1] is not None
