"""safetensors: what is said of whole files, and of each way in which one can be wrong."""

import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.weights.safetensors import safetensors
from inspector.detector import Declared, Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.weights import Tensor, lfs_pointer, safetensors_bytes
from tests.detectors.weights.hearing import found, hear, rules, weights

TENSORS = (Tensor("model.embed.weight", "F32", (4, 30)), Tensor("model.norm.weight", "BF16", (7,)), Tensor("step", "I64", ()))
WHOLE = safetensors_bytes(TENSORS, {"format": "pt"})
A = '"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}'
B = '"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}'


def written(header: str | bytes, data: bytes = b"") -> bytes:
    """A file with a header as it is given."""
    raw = header.encode() if isinstance(header, str) else header
    return struct.pack("<Q", len(raw)) + raw + data


def test_a_whole_file_gives_the_parameters_and_nothing_else() -> None:
    said, fault = hear(safetensors, "model.safetensors", WHOLE)
    assert fault is None
    assert said[0] == Format("safetensors")
    assert len(said) == 2
    details = weights(said)
    assert (details.tensors, details.parameters) == (3, 128)
    assert details.dtypes == (Count("BF16", 7), Count("F32", 120), Count("I64", 1))
    assert details.shapes == (Count("4x30", 1), Count("7", 1), Count("scalar", 1))
    assert details.metadata == ("format",)


def test_the_span_of_the_evidence_is_the_header() -> None:
    said, _ = hear(safetensors, "model.safetensors", WHOLE)
    span = found(said, Component.PARAMETERS, Claim.PRESENT)[0].span
    assert span is not None
    assert (span.start, span.end) == (0, 8 + int.from_bytes(WHOLE[:8], "little"))


def test_content_decides_when_the_name_says_something_else() -> None:
    assert hear(safetensors, "pytorch_model.bin", WHOLE)[0][0] == Format("safetensors")


def test_text_that_looks_like_it_for_two_bytes_is_left_alone() -> None:
    assert hear(safetensors, "x.json", b'[1, 2, [{"a": 1}]]') == ([], None)
    assert hear(safetensors, "x.json", b'12345678{"a": 1}') == ([], None)


def test_a_pointer_is_left_to_the_detector_of_pointers() -> None:
    assert hear(safetensors, "model.safetensors", lfs_pointer("0" * 64, 5)) == ([], None)


@pytest.mark.parametrize("key", ["license", "modelspec.license", "general.license"])
def test_a_licence_in_the_metadata_is_declared_for_the_file(key: str) -> None:
    said, _ = hear(safetensors, "m.safetensors", safetensors_bytes(TENSORS, {key: "apache-2.0"}))
    declared = next(told for told in said if isinstance(told, Declared))
    assert (declared.text, declared.pointer, declared.component) == ("apache-2.0", key, Component.PARAMETERS)


def test_an_adapter_is_not_called_a_model() -> None:
    names = ("base_model.model.layers.0.q_proj.lora_A.weight", "base_model.model.layers.0.q_proj.lora_B.weight")
    said, _ = hear(safetensors, "adapter_model.safetensors", safetensors_bytes([Tensor(name, "F32", (2, 2)) for name in names]))
    assert found(said, Component.PARAMETERS, Claim.PRESENT)[0].value == "safetensors-adapter"


@pytest.mark.parametrize(("path", "tensor"), [("optim.safetensors", "x"), ("state.safetensors", "layers.0.weight.exp_avg")])
def test_optimizer_state_is_not_called_parameters(path: str, tensor: str) -> None:
    said, _ = hear(safetensors, path, safetensors_bytes([Tensor(tensor, "F32", (2, 2))]))
    assert found(said, Component.PARAMETERS, Claim.PRESENT) == []
    assert found(said, Component.CHECKPOINTS, Claim.PRESENT)[0].value == "optimizer-state"


def test_a_truncated_file_is_said_to_be_there_and_to_be_missing_its_end() -> None:
    said, fault = hear(safetensors, "m.safetensors", WHOLE[:-3])
    assert weights(said).tensors == 3
    assert found(said, Component.PARAMETERS, Claim.MISSING)[0].value == "truncated"
    assert fault is not None
    assert "truncated" in fault


def test_a_truncated_header_is_a_problem_not_a_crash() -> None:
    said, fault = hear(safetensors, "m.safetensors", WHOLE[:40])
    assert said == [Format("safetensors")]
    assert fault is not None


