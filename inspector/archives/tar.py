"""Members of a tar file, read forward and never unpacked. Source: POSIX.1-2001 (ustar, pax) and GNU tar's long names.

Every header's checksum is held; sparse files are refused, since their members' places depend on the reader.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from inspector.errors import Malformed, TooLarge
from inspector.serialization.stream import Stream

BLOCK = 512
MAGIC = b"ustar"
MAGIC_OFFSET = 257
MOST_MEMBERS = 100_000
LONGEST_EXTENSION = 1 << 20  # bytes of a pax header or a long name
ZEROS = bytes(BLOCK)
KINDS = {b"0": "file", b"\0": "file", b"7": "file", b"5": "directory", b"1": "hard link", b"2": "symbolic link"}


@dataclass(frozen=True, slots=True)
class TarMember:
    """A member: its name, its kind, its size in bytes, where its content begins, what it links to."""

    name: str
    kind: str
    size: int
    start: int
    link: str = ""


def is_tar_head(head: bytes) -> bool:
    """Say whether the first block is the header of a tar file."""
    return head[MAGIC_OFFSET : MAGIC_OFFSET + 5] == MAGIC and len(head) >= BLOCK and _sum(head[:BLOCK]) == _number(head[148:156])


def read_members(stream: Stream) -> Iterator[TarMember]:
    """Give one member after another, up to the first block of zeros; whoever takes them may read their content from the stream.

    Raises Malformed for a header that is none, for sparse members and for a cut file, TooLarge above 100,000 members.
    """
    long: dict[str, str] = {}
    count = 0
    while (header := stream.look(BLOCK)) != ZEROS:
        place = stream.position
        if len(header) < BLOCK:
            raise Malformed(f"truncated: a header is expected at byte {place}, {len(header)} bytes follow")
        if _sum(header) != _number(header[148:156]):
            raise Malformed(f"the header at byte {place} has a wrong checksum")
        stream.skip(BLOCK)
        kind, size = header[156:157], _number(header[124:136])
        if kind in b"LKxg" and kind:
            long |= _extend(stream, kind, size)
            continue
        if kind == b"S" or "GNU.sparse.major" in long or "GNU.sparse.map" in long:
            raise Malformed(f"a sparse member at byte {place}")
        member = _member(header, long, stream.position, size)
        long, count = {}, count + 1
        if count > MOST_MEMBERS:
            raise TooLarge(f"more than {MOST_MEMBERS} members")
        yield member
        _move(stream, member.start + member.size)


def _member(header: bytes, long: dict[str, str], start: int, size: int) -> TarMember:
    prefix = _text(header[345:500]) if header[257:263] == b"ustar\0" else ""
    name = long.get("path") or (f"{prefix}/" if prefix else "") + _text(header[:100])
    kind = KINDS.get(header[156:157], "special")
    if "size" in long:
        if not long["size"].isdigit() or len(long["size"]) > 18:
            raise Malformed(f"the size of the member at byte {start} is no number")
        size = int(long["size"])
    return TarMember(name, kind, size if kind == "file" else 0, start, long.get("linkpath") or _text(header[157:257]))


def _extend(stream: Stream, kind: bytes, size: int) -> dict[str, str]:
    """Read what stands before a header that has too little room."""
    if size > LONGEST_EXTENSION:
        raise TooLarge(f"{size} bytes extend the header at byte {stream.position}, the limit is {LONGEST_EXTENSION}")
    start = stream.position
    data = stream.take(size)
    _move(stream, start + size)
    if kind in b"LK":
        return {"path" if kind == b"L" else "linkpath": _text(data)}
    found: dict[str, str] = {}
    while data:
        length, _, _ = data.partition(b" ")
        if not length.isdigit() or len(length) > 8 or not len(length) + 2 < int(length) <= len(data):
            raise Malformed(f"the pax header at byte {start} holds no list of keys")
        key, _, value = data[len(length) + 1 : int(length) - 1].decode("utf-8", "replace").partition("=")
        found[key] = value
        data = data[int(length) :]
    return {} if kind == b"g" else found


def _move(stream: Stream, end: int) -> None:
    """Move to the block behind a byte; the last one may be cut."""
    stream.skip(end - stream.position)
    stream.skip(min(-end % BLOCK, len(stream.look(-end % BLOCK))))


def _sum(header: bytes) -> int:
    return sum(header[:148]) + 8 * 0x20 + sum(header[156:BLOCK])


def _number(field: bytes) -> int:
    """Read a number in octal digits, or in the base of 256 where it is too large for them."""
    if field[0] & 0x80:
        return int.from_bytes(field, "big") & ~(1 << (8 * len(field) - 1)) if field[0] == 0x80 else 0
    digits = field.split(b"\0")[0].strip()
    try:
        return int(digits or b"0", 8)
    except ValueError as error:
        raise Malformed(f"{field!r} is no number of a tar file") from error


def _text(field: bytes) -> str:
    return field.split(b"\0")[0].decode("utf-8", "replace")
