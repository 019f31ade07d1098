"""The directory of a zip file, read without trust: nothing is unpacked, and a directory that two readers could read differently is refused.

Source: PKWARE's APPNOTE, 4.3 (end record, zip64 record, directory, local header).
"""

import struct
import zlib
from dataclasses import dataclass

from inspector.bundle import File
from inspector.errors import Malformed, TooLarge

MAGIC = b"PK\x03\x04"
MOST_MEMBERS = 100_000
LARGEST_DIRECTORY = 16 * 2**20  # bytes
STORED, DEFLATED = 0, 8
ENCRYPTED, LATE_SIZES, UTF8 = 1, 8, 0x800
NONE16, NONE32 = 0xFFFF, 0xFFFFFFFF
LONGEST_DESCRIPTOR = 24


@dataclass(frozen=True, slots=True)
class Member:
    """A member: its name, method and CRC, its sizes as stored and as read (bytes), where its local header and its data begin."""

    name: str
    method: int
    crc: int
    stored: int
    size: int
    header: int
    start: int


@dataclass(frozen=True, slots=True)
class Directory:
    """The members in the order of the file, and the ranges of bytes between them that belong to none."""

    members: tuple[Member, ...]
    gaps: tuple[tuple[int, int], ...]


def read_directory(file: File) -> Directory:
    """Read the directory and hold every local header against it.

    Raises Malformed when the two do not say the same, TooLarge above 100,000 members or 16 MiB of directory.
    """
    count, size, offset = _find_directory(file)
    if count > MOST_MEMBERS or size > LARGEST_DIRECTORY:
        raise TooLarge(f"a zip directory of {count} members and {size} bytes, the limits are {MOST_MEMBERS} and {LARGEST_DIRECTORY}")
    data, at, members = file.read(offset, size), 0, []
    for _ in range(count):
        member, at = _read_entry(file, data, at, offset)
        members.append(member)
    if at != size:
        raise Malformed(f"the zip directory has {size} bytes, its {count} entries take {at}")
    members.sort(key=lambda member: member.header)
    return Directory(tuple(members), tuple(_gaps(members, offset)))


def read_member(file: File, member: Member, limit: int) -> tuple[bytes, bool]:
    """Read a member, at most `limit` bytes, and say whether its checksum fits.

    Raises Malformed for other methods than stored and deflated and for a wrong size, TooLarge above the limit.
    """
    if member.size > limit or member.stored > limit:
        raise TooLarge(f"{member.name}: {max(member.size, member.stored)} bytes, the limit is {limit}")
    data = file.read(member.start, member.stored)
    if member.method == DEFLATED:
        try:
            data = zlib.decompressobj(-15).decompress(data, member.size + 1)
        except zlib.error as error:
            raise Malformed(f"{member.name}: it cannot be inflated: {error}") from error
    elif member.method != STORED:
        raise Malformed(f"{member.name}: compression method {member.method}; stored and deflated are read")
    if len(data) != member.size:
        raise Malformed(f"{member.name}: {member.size} bytes are announced, it has {len(data)}")
    return data, zlib.crc32(data) == member.crc


