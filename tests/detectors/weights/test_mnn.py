"""MNN: the numbers of operators, in the file and beside it."""

import pytest

from detectors.weights.mnn import mnn
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Stored
from sample_bundles.flat_buffers import Table, flat_bytes
from sample_bundles.formats.mnn import CONVOLUTION, EXTRA, FILES, convolution, mnn_bytes, operator
from tests.detectors.weights.hearing import found, hear, rules, survive, weights

WHOLE = FILES["net.mnn"]


def test_the_numbers_of_operators_are_counted() -> None:
    said, fault = hear(mnn, "net.mnn", WHOLE)
    assert (fault, rules(said), said[0]) == (None, [], Format("mnn"))
    assert weights(said).dtypes == (Count("F32", 20), Count("I32", 2), Count("packed", 9))
    assert weights(said).metadata == ("mnn_uuid", "source onnx")


def test_numbers_beside_are_told_with_their_bytes() -> None:
    data = mnn_bytes(
        operator("a", CONVOLUTION, convolution(0, external=(0, 40, 8))), operator("b", CONVOLUTION, convolution(0, external=(48, 16)))
    )
    said, fault = hear(mnn, "m/net.mnn", data)
    assert (fault, rules(said)) == (None, [])
    (beside,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert beside.details == Stored(files=("m/net.mnn.weight",), size=64)
    assert weights(said).parameters == 64


def test_an_operator_of_others_is_an_issue() -> None:
    said, _ = hear(
        mnn, "net.mnn", mnn_bytes(operator("conv1", CONVOLUTION, convolution()), operator("mine", EXTRA, Table(["type", "engine"])))
    )
    assert rules(said) == ["mnn.custom-operator"]


@pytest.mark.parametrize("data", [b"", bytes(40), b"\xff" * 40, flat_bytes(Table([1, 2])), flat_bytes(Table([None, None, None, []]))])
def test_other_files_of_that_name_are_left_alone(data: bytes) -> None:
    assert hear(mnn, "net.mnn", data) == ([], None)


def test_a_damaged_file_is_no_crash() -> None:
    survive(mnn, "net.mnn", WHOLE, 300)
