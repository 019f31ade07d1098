"""The records of a zip file found by looking at all of its bytes: for files whose directory is not there, lies, or is one of several.

Source: PKWARE's APPNOTE, 4.3. What two readers would read differently is named, and every member that one of them finds is given.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.archives.directory import ENCRYPTED, LATE_SIZES, NONE32, UTF8
from inspector.bundle import File
from inspector.errors import TooLarge

PIECE = 4 * 2**20  # bytes that are looked at together
MOST_RECORDS = 200_000
LONGEST_NAME = 4096
NEWEST = 63  # version of the specification, times ten
LOCAL, CENTRAL, END, LARGE_END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06"
METHODS = frozenset({0, 1, 6, 8, 9, 10, 12, 14, 19, 93, 95, 96, 97, 98, 99})


@dataclass(frozen=True, slots=True)
class Record:
    """A local header or an entry of a directory: where it stands, what it says; `header` is where the member's local header should be."""

    place: int
    end: int
    name: str
    flags: int
    method: int
    crc: int
    stored: int
    size: int
    header: int
    mode: int = 0

    @property
    def is_late(self) -> bool:
        """Say whether checksum and stored size stand behind the data; some writers know the size of what they pack before, and give that."""
        return bool(self.flags & LATE_SIZES) and not any((self.crc, self.stored))


@dataclass(slots=True)
class Records:
    """All records in the order of the file: local headers and directory entries by their places, and where directories end.

    `ends` are the places of end records, each with the place and the size its directory should have (bytes).
    """

    local: dict[int, Record] = field(default_factory=dict)
    central: list[Record] = field(default_factory=list)
    ends: list[tuple[int, int, int]] = field(default_factory=list)


def scan_records(file: File) -> Records:
    """Find all records; raises TooLarge above 200,000."""
    records = Records()
    for place, mark in _marks(file):
        if mark == LOCAL:
            if (local := _read_local(file, place)) is not None:
                records.local[place] = local
        elif mark == CENTRAL:
            if (entry := _read_entry(file, place)) is not None:
                records.central.append(entry)
        elif place + 22 <= file.size:
            records.ends.append((place, *reversed(struct.unpack("<2I", file.read(place + 12, 8)))))
        if len(records.local) + len(records.central) + len(records.ends) > MOST_RECORDS:
            raise TooLarge(f"more than {MOST_RECORDS} records of a zip file")
    return records


def _marks(file: File) -> Iterator[tuple[int, bytes]]:
    """Give the places at which records may begin."""
    for begin in range(0, file.size, PIECE):
        data = file.read(begin, min(PIECE + 3, file.size - begin))
        at = data.find(b"PK")
        while at >= 0:
            if (mark := data[at : at + 4]) in {LOCAL, CENTRAL, END} and at < PIECE:
                yield begin + at, mark
            at = data.find(b"PK", at + 1)


def _read_local(file: File, place: int) -> Record | None:
    if place + 30 > file.size:
        return None
    version, flags, method, _, crc, stored, size, named, extra = struct.unpack("<3H4I2H", file.read(place + 4, 26))
    end = place + 30 + named + extra
    if not _is_likely(version, method, named) or end > file.size:
        return None
    rest = file.read(place + 30, named + extra)
    stored, size, _ = _widen(rest[named:], stored, size, 0)
    return Record(place, end, _name(rest[:named], flags), flags, method, crc, stored, size, place)


def _read_entry(file: File, place: int) -> Record | None:
    if place + 46 > file.size:
        return None
    version, flags, method, _, crc, stored, size, named, extra, comment = struct.unpack("<3H4I3H", file.read(place + 6, 28))
    mode, header = struct.unpack("<2I", file.read(place + 38, 8))
    end = place + 46 + named + extra + comment
    if not _is_likely(version, method, named) or end > file.size:
        return None
    rest = file.read(place + 46, named + extra)
    stored, size, header = _widen(rest[named:], stored, size, header)
    return Record(place, end, _name(rest[:named], flags), flags, method, crc, stored, size, header, mode >> 16)


def _is_likely(version: int, method: int, named: int) -> bool:
    """Say whether four bytes in the middle of a file were a record, and no chance."""
    return version & 0xFF <= NEWEST and method in METHODS and 0 < named <= LONGEST_NAME


def _name(raw: bytes, flags: int) -> str:
    return raw.decode("utf-8" if flags & UTF8 else "cp437", "replace")


def _widen(extra: bytes, stored: int, size: int, header: int) -> tuple[int, int, int]:
    """Take from the zip64 extra field what did not fit in 32 bits."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            wide = list(struct.iter_unpack("<Q", extra[at + 4 : at + 4 + length // 8 * 8]))
            numbers = [wide.pop(0)[0] if number == NONE32 and wide else number for number in (size, stored, header)]
            return numbers[1], numbers[0], numbers[2]
        at += 4 + length
    return stored, size, header


def is_encrypted(record: Record) -> bool:
    """Say whether a record says that its member is encrypted."""
    return bool(record.flags & ENCRYPTED)
