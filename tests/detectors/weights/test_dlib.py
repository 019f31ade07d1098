"""dlib: networks and predictors of shapes by their first numbers."""

import bz2

import pytest

from detectors.weights.dlib import dlib
from inspector.detector import Format
from inspector.model import Claim, Component
from sample_bundles.formats.dlib import NETWORK, SHAPES, number
from tests.detectors.weights.hearing import found, hear, survive


@pytest.mark.parametrize(("data", "name"), [(NETWORK, "dlib loss_metric_2"), (SHAPES, "dlib shape_predictor 68 landmarks")])
def test_each_kind_is_told_by_its_first_numbers(data: bytes, name: str) -> None:
    said, fault = hear(dlib, "a.dat", data)
    assert (fault, said[0]) == (None, Format("dlib"))
    assert found(said, Component.PARAMETERS, Claim.PRESENT)
    assert [told.value for told in found(said, Component.ARCHITECTURE, Claim.REFERENCED)] == [name]


def test_a_network_packed_with_bzip2_is_told_by_what_is_packed() -> None:
    said, fault = hear(dlib, "a.dat.bz2", bz2.compress(NETWORK))
    assert (fault, said[0]) == (None, Format("dlib"))
    assert hear(dlib, "a.dat.bz2", bz2.compress(b"text")) == ([], None)
    assert hear(dlib, "a.dat.bz2", bz2.compress(NETWORK)[:20]) == ([], None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text in a file",
        bytes(40),
        NETWORK[:8],
        number(99) + NETWORK[2:],
        number(1) + number(13) + b"loss_\xff\xff",
        SHAPES[:9],
        number(1) + number(-7) + SHAPES[5:],
    ],
)
def test_other_files_of_that_name_are_left_alone(data: bytes) -> None:
    assert hear(dlib, "a.dat", data) == ([], None)


def test_a_damaged_file_is_no_crash() -> None:
    survive(dlib, "a.dat", SHAPES)
