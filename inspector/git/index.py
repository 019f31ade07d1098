"""The index of a git repository: which paths are checked out, with the name git gives their content. Source: git, "gitformat-index" 2 to 4."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.errors import Damaged, Malformed, TooLarge

MAGIC = b"DIRC"
FIXED = 40  # bytes of times, device, inode, mode, owner and size
LINK, GITLINK, DIRECTORY = 0o120000, 0o160000, 0o040000
MOST = 2_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """A path as it is spelled, its mode, the name of its content (or commit, or tree), its size on disk (0 is not known), if it is left out."""

    path: bytes
    mode: int
    name: str
    size: int
    skipped: bool = False


def read_index(data: bytes) -> Iterator[Row]:
    """Give the paths of an index; those of a merge that is not settled are left out.

    Raises Malformed for another format, a checksum that is wrong, or an index that is split over two files.
    """
    version, count = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")
    if not data.startswith(MAGIC) or version not in {2, 3, 4}:
        raise Malformed("no index of git, versions 2 to 4")
    if count > MOST:
        raise TooLarge(f"an index of {count} paths, the limit is {MOST}")
    width = _check(data)
    data, place, before = data[:-width], 12, b""
    for _ in range(count):
        row, stage, place = _read_row(data, place, (version, width), before)
        before = row.path
        if not stage:
            yield row
    while place + 8 <= len(data):
        if data[place : place + 4] == b"link":
            raise Malformed("an index that is split over two files; it is not read")
        place += 8 + int.from_bytes(data[place + 4 : place + 8], "big")


def _check(data: bytes) -> int:
    """Give the bytes of a digest, as the checksum at the end tells; it can be left out, and is zeros then."""
    for function, width in ((hashlib.sha1, 20), (hashlib.sha256, 32)):
        if len(data) > 12 + width and function(data[:-width], usedforsecurity=False).digest() == data[-width:]:
            return width
    if data[-20:] != bytes(20):
        raise Damaged("the index of git has another checksum than it says: it was changed or damaged")
    return 32 if data[-32:] == bytes(32) else 20


def _read_row(data: bytes, place: int, form: tuple[int, int], before: bytes) -> tuple[Row, int, int]:
    """Read a path with its stage in a merge, and where the next one stands."""
    (version, width), start = form, place
    mode, size = int.from_bytes(data[place + 24 : place + 28], "big"), int.from_bytes(data[place + 36 : place + 40], "big")
    name = data[place + FIXED : place + FIXED + width]
    place += FIXED + width
    flags, place = int.from_bytes(data[place : place + 2], "big"), place + 2
    more = 0
    if version >= 3 and flags & 0x4000:
        more, place = int.from_bytes(data[place : place + 2], "big"), place + 2
    kept = b""
    if version == 4:
        cut, place = _number(data, place)
        kept = before[: max(len(before) - cut, 0)]
    end = data.find(b"\0", place, place + 2**16)
    if end < 0 or len(name) != width:
        raise Malformed("the index of git breaks off")
    row = Row(kept + data[place:end], mode, name.hex(), size, bool(more & 0x6000))
    following = end + 1 if version == 4 else start + (end - start + 8) // 8 * 8
    return row, flags >> 12 & 3, following


def _number(data: bytes, place: int) -> tuple[int, int]:
    value = -1
    while place < len(data) and value < 2**40:
        value = (value + 1) << 7 | data[place] & 0x7F
        place += 1
        if not data[place - 1] & 0x80:
            return value, place
    raise Malformed("the index of git breaks off")
