"""PaddlePaddle: tensors behind one another, programs that describe them, and both that do not fit."""

import struct

import pytest

from detectors.weights.paddle import paddle_params, paddle_program
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Sizes, Stored
from sample_bundles.formats.paddle import FILES, TENSORS, description, params_bytes, program_bytes
from sample_bundles.messages import field
from tests.detectors.weights.damage import cut
from tests.detectors.weights.hearing import found, hear, rules, survive, weights

PARAMS, PROGRAM = FILES["inference.pdiparams"], FILES["inference.pdmodel"]


def test_tensors_are_counted_one_after_the_other() -> None:
    said, fault = hear(paddle_params, "inference.pdiparams", PARAMS)
    assert (fault, rules(said), said[0]) == (None, [], Format("paddle-params"))
    assert (weights(said).tensors, weights(said).parameters, weights(said).dtypes) == (2, 112, (Count("F32", 112),))


def test_levels_of_detail_are_passed_over() -> None:
    data = struct.pack("<IQQ", 0, 1, 16) + bytes(16) + struct.pack("<Ii", 0, 4) + description((3,)) + bytes(12)
    said, fault = hear(paddle_params, "a.pdiparams", data)
    assert fault is None or said == []


def test_a_program_says_what_stands_beside_it() -> None:
    said, fault = hear(paddle_program, "m/inference.pdmodel", PROGRAM)
    assert (fault, rules(said), said[0]) == (None, [], Format("paddle-program"))
    (kept,) = found(said, Component.MODEL_METADATA, Claim.PRESENT)
    assert kept.details == Sizes(sizes=(Count("operators", 1), Count("parameters", 112)))
    (beside,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert beside.details == Stored(files=("m/inference.pdiparams",), size=len(PARAMS), whole=True)
    (older,) = found(hear(paddle_program, "m/__model__", PROGRAM)[0], Component.PARAMETERS, Claim.REFERENCED)
    assert older.value == "__params__"


def test_a_program_that_calls_python_is_an_issue() -> None:
    assert rules(hear(paddle_program, "a.pdmodel", program_bytes(operator="py_func"))[0]) == ["paddle.calls-python"]


def test_an_open_size_leaves_the_bytes_open() -> None:
    said, _ = hear(paddle_program, "a.pdmodel", program_bytes((*TENSORS, ("open", (-1, 2)))))
    (beside,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert isinstance(beside.details, Stored)
    assert not beside.details.whole


@pytest.mark.parametrize("data", [b"", b"{}", bytes(10), b"\x80\x02N.", b"\n\x02ab", b"\n"])
def test_other_files_of_these_names_are_left_alone(data: bytes) -> None:
    assert hear(paddle_params, "a.pdiparams", data) == ([], None)
    assert hear(paddle_program, "a.pdmodel", data) == ([], None)


@pytest.mark.parametrize(
    "data",
    [
        PARAMS + b"hidden",
        PARAMS + struct.pack("<I", 7) + bytes(40),
        PARAMS + struct.pack("<IQ", 0, 2**60) + bytes(40),
        PARAMS + struct.pack("<IQIi", 0, 0, 0, -5) + bytes(40),
        PARAMS + struct.pack("<IQIi", 0, 0, 0, 2000) + bytes(4000),
        struct.pack("<IQIi", 0, 0, 0, len(description((-3,)))) + description((-3,)),
        PARAMS[:-1],
        params_bytes(dtype=99),
    ],
)
def test_a_description_that_does_not_fit_is_a_problem(data: bytes) -> None:
    said, fault = hear(paddle_params, "a.pdiparams", data)
    assert said[0] == Format("paddle-params")
    assert fault is not None


def test_a_cut_or_damaged_file_is_no_crash() -> None:
    assert all(hear(paddle_params, "a.pdiparams", part)[1] for part in cut(PARAMS) if len(part) > 30 and len(part) != len(PARAMS) - 38)
    survive(paddle_params, "a.pdiparams", PARAMS)
    survive(paddle_program, "a.pdmodel", PROGRAM)
    assert hear(paddle_program, "a.pdmodel", PROGRAM + field(1, b"\xff" * 9))[1] is not None
