"""Torch7: tensors by their headers, binary and as text; functions are named."""

import pytest

from detectors.weights.torch7 import torch7
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.formats.torch7 import Writer, layer_bytes
from tests.detectors.weights.hearing import found, hear, rules, survive, weights


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize("name", ["model.t7", "model.bin"])
def test_tensors_are_counted_without_gradients(name: str, text: bool) -> None:
    said, fault = hear(torch7, name, layer_bytes(text=text))
    assert (fault, rules(said), said[0]) == (None, [], Format("torch7"))
    assert (weights(said).tensors, weights(said).parameters, weights(said).dtypes) == (2, 15, (Count("F32", 15),))
    assert weights(said).metadata == ("nn.Linear", "torch.FloatStorage", "torch.FloatTensor")
    assert found(said, Component.ARCHITECTURE, Claim.REFERENCED)


@pytest.mark.parametrize("code", [b"\x1bLJ\1", b"\x1bLuaQ"])
def test_a_function_is_named_with_its_place(code: bytes) -> None:
    said, fault = hear(torch7, "model.t7", layer_bytes(more={"forward": code}))
    (issue,) = [item for item in said if isinstance(item, Issue)]
    assert (fault, issue.rule, issue.severity) == (None, "torch7.function", Severity.MEDIUM)
    assert "bytecode" in issue.message


def test_a_table_of_tensors_is_known_by_its_suffix_only() -> None:
    writer = Writer()
    writer.table({"a": (5,)})
    assert weights(hear(torch7, "params.t7", bytes(writer.out))[0]).parameters == 5
    assert hear(torch7, "params.bin", bytes(writer.out)) == ([], None)


def test_long_storages_of_text_are_passed_over() -> None:
    said, fault = hear(torch7, "a.t7", layer_bytes(text=True, more={"running_mean": (100_003,)}))
    assert (fault, rules(said), weights(said).parameters) == (None, [], 100_018)


def test_bytes_behind_the_object_and_a_file_that_is_cut_are_told() -> None:
    whole = layer_bytes()
    assert rules(hear(torch7, "model.t7", whole + b"more")[0]) == ["torch7.trailing-bytes"]
    said, fault = hear(torch7, "model.t7", whole[:-60])
    assert fault is not None
    assert fault.startswith("truncated")
    assert weights(said).tensors >= 1


def test_other_content_and_deep_nesting_are_no_crash() -> None:
    assert hear(torch7, "notes.t7", b"hello") == ([], None)
    deep = b"".join(b"\3\0\0\0" + (place + 1).to_bytes(4, "little") + b"\1\0\0\0" + b"\5\0\0\0\1\0\0\0" for place in range(5000))
    assert "in one another" in str(hear(torch7, "deep.t7", deep)[1])
    survive(torch7, "model.t7", layer_bytes(more={"forward": b"\x1bLJ"}))
    survive(torch7, "model.t7", layer_bytes(text=True))