def _find_directory(file: File) -> tuple[int, int, int]:
    """Find the number of members, the directory's size and its place, and check that nothing stands between it and the end records."""
    length = min(file.size, 22 + NONE16)
    tail, begin = file.read(file.size - length, length), file.size - length
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0 and (at + 22 > length or at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") != length):
        at = tail.rfind(b"PK\x05\x06", 0, at)
    if at < 0:
        raise Malformed("truncated, or no zip file: no end-of-directory record stands at its end")
    disk, first, here, count, size, offset = struct.unpack_from("<4H2I", tail, at + 4)
    end = begin + at
    if end >= 20 and (locator := file.read(end - 20, 20)).startswith(b"PK\x06\x07"):
        large = _read_large(file, locator, end - 20)
        small = (count, size, offset)
        if any(said not in (none, true) for said, none, true in zip(small, (NONE16, NONE32, NONE32), large[:3], strict=True)):
            raise Malformed("the two end records of the zip directory do not say the same")
        count, size, offset, end = large
    elif disk or first or here != count:
        raise Malformed("a zip file in several volumes")
    if offset + size != end:
        raise Malformed(
            f"the zip directory should end at byte {offset + size}, the end record begins at byte {end}: readers disagree on such a file"
        )
    return count, size, offset


def _read_large(file: File, locator: bytes, end: int) -> tuple[int, int, int, int]:
    (start,) = struct.unpack_from("<Q", locator, 8)
    if start + 56 > end:
        raise Malformed("the zip64 end record is not where its locator says")
    record = file.read(start, 56)
    length, count, size, offset = struct.unpack_from("<Q", record, 4) + struct.unpack_from("<3Q", record, 32)
    if not record.startswith(b"PK\x06\x06") or start + 12 + length != end:
        raise Malformed("the zip64 end record is not where its locator says")
    return count, size, offset, start


def _read_entry(file: File, data: bytes, at: int, limit: int) -> tuple[Member, int]:
    """Read one entry of the directory at a place in it; says where the next one begins."""
    if data[at : at + 4] != b"PK\x01\x02" or at + 46 > len(data):
        raise Malformed(f"byte {at} of the zip directory should begin an entry")
    flags, method, _, crc, stored, size, named, extra, comment = struct.unpack_from("<2HI3I3H", data, at + 8)
    (header,) = struct.unpack_from("<I", data, at + 42)
    end = at + 46 + named + extra + comment
    if end > len(data):
        raise Malformed("the zip directory ends inside an entry")
    raw = data[at + 46 : at + 46 + named]
    size, stored, header = _widen(data[at + 46 + named : at + 46 + named + extra], [size, stored, header])
    if flags & ENCRYPTED:
        raise Malformed("a member of the zip file is encrypted")
    start = _check_local(file, header, raw, flags, method, (crc, stored, size))
    if start + stored > limit:
        raise Malformed(f"a member of the zip file reaches from byte {start} into the directory")
    name = raw.decode("utf-8" if flags & UTF8 else "cp437", "replace")
    return Member(name, method, crc, stored, size, header, start), end


def _widen(extra: bytes, numbers: list[int]) -> list[int]:
    """Take from the zip64 extra field the numbers that did not fit in 32 bits."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            body, taken = extra[at + 4 : at + 4 + length], 0
            for place, number in enumerate(numbers):
                if number == NONE32 and taken + 8 <= len(body):
                    numbers[place] = int.from_bytes(body[taken : taken + 8], "little")
                    taken += 8
        at += 4 + length
    return numbers


def _check_local(file: File, header: int, name: bytes, flags: int, method: int, sums: tuple[int, int, int]) -> int:
    """Hold a local header against its entry and say where the data begins."""
    local = file.read(header, 30)
    if local[:4] != MAGIC:
        raise Malformed(f"no member begins at byte {header}, where the zip directory says one does")
    local_flags, local_method, _, crc, stored, size, named, extra = struct.unpack_from("<2HI3I2H", local, 6)
    rest = file.read(header + 30, named + extra)
    size, stored, _ = _widen(rest[named:], [size, stored, 0])
    late = local_flags & LATE_SIZES and not any((crc, stored, size))
    same = rest[:named] == name and local_method == method and not (local_flags ^ flags) & ENCRYPTED
    if not same or not (late or (crc, stored, size) == sums):
        raise Malformed(f"the member at byte {header} is not what the zip directory says: readers disagree on such a file")
    start: int = header + 30 + named + extra
    return start


def _gaps(members: list[Member], end: int) -> list[tuple[int, int]]:
    """List what lies between members; a descriptor of up to 24 bytes may follow one.

    Raises Malformed when members overlap.
    """
    gaps, last = [], 0
    for begin, after in [*((member.header, member.start + member.stored) for member in members), (end, end)]:
        if begin < last:
            raise Malformed(f"members of the zip file overlap at byte {begin}")
        if begin - last > LONGEST_DESCRIPTOR or (last == 0 and begin):
            gaps.append((last, begin))
        last = after
    return gaps
