"""Compressed files read forward: what is read is what was compressed, whatever is skipped, and bombs are refused."""

import bz2
import gzip
import lzma
import struct
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.archives.inflated import Inflated, name_method
from inspector.errors import Malformed, TooLarge
from inspector.serialization.lz4_frame import MAGIC, decode_block
from tests import make

Compress = Callable[[bytes], bytes]
TEXT = b"".join(b"line %d of a text\n" % number for number in range(60_000))


def lz4(data: bytes, block: int = 1 << 16) -> bytes:
    """A frame of blocks that are stored as they are."""
    parts = [data[at : at + block] for at in range(0, len(data), block)]
    return MAGIC + b"\x40\x40\0" + b"".join(struct.pack("<I", len(part) | 1 << 31) + part for part in parts) + bytes(4)


def alone(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_ALONE)


METHODS: dict[str, Compress] = {
    "zlib": zlib.compress,
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": alone,
    "lz4": lz4,
}
EACH = pytest.mark.parametrize("name", METHODS)


def read(data: bytes, skips: int = 0, most: int = 1 << 28) -> tuple[bytes, int]:
    """Read all, or the end behind what is skipped; and how far the file was read."""
    with tempfile.TemporaryDirectory() as top, make.open_file(Path(top), "x", data) as file:
        stream, out = Inflated(file, most), b""
        if skips:
            stream.skip(skips)
        while piece := stream.look(50_000):
            out += stream.take(len(piece))
        return out, stream.read_to


@EACH
def test_what_is_read_is_what_was_compressed(name: str) -> None:
    data = METHODS[name](TEXT)
    assert name_method(data) == name
    assert read(data) == (TEXT, len(data))
    assert read(data, skips=700_001) == (TEXT[700_001:], len(data))


@EACH
def test_bytes_behind_it_are_left(name: str) -> None:
    data = METHODS[name](b"abc")
    assert read(data + b"hidden") == (b"abc", len(data))


@pytest.mark.parametrize("name", ["gzip", "bzip2", "xz", "lz4"])
def test_several_parts_are_one(name: str) -> None:
    data = METHODS[name](b"abc") + METHODS[name](b"def")
    assert read(data) == (b"abcdef", len(data))


@EACH
def test_a_cut_file_is_truncated(name: str) -> None:
    data = METHODS[name](TEXT)
    for length in (len(data) // 2, len(data) - 1):
        with pytest.raises(Malformed, match="truncated"):
            read(data[:length])


@EACH
def test_to_skip_beyond_the_end_is_refused(name: str) -> None:
    with pytest.raises(Malformed, match="truncated"):
        read(METHODS[name](b"abc"), skips=5)


@EACH
def test_a_bomb_is_refused_before_it_is_large(name: str) -> None:
    with pytest.raises(TooLarge):
        read(METHODS[name](bytes(3_000_000)), most=1_000_000)


def test_a_dictionary_of_a_gigabyte_is_refused() -> None:
    header = b"\x5d\0\0" + struct.pack("<H", 2**15) + b"\xff" * 8
    with pytest.raises(Malformed, match="inflated"):
        read(header + bytes(100))


@EACH
@given(place=st.integers(0, 200), byte=st.integers(0, 255))
def test_a_changed_byte_gives_bytes_or_malformed(name: str, place: int, byte: int) -> None:
    data = bytearray(METHODS[name](b"some text, some text, and more of it" * 9))
    data[min(place, len(data) - 1)] = byte
    try:
        out, end = read(bytes(data))
    except (Malformed, StopIteration):
        return
    assert end <= len(data)
    assert len(out) < 2000


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (b"\x50hello", b"hello"),
        (b"\x52ab---\x02\x00\x10z", b"ab---" + b"-" * 6 + b"z"),
        (b"\x1fa\x01\x00\x05\x10b", b"a" + b"a" * 24 + b"b"),
        (b"\xf0\x01" + b"x" * 16, b"x" * 16),
    ],
)
def test_blocks_are_decoded_as_the_format_says(block: bytes, text: bytes) -> None:
    assert decode_block(block, b"", 1000) == text


@pytest.mark.parametrize(
    "block", [b"", b"\xf0", b"\x10", b"\x1fa\x05\x00\x05", b"\x1fa\x00\x00\x05", b"\x1fa\x01\x00" + b"\xff" * 99 + b"\0"]
)
def test_blocks_that_lead_out_of_themselves_are_refused(block: bytes) -> None:
    with pytest.raises(Malformed):
        decode_block(block, b"", 1000)
