"""MXNet: arrays in every version of their records, and lists that do not fit."""

import struct

import pytest

from detectors.weights.mxnet import mxnet
from inspector.detector import Format
from inspector.model import Claim, Component, Count
from sample_bundles.formats.mxnet import ARRAYS, FILES, mxnet_bytes
from tests.detectors.weights.damage import cut
from tests.detectors.weights.hearing import found, hear, rules, survive, weights

WHOLE = FILES["model-0000.params"]


@pytest.mark.parametrize("version", [0, 1, 2, 3])
@pytest.mark.parametrize("names", [True, False])
def test_every_version_gives_its_arrays(version: int, names: bool) -> None:
    said, fault = hear(mxnet, "model.params", mxnet_bytes(version=version, names=names))
    assert (fault, rules(said), said[0]) == (None, [], Format("mxnet"))
    assert (weights(said).tensors, weights(said).parameters, weights(said).dtypes) == (3, 20, (Count("F32", 20),))


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("mxnet.trailing-bytes", WHOLE + b"hidden"),
        ("mxnet.duplicate-name", mxnet_bytes((*ARRAYS, ARRAYS[0]))),
        ("mxnet.names", mxnet_bytes(names=False)[:-8] + struct.pack("<QQ", 1, 1) + b"a"),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, data: bytes) -> None:
    said, fault = hear(mxnet, "m.params", data)
    assert (fault, rules(said)) == (None, [rule])


@pytest.mark.parametrize(
    "data",
    [
        WHOLE[:16] + struct.pack("<Q", 2**60),
        WHOLE[:28] + struct.pack("<i", 1) + WHOLE[32:],
        WHOLE[:32] + struct.pack("<i", 99) + WHOLE[36:],
        WHOLE[:36] + struct.pack("<2q", -1, 3) + WHOLE[52:],
        WHOLE[:36] + struct.pack("<2q", 2**40, 3) + WHOLE[52:],
        WHOLE[:60] + struct.pack("<i", 77) + WHOLE[64:],
    ],
)
def test_what_cannot_be_read_is_a_problem(data: bytes) -> None:
    assert hear(mxnet, "m.params", data)[1] is not None


def test_a_cut_or_damaged_file_is_no_crash() -> None:
    assert all(hear(mxnet, "m.params", part)[1] for part in cut(WHOLE) if len(part) >= 16)
    assert found(hear(mxnet, "m.params", WHOLE[:-70])[0], Component.PARAMETERS, Claim.MISSING)
    survive(mxnet, "m.params", WHOLE)
