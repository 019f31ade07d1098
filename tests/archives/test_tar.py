"""Tar files read forward: what Python's own writer writes in each format, and headers that lie."""

import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.archives.tar import TarMember, is_tar_head, read_members
from inspector.errors import Malformed
from inspector.serialization.stream import stream_of
from tests.detectors.weights.damage import flipped

LONG = "directory/" * 30 + "file.txt"
FORMATS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]


def written(members: dict[str, bytes], form: int = tarfile.GNU_FORMAT, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.type, info.linkname = len(data), kind, link
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def members(data: bytes) -> list[TarMember]:
    return list(read_members(stream_of(data)))


@pytest.mark.parametrize("form", FORMATS)
def test_members_are_those_that_were_written(form: int) -> None:
    files = {"a": b"", "b/ü": b"x" * 513, "c": b"y" * 512}
    data = written(files, form)
    assert is_tar_head(data[:512])
    read = members(data)
    assert {member.name: data[member.start : member.start + member.size] for member in read} == files


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_are_read(form: int) -> None:
    (member,) = members(written({LONG: b"abc"}, form))
    assert (member.name, member.size) == (LONG, 3)


@pytest.mark.parametrize(
    ("kind", "name"), [(tarfile.SYMTYPE, "symbolic link"), (tarfile.LNKTYPE, "hard link"), (tarfile.FIFOTYPE, "special")]
)
def test_links_and_devices_are_named_as_such(kind: bytes, name: str) -> None:
    (member,) = members(written({"a": b""}, kind=kind, link="../../etc/passwd"))
    assert (member.kind, member.link) == (name, "../../etc/passwd")


def test_what_is_not_taken_is_skipped() -> None:
    stream = stream_of(written({"a": b"abc", "b": b"defg"}))
    taken = [stream.take(min(2, member.size)) for member in read_members(stream)]
    assert taken == [b"ab", b"de"]


def test_a_cut_file_is_truncated() -> None:
    data = written({"a": b"x" * 2000})
    for length in (513, 1000, 2100):
        with pytest.raises(Malformed, match="truncated"):
            members(data[:length])


@pytest.mark.parametrize("size", [b"77777777777\0", b"\x80" + b"\x7f" * 11, b"\xff" * 12, b"zzz\0\0\0\0\0\0\0\0\0"])
def test_sizes_that_lie_are_refused_or_nothing(size: bytes) -> None:
    data = bytearray(written({"a": b"x"}))
    data[124:136] = size
    data[148:156] = b"%06o\0 " % (sum(data[:148]) + 8 * 32 + sum(data[156:512]))
    try:
        assert sum(member.size for member in members(bytes(data))) <= len(data)
    except Malformed as error:
        assert str(error)


def test_a_sparse_member_is_refused() -> None:
    data = bytearray(written({"a": b"x"}))
    data[156:157] = b"S"
    data[148:156] = b"%06o\0 " % (sum(data[:148]) + 8 * 32 + sum(data[156:512]))
    with pytest.raises(Malformed, match="sparse"):
        members(bytes(data))


def test_a_flipped_bit_in_a_header_is_seen() -> None:
    data = written({"a": b"", "b": b""})[:1024]
    for changed in flipped(data):
        with pytest.raises(Malformed):
            members(changed)


@given(st.binary(max_size=1500))
def test_any_bytes_give_members_or_malformed(data: bytes) -> None:
    for whole in (data, written({"a": b"x"}, tarfile.PAX_FORMAT)[:512] + data):
        try:
            assert all(member.size >= 0 for member in members(whole))
        except Malformed as error:
            assert str(error)
