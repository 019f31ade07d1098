"""Pickles: legacy torch files, pickled arrays, and streams that act, break or hide something."""

import pickle as python_pickle
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.weights.pickle import pickle
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.weights import Tensor, torch_legacy_bytes
from tests.detectors.weights.hearing import found, hear, rules, weights

TENSORS = (Tensor("model.embed.weight", "F32", (4, 300)), Tensor("model.norm.weight", "BF16", (7,)))
LEGACY = torch_legacy_bytes(TENSORS)
ARRAYS = {"w": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.zeros(5, dtype=np.int8)}
ACTS = b"cos\nsystem\n(S'true'\ntR."


def test_a_legacy_file_gives_the_parameters_and_nothing_else() -> None:
    said, fault = hear(pickle, "pytorch_model.bin", LEGACY)
    assert fault is None
    assert said[0] == Format("torch-legacy")
    assert len(said) == 2
    details = weights(said)
    assert (details.tensors, details.parameters) == (2, 1207)
    assert details.dtypes == (Count("BF16", 7), Count("F32", 1200))


def test_a_truncated_legacy_file_is_evidence_first_and_then_a_problem() -> None:
    said, fault = hear(pickle, "pytorch_model.bin", LEGACY[:-1])
    assert weights(said).tensors == 2
    assert found(said, Component.PARAMETERS, Claim.MISSING)[0].value == "truncated"
    assert fault is not None
    assert "truncated" in fault


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_pickled_arrays_are_parameters_also_without_a_suffix(protocol: int) -> None:
    said, fault = hear(pickle, "ckpt-0/tensor00000_000", python_pickle.dumps(ARRAYS, protocol))
    assert fault is None
    assert found(said, Component.PARAMETERS, Claim.PRESENT)[0].value == "pickle"
    assert weights(said).dtypes == (Count("F32", 6), Count("I8", 5))
    assert rules(said) == []


@pytest.mark.parametrize("name", ["train.pkl", "test_data.pkl", "vocab.pickle"])
def test_arrays_of_data_are_not_called_parameters(name: str) -> None:
    said, _ = hear(pickle, name, python_pickle.dumps(ARRAYS))
    assert said == [Format("pickle")]


def test_an_array_of_objects_is_no_parameters() -> None:
    said, _ = hear(pickle, "model.pkl", python_pickle.dumps(np.array([{}, None], dtype=object)))
    assert found(said, Component.PARAMETERS, Claim.PRESENT) == []


@pytest.mark.parametrize("name", ["requirements.txt", "README.md", "model.bin", "x.pkl"])
@pytest.mark.parametrize("text", ["(this is text)\n", "cython\nnumpy\n", "]\n", "", "c", "torch==2.0\n.\n", "\u0080text"])
def test_no_text_is_read_as_a_pickle(name: str, text: str) -> None:
    assert hear(pickle, name, text.encode()) == ([], None)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.pkl", ACTS),
        ("x.bin", ACTS[:-1] + b"\xff"),
        ("x", b"\x80\x02" + ACTS),
        ("x", b"\x80\x02" + ACTS[:-1] + b"\xff"),
        ("x", python_pickle.dumps({}) + b"\x80\x02" + ACTS),
        ("x", b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93."),
        ("x", b"\x80\x04\x8c\x05posix\x940h\x00\x8c\x06system\x93."),
        ("x", b"\x80\x02S'\\x6fs'\nS'system'\n\x93."),
        ("x", b"\x80\x02}}\x93."),
        ("x", b"\x80\x02\x82\x01."),
        ("x", b"\x80\x02(S'a'\nios\nsystem\n."),
        ("x", b"\x80\x02c__builtin__\neval\n."),
        ("x", b"\x80\x02cbuiltins\ngetattr\n."),
        ("x", b"\x80\x02casyncio.unix_events\n_UnixSubprocessTransport\n."),
    ],
)
def test_what_acts_is_a_grave_issue_however_it_is_written(name: str, data: bytes) -> None:
    issues = [told for told in hear(pickle, name, data)[0] if isinstance(told, Issue)]
    assert [(issue.rule, issue.severity) for issue in issues if issue.severity is Severity.HIGH] == [
        ("pickle.unexpected-global", Severity.HIGH)
    ]


def test_an_unknown_class_is_an_issue_of_its_own_severity() -> None:
    said, _ = hear(pickle, "model.pkl", b"\x80\x02cmodels.yolo\nModel\n)\x81.")
    assert [(told.rule, told.severity) for told in said if isinstance(told, Issue)] == [("pickle.unexpected-global", Severity.MEDIUM)]


def test_bytes_behind_the_last_pickle_are_an_issue() -> None:
    assert rules(hear(pickle, "model.pkl", python_pickle.dumps(ARRAYS) + b"MZ hidden")[0]) == ["pickle.trailing-bytes"]
    assert rules(hear(pickle, "model.bin", LEGACY + b"x")[0]) == ["pickle.trailing-bytes"]


def test_optimizer_state_is_not_called_parameters() -> None:
    said, _ = hear(pickle, "optimizer.pt", LEGACY)
    assert found(said, Component.PARAMETERS, Claim.PRESENT) == []
    assert found(said, Component.CHECKPOINTS, Claim.PRESENT)[0].value == "optimizer-state"


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\x04\x8e" + struct.pack("<Q", 2**63) + b"x",
        b"\x80\x02X\xff\xff\xff\x7f",
        b"\x80\x02R.",
        b"\x80\x02t.",
        b"\x80\x02q\x00.",
        b"\x80\x02I" + b"9" * 70_000,
        b"\x80\x02Ixyz\n.",
    ],
)
def test_a_stream_that_breaks_is_malformed(data: bytes) -> None:
    said, fault = hear(pickle, "model.pkl", data)
    assert said == [Format("pickle")]
    assert fault


def test_a_pickle_that_grows_without_end_is_stopped() -> None:
    said, fault = hear(pickle, "model.pkl", b"\x80\x02" + b"}" * 600_000 + b".")
    assert said == [Format("pickle")]
    assert fault is not None
    assert "limits" in fault


@settings(deadline=None, max_examples=200)
@given(cut=st.integers(2, len(LEGACY)), place=st.integers(2, 700), byte=st.integers(0, 255))
def test_no_cut_and_no_flipped_byte_is_more_than_malformed(cut: int, place: int, byte: int) -> None:
    changed = bytearray(LEGACY)
    changed[place] = byte
    for data in (bytes(changed), bytes(changed[:cut])):
        said, fault = hear(pickle, "model.bin", data)
        assert fault or said


@settings(deadline=None, max_examples=200)
@given(data=st.binary(max_size=400), protocol=st.sampled_from([b"\x80\x02", b"\x80\x04\x95", b"", b"("]))
def test_no_stream_of_any_bytes_is_more_than_malformed(data: bytes, protocol: bytes) -> None:
    said, fault = hear(pickle, "model.pkl", protocol + data)
    assert fault is None or said == [] or said[0] in {Format("pickle"), Format("torch-legacy")}
