"""GGUF: what is said of whole files of every version, and of each way in which one can be wrong."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.weights.gguf import gguf
from inspector.detector import Declared, Format
from inspector.model import Claim, Component, Count, Issue, Reference, Severity
from sample_bundles.weights import GgufValue, Tensor, gguf_bytes
from tests.detectors.weights.hearing import found, hear, rules, weights

TENSORS = (Tensor("token_embd.weight", "F32", (8, 4)), Tensor("blk.0.ffn.weight", "Q8_0", (3, 64)))
METADATA: dict[str, GgufValue] = {
    "general.architecture": "llama",
    "general.license": "llama2",
    "general.license.name": "Llama 2",
    "general.license.link": "https://example.org/license",
    "general.base_model.count": 1,
    "general.base_model.0.name": "Llama 2 7B",
    "general.base_model.0.repo_url": "https://huggingface.co/meta-llama/Llama-2-7b",
    "general.dataset.0.repo_url": "https://huggingface.co/datasets/allenai/c4",
    "general.datasets": ["pile"],
    "llama.block_count": 1,
    "llama.rope.freq_base": 10000.0,
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.tokens": ["a", "b", "c"],
    "tokenizer.ggml.scores": [0.0, 0.5, 1.0],
    "tokenizer.ggml.token_type": [1, 1, 1],
    "tokenizer.nested": [["a"], ["b", "c"]],
    "general.flag": True,
}
WHOLE = gguf_bytes(TENSORS, METADATA)


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("order", ["<", ">"])
def test_every_version_and_byte_order_is_read_alike(version: int, order: str) -> None:
    said, fault = hear(gguf, "model.gguf", gguf_bytes(TENSORS, METADATA, version, order))
    assert fault is None
    assert said[0] == Format("gguf")
    details = weights(said)
    assert (details.tensors, details.parameters) == (2, 224)
    assert details.dtypes == (Count("F32", 32), Count("Q8_0", 192))
    assert details.shapes == (Count("3x64", 1), Count("8x4", 1))
    assert rules(said) == []


def test_the_header_names_architecture_and_tokenizer() -> None:
    said, _ = hear(gguf, "model.gguf", WHOLE)
    assert [item.value for item in found(said, Component.ARCHITECTURE, Claim.REFERENCED)] == ["llama"]
    assert [item.value for item in found(said, Component.TOKENIZER, Claim.PRESENT)] == ["gpt2"]


def test_the_licence_is_declared_with_its_name_link_and_bytes() -> None:
    declared = next(told for told in hear(gguf, "model.gguf", WHOLE)[0] if isinstance(told, Declared))
    assert (declared.text, declared.name, declared.link) == ("llama2", "Llama 2", "https://example.org/license")
    assert declared.pointer == "general.license"
    assert declared.span is not None
    assert WHOLE[declared.span.start : declared.span.end].endswith(b"llama2")


def test_base_models_and_data_sets_are_named_by_repository() -> None:
    said, _ = hear(gguf, "model.gguf", WHOLE)
    derived = found(said, Component.PARAMETERS, Claim.DERIVED)
    assert [item.details for item in derived] == [Reference(kind="model", target="meta-llama/Llama-2-7b")]
    data = [item.details for item in found(said, Component.DATASETS, Claim.REFERENCED)]
    assert data == [Reference(kind="dataset", target="allenai/c4"), Reference(kind="dataset", target="pile")]


def test_a_vocabulary_alone_is_no_parameters() -> None:
    said, _ = hear(gguf, "vocab.gguf", gguf_bytes([], METADATA))
    assert found(said, Component.PARAMETERS, Claim.PRESENT) == []
    assert rules(said) == ["gguf.no-tensors"]


def test_an_adapter_and_an_importance_matrix_are_not_called_a_model() -> None:
    adapter, _ = hear(gguf, "a.gguf", gguf_bytes(TENSORS, {"general.type": "adapter"}))
    assert found(adapter, Component.PARAMETERS, Claim.PRESENT)[0].value == "gguf-adapter"
    matrix, _ = hear(gguf, "i.gguf", gguf_bytes(TENSORS, {"general.type": "imatrix"}))
    assert found(matrix, Component.PARAMETERS, Claim.PRESENT) == []
    assert found(matrix, Component.MODEL_METADATA, Claim.PRESENT)[0].value == "importance-matrix"


def test_truncated_data_is_evidence_first_and_then_a_problem() -> None:
    said, fault = hear(gguf, "model.gguf", WHOLE[:-40])
    assert weights(said).tensors == 2
    assert found(said, Component.PARAMETERS, Claim.MISSING)[0].value == "truncated"
    assert fault is not None
    assert "truncated" in fault


def test_the_padding_of_the_last_tensor_may_be_missing() -> None:
    assert len(WHOLE) % 32 == 0
    said, fault = hear(gguf, "model.gguf", WHOLE[: len(WHOLE) - (-(6 * 34) % 32)])
    assert fault is None
    assert rules(said) == []


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("gguf.trailing-bytes", WHOLE + b"hidden"),
        ("gguf.block-count", gguf_bytes(TENSORS, METADATA | {"llama.block_count": 513})),
        ("gguf.tokenizer-array", gguf_bytes(TENSORS, METADATA | {"tokenizer.ggml.scores": [1.0]})),
        ("gguf.tokenizer-array", gguf_bytes(TENSORS, METADATA | {"tokenizer.ggml.tokens": [1, 2, 3]})),
        ("gguf.duplicate-tensor", gguf_bytes([TENSORS[0], TENSORS[0]], METADATA)),
        ("gguf.duplicate-key", gguf_bytes(TENSORS, METADATA | {"general.licensf": "mit"}).replace(b"general.licensf", b"general.license")),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, data: bytes) -> None:
    said, fault = hear(gguf, "model.gguf", data)
    assert fault is None
    assert rules(said) == [rule]


@pytest.mark.parametrize(("offset", "rule"), [(96, "gguf.overlap"), (160, "gguf.hole")])
def test_tensors_that_do_not_follow_one_another_are_an_issue(offset: int, rule: str) -> None:
    place = WHOLE.index(b"blk.0.ffn.weight") + len(b"blk.0.ffn.weight") + 4 + 16 + 4
    changed = WHOLE[:place] + struct.pack("<Q", offset) + WHOLE[place + 8 :]
    assert rule in rules(hear(gguf, "model.gguf", changed + bytes(64))[0])


def test_an_unknown_type_is_counted_and_its_size_left_open() -> None:
    place = WHOLE.index(b"blk.0.ffn.weight") + len(b"blk.0.ffn.weight") + 4 + 16
    said, fault = hear(gguf, "model.gguf", WHOLE[:place] + struct.pack("<I", 137) + WHOLE[place + 4 :])
    assert fault is None
    assert Count("type 137", 192) in weights(said).dtypes
    assert rules(said) == ["gguf.unknown-type"]


@pytest.mark.parametrize(
    "data",
    [
        b"GGUF",
        b"GGUF" + struct.pack("<IQQ", 4, 0, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 2**64 - 1, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 2**63),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2**63) + bytes(20),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<I", 99) + bytes(20),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<IIQ", 9, 8, 2**61) + bytes(20),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<IIQ", 9, 0, 2**61) + bytes(20),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 9 + bytes(20),
        b"GGUF" + struct.pack("<IQQQ", 3, 1, 0, 1) + b"t" + struct.pack("<IQQQQIQ", 4, 2**61, 2, 2, 2, 0, 0),
        b"GGUF" + struct.pack("<IQQQ", 3, 1, 0, 1) + b"t" + struct.pack("<I", 2**32 - 1) + bytes(40),
        gguf_bytes(TENSORS, {"general.alignment": 0}),
        gguf_bytes(TENSORS, {"general.alignment": 24}),
    ],
)
def test_what_cannot_be_read_is_malformed(data: bytes) -> None:
    _, fault = hear(gguf, "model.gguf", data)
    assert fault


@settings(deadline=None, max_examples=200)
@given(cut=st.integers(4, len(WHOLE)), place=st.integers(4, len(WHOLE) - 1), byte=st.integers(0, 255))
def test_no_cut_and_no_flipped_byte_is_more_than_malformed(cut: int, place: int, byte: int) -> None:
    changed = bytearray(WHOLE)
    changed[place] = byte
    said, _ = hear(gguf, "model.gguf", bytes(changed[:cut]))
    assert said[0] == Format("gguf")


@settings(deadline=None, max_examples=100)
@given(numbers=st.lists(st.integers(0, 2**64 - 1), min_size=3, max_size=12))
def test_lying_lengths_are_never_believed(numbers: list[int]) -> None:
    said, fault = hear(gguf, "m", b"GGUF\3\0\0\0" + b"".join(struct.pack("<Q", number) for number in numbers))
    assert fault or rules(said) or said


def test_the_severity_of_what_readers_disagree_on_is_high() -> None:
    said, _ = hear(gguf, "m", gguf_bytes([TENSORS[0], TENSORS[0]], METADATA))
    assert [told.severity for told in said if isinstance(told, Issue)] == [Severity.HIGH]


@pytest.mark.parametrize(
    ("number", "dtype", "value", "raised"),
    [
        (15, "Q4_K", "quantization Q4_K_M, mostly Q4_K", []),
        (15, "Q6_K", "quantization Q4_K_M, mostly Q6_K", ["quantization.other-file-type"]),
        (7, "Q8_0", "quantization Q8_0", []),
        (27, "Q4_K", "quantization IQ3_M, mostly Q4_K", []),
        (999, "F16", "quantization file type 999, mostly F16", []),
        (None, "Q4_0", "quantization Q4_0", []),
    ],
)
def test_the_quantization_is_named_by_the_header_and_by_most_elements(
    number: int | None, dtype: str, value: str, raised: list[str]
) -> None:
    keys: dict[str, GgufValue] = {"general.architecture": "llama"}
    if number is not None:
        keys["general.file_type"] = number
    said, fault = hear(gguf, "m.gguf", gguf_bytes([Tensor("a.weight", dtype, (2, 256)), Tensor("n.weight", "F32", (4,))], keys))
    assert fault is None
    assert [item.value for item in found(said, Component.PARAMETERS, Claim.DESCRIBED)] == [value]
    assert [rule for rule in rules(said) if rule.startswith("quantization.")] == raised


def test_bytes_that_only_align_tensors_are_zero_or_an_issue() -> None:
    assert "gguf.padding" in rules(hear(gguf, "model.gguf", WHOLE[:-1] + b"x")[0])
    assert "gguf.padding" not in rules(hear(gguf, "model.gguf", WHOLE)[0])
