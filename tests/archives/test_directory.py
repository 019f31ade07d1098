"""The zip directory: what is read, and what is refused because two readers would read it differently."""

import io
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.archives.directory import Directory, read_directory, read_member
from inspector.errors import Malformed, TooLarge
from tests import make


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.comment = comment
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


WHOLE = zipped({"a/data.pkl": b"x" * 5000, "a/version": b"3\n"})


def directory(data: bytes) -> Directory:
    with tempfile.TemporaryDirectory() as top, make.open_file(Path(top) / "bundle", "x.zip", data) as file:
        return read_directory(file)


def content(data: bytes, place: int = 0, limit: int = 10_000) -> tuple[bytes, bool]:
    with tempfile.TemporaryDirectory() as top, make.open_file(Path(top) / "bundle", "x.zip", data) as file:
        return read_member(file, read_directory(file).members[place], limit)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("comment", [b"", b"a comment", b"PK\x05\x06 a comment that looks like an end record"])
def test_members_are_listed_and_read(method: int, comment: bytes) -> None:
    data = zipped({"a/data.pkl": b"x" * 5000, "a/\u00e4": b"3\n"}, method, comment)
    assert [(member.name, member.size) for member in directory(data).members] == [("a/data.pkl", 5000), ("a/\u00e4", 2)]
    assert content(data) == (b"x" * 5000, True)
    assert content(data, 1) == (b"3\n", True)


def test_a_zip64_directory_is_read() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, archive.open("a/data.pkl", "w", force_zip64=True) as member:
        member.write(b"abc")
    assert content(stream.getvalue()) == (b"abc", True)
    end = WHOLE.index(b"PK\x05\x06")
    count, size, offset = struct.unpack_from("<HII", WHOLE, end + 10)
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
    assert len(directory(WHOLE[:end] + record + locator + WHOLE[end:]).members) == 2
    lying = record[:32] + struct.pack("<Q", 7) + record[40:]
    with pytest.raises(Malformed, match="same"):
        directory(WHOLE[:end] + lying + locator + WHOLE[end:])


def test_a_member_that_inflates_beyond_what_it_says_is_stopped() -> None:
    bomb = zipped({"a/data.pkl": bytes(2_000_000)})
    with pytest.raises(TooLarge):
        content(bomb, limit=1000)
    small = bomb.replace(struct.pack("<I", 2_000_000), struct.pack("<I", 100))
    with pytest.raises(Malformed, match="announced"):
        content(small)


def test_a_wrong_checksum_is_said_and_the_member_read_all_the_same() -> None:
    data = zipped({"a": b"hello"}, zipfile.ZIP_STORED)
    assert content(data.replace(b"hello", b"hullo")) == (b"hullo", False)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x05\x06" + bytes(17),
        WHOLE[:-1],
        WHOLE + b"x",
        WHOLE + WHOLE,
        b"x" * 600 + WHOLE,
        WHOLE.replace(b"a/version", b"a/versioM", 1),
        WHOLE[:-22] + b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 65_000, 65_000, 100, 0, 0),
        b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 9, 9, 0, 0, 0),
        b"PK\x05\x06" + struct.pack("<4H2IH", 1, 1, 9, 9, 0, 0, 0),
    ],
)
def test_what_readers_would_read_differently_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        directory(data)


def test_an_empty_archive_has_no_members() -> None:
    assert directory(zipped({})) == Directory((), ())


@settings(deadline=None, max_examples=200)
@given(place=st.integers(0, len(WHOLE) - 1), byte=st.integers(0, 255), cut=st.integers(0, len(WHOLE)))
def test_no_flipped_byte_and_no_cut_is_more_than_malformed(place: int, byte: int, cut: int) -> None:
    changed = bytearray(WHOLE)
    changed[place] = byte
    for data in (bytes(changed), bytes(changed[:cut])):
        try:
            assert len(directory(data).members) <= 2
        except Malformed as error:
            assert str(error)
