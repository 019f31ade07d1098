"""llama2.c: three versions of one model, told by a magic number or by arithmetic alone."""

import pytest

from detectors.weights.llama2_c import llama2_c
from inspector.detector import Format
from inspector.model import Claim, Component
from sample_bundles.formats.llama2_c import DIM, FREQUENCIES, MATRICES, NORMS, VOCABULARY, llama2_c_bytes
from tests.detectors.weights.hearing import found, hear, rules, survive, weights

EACH = pytest.mark.parametrize("version", [0, 1, 2])


@EACH
@pytest.mark.parametrize("shared", [True, False])
def test_every_version_gives_its_tensors(version: int, shared: bool) -> None:
    said, fault = hear(llama2_c, "stories.bin", llama2_c_bytes(version, shared=shared))
    assert (fault, rules(said)) == (None, [])
    assert said[0] == Format("llama2.c")
    more = 0 if shared else VOCABULARY * DIM
    assert weights(said).parameters == NORMS + MATRICES + more + (FREQUENCIES if version == 0 else 0)
    assert {count.name for count in weights(said).dtypes} == ({"F32", "I8"} if version == 2 else {"F32"})
    assert [told.value for told in found(said, Component.ARCHITECTURE, Claim.REFERENCED)] == ["llama"]


def test_without_a_magic_number_a_single_byte_decides() -> None:
    data = llama2_c_bytes(0)
    for other in (data + b"\0", data + bytes(4), data[:-4], b"", data[:28], b"\xff" + data[1:]):
        assert hear(llama2_c, "stories.bin", other) == ([], None)


@pytest.mark.parametrize("version", [1, 2])
def test_a_size_that_is_wrong_is_said(version: int) -> None:
    data = llama2_c_bytes(version)
    assert rules(hear(llama2_c, "m.bin", data + b"hidden")[0]) == ["llama2-c.trailing-bytes"]
    said, fault = hear(llama2_c, "m.bin", data[:-1])
    assert fault is not None
    assert fault.startswith("truncated")
    assert [told.value for told in found(said, Component.PARAMETERS, Claim.MISSING)] == ["truncated"]
    assert rules(hear(llama2_c, "m.bin", data[:200] + b"x" + data[201:])[0]) == ["llama2-c.padding"]


@pytest.mark.parametrize(
    "data", [b"24ka" + b"\x03\0\0\0" + bytes(248), b"24ka\x01\0\0\0" + bytes(248), b"24ka\x02\0\0\0" + b"\xff" * 248, b"24ka"]
)
def test_a_header_that_no_model_has_is_a_problem(data: bytes) -> None:
    said, fault = hear(llama2_c, "m.bin", data)
    assert said == [Format("llama2.c")]
    assert fault is not None


@EACH
def test_a_damaged_file_is_no_crash(version: int) -> None:
    survive(llama2_c, "stories.bin", llama2_c_bytes(version))
