"""Snappy: what is packed comes out, and what is none is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import Malformed
from inspector.serialization.snappy import unpack
from sample_bundles.formats.tensorflow_checkpoint import snappy

LIMIT = 10_000


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(1, 90))))
def test_what_is_packed_comes_out(runs: list[tuple[int, int]]) -> None:
    data = b"".join(bytes((byte,)) * count for byte, count in runs)
    assert unpack(snappy(data), LIMIT) == data


def test_copies_and_literals_of_every_width_are_read() -> None:
    assert unpack(bytes((11, 8)) + b"abc" + bytes((0 << 5 | 4 << 2 | 1, 3)), LIMIT) == b"abcabcabcab"
    assert unpack(bytes((6, 8)) + b"abc" + bytes((2 << 2 | 3, 3, 0, 0, 0)), LIMIT) == b"abcabc"
    long = b"x" * 300
    assert unpack(bytes((0xAC, 2, 61 << 2)) + (299).to_bytes(2, "little") + long, LIMIT) == long


@pytest.mark.parametrize(
    "data", [b"", b"\xff" * 6, b"\x02\x00a", b"\x01\x00", b"\x05\x00a\x01\x02", b"\x01\x00ab", b"\x04\x01\x00", b"\xff\xff\xff\x7f"]
)
def test_what_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        unpack(data, LIMIT)


@given(st.binary(max_size=200))
def test_any_bytes_are_unpacked_or_refused(data: bytes) -> None:
    try:
        assert len(unpack(data, LIMIT)) <= LIMIT
    except Malformed as error:
        assert str(error)
