"""RKNN: containers by their mark, and the JSON in them."""

import pytest

from detectors.weights.rknn import rknn
from inspector.detector import Format
from inspector.model import Claim, Component
from sample_bundles.formats.rknn import FILES, rknn_bytes
from tests.detectors.weights.damage import cut
from tests.detectors.weights.hearing import found, hear, rules, survive

WHOLE = FILES["net.rknn"]


@pytest.mark.parametrize("version", [1, 6, 0x1001])
def test_a_container_is_named_and_called_opaque(version: int) -> None:
    said, fault = hear(rknn, "net.rknn", rknn_bytes(version=version))
    assert (fault, rules(said), said[0]) == (None, ["rknn.opaque"], Format("rknn"))
    (kept,) = found(said, Component.MODEL_METADATA, Claim.PRESENT)
    assert kept.excerpt == "target_platform rk3588, version 2.3.0, name net"


def test_an_encrypted_one_is_said_to_be() -> None:
    assert rules(hear(rknn, "net.rknn", b"CYPTRKNN" + bytes(40))[0]) == ["rknn.opaque", "rknn.encrypted"]
    assert rules(hear(rknn, "net.rknn", b"RKNX" + bytes(40))[0]) == ["rknn.opaque"]
    assert hear(rknn, "net.rknn", b"VPMN" + bytes(40)) == ([], None)


@pytest.mark.parametrize(
    "data", [rknn_bytes("no json"), rknn_bytes(version=2**40), rknn_bytes()[:16] + b"\xff" * 8, WHOLE[:-1], WHOLE[:10]]
)
def test_what_does_not_fit_is_a_problem(data: bytes) -> None:
    assert hear(rknn, "net.rknn", data)[1] is not None


def test_a_damaged_file_is_no_crash() -> None:
    assert all(hear(rknn, "net.rknn", part)[1] for part in cut(WHOLE) if len(part) >= 8)
    survive(rknn, "net.rknn", WHOLE)