@pytest.mark.parametrize(
    ("rule", "severity", "data"),
    [
        ("safetensors.duplicate-key", Severity.HIGH, written(f"{{{A},{B},{A.replace('[0,2]', '[4,6]')}}}", b"123456")),
        (
            "safetensors.duplicate-key",
            Severity.HIGH,
            written(f'{{{A},"\\u0061":{{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}}}', b"1234"),
        ),
        ("safetensors.duplicate-key", Severity.HIGH, written(f'{{"__metadata__":{{"license":"mit","license":"x"}},{A}}}', b"12")),
        ("safetensors.metadata-not-text", Severity.MEDIUM, written(f'{{"__metadata__":{{"a":[1]}},{A}}}', b"12")),
        ("safetensors.trailing-bytes", Severity.MEDIUM, written(f"{{{A}}}", b"12hidden")),
        ("safetensors.hole", Severity.MEDIUM, written(f"{{{A},{B.replace('[2,4]', '[3,5]')}}}", b"12345")),
        ("safetensors.overlap", Severity.HIGH, written(f"{{{A},{B.replace('[2,4]', '[1,3]')}}}", b"123")),
        ("safetensors.size-mismatch", Severity.HIGH, written(f"{{{A.replace('[2]', '[3]')}}}", b"12")),
        ("safetensors.unknown-dtype", Severity.LOW, written(f"{{{A.replace('U8', 'F5_E9')}}}", b"12")),
        ("safetensors.extra-field", Severity.MEDIUM, written(f"{{{A.replace(']}', '],' + chr(34) + 'note' + chr(34) + ':{}}')}}}", b"12")),
        ("safetensors.leading-whitespace", Severity.LOW, written(f" {{{A}}}", b"12")),
        ("safetensors.header-padding", Severity.LOW, written(f"{{{A}}}\0\0", b"12")),
        ("safetensors.header-padding", Severity.LOW, written(f"{{{A}}}" + " " * 900, b"12")),
        ("safetensors.name", Severity.LOW, written(f"{{{A.replace('a', 'a' + chr(0x202E), 1)}}}", b"12")),
        ("safetensors.no-tensors", Severity.LOW, written('{"__metadata__":{"format":"pt"}}')),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, data: bytes) -> None:
    said, fault = hear(safetensors, "m.safetensors", data)
    assert fault is None
    assert [(told.rule, told.severity) for told in said if isinstance(told, Issue)] == [(rule, severity)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>404</html>",
        struct.pack("<Q", 100_000_001) + b'{"a":1}',
        struct.pack("<Q", 2**63) + b'{"a":1}',
        written("{" + A),
        written("[" + A + "]"),
        written(f"{{{A}}} x", b"12"),
        written(f"{{{A.replace('[2]', '[NaN]')}}}", b"12"),
        written(f"{{{A.replace('[2]', '[-2]')}}}", b"12"),
        written(f"{{{A.replace('[2]', '[9007199254740993,9007199254740993]')}}}", b"12"),
        written('{"a":' + "[" * 5000 + "]" * 5000 + "}"),
        written('{"a":{"dtype":"U8","dtype":"I8","shape":[2],"data_offsets":[0,2]}}', b"12"),
        written(b'{"\xff":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}', b"12"),
        written(f'{{"__metadata__":1,{A}}}', b"12"),
    ],
)
def test_what_cannot_be_read_is_malformed_and_claims_nothing(data: bytes) -> None:
    said, fault = hear(safetensors, "m.safetensors", data)
    assert fault
    assert found(said, Component.PARAMETERS, Claim.PRESENT) == []


def test_fields_in_any_order_and_with_spaces_are_read_the_same() -> None:
    plain = written(f"{{{A},{B}}}", b"1234")
    entry = {"shape": [2], "data_offsets": [0, 2], "dtype": "U8"}
    other = written(json.dumps({"a": entry, "b": entry | {"data_offsets": [2, 4]}}, indent=1), b"1234")
    assert weights(hear(safetensors, "m.safetensors", other)[0]) == weights(hear(safetensors, "m.safetensors", plain)[0])


def test_a_rule_broken_a_thousand_times_is_one_issue() -> None:
    header = ",".join(f'"{number}":{{"dtype":"ODD","shape":[1],"data_offsets":[{number},{number + 1}]}}' for number in range(1000))
    said, _ = hear(safetensors, "m.safetensors", written(f"{{{header}}}", bytes(1000)))
    assert rules(said) == ["safetensors.unknown-dtype"]


@settings(deadline=None, max_examples=150)
@given(cut=st.integers(0, len(WHOLE)), place=st.integers(0, len(WHOLE) - 1), byte=st.integers(0, 255))
def test_no_cut_and_no_flipped_byte_is_more_than_malformed(cut: int, place: int, byte: int) -> None:
    changed = bytearray(WHOLE)
    changed[place] = byte
    said, fault = hear(safetensors, "m.safetensors", bytes(changed[:cut]))
    assert said or fault


@settings(deadline=None, max_examples=150)
@given(length=st.integers(0, 2**64 - 1), offsets=st.tuples(st.integers(), st.integers()), shape=st.lists(st.integers(), max_size=4))
def test_lying_lengths_offsets_and_shapes_are_never_believed(length: int, offsets: tuple[int, int], shape: list[int]) -> None:
    header = json.dumps({"a": {"dtype": "F32", "shape": shape, "data_offsets": list(offsets)}}).encode()
    honest, fault = hear(safetensors, "m.safetensors", struct.pack("<Q", len(header)) + header + bytes(8))
    assert fault or rules(honest) or offsets[1] <= 8
    said, fault = hear(safetensors, "m.safetensors", struct.pack("<Q", length) + header)
    assert said or fault
