"""An HDF5 file's superblock, and the messages of the objects in it: read at their addresses, each checked before it is followed.

Source: the HDF5 File Format Specification 3.0, II (superblock) and IV.A (object headers).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from inspector.errors import Malformed, TooLarge
from inspector.serialization.protobuf import Readable

MAGIC = b"\x89HDF\r\n\x1a\n"
BEGINNINGS = (0, 512, 1024, 2048)  # bytes at which the magic is looked for: a block of the user's own may stand before it
MOST_BLOCKS = 1000  # of one object
MOST_MESSAGES = 65_536
LARGEST_BLOCK = 16 * 2**20  # bytes
MOST_READS = 4_000_000
CONTINUATION = 0x10


class Message(NamedTuple):
    """A message of an object: its type, its flags, what it holds, and at which byte of the file that begins."""

    kind: int
    flags: int
    data: bytes
    place: int


@dataclass(slots=True)
class Hdf5:
    """An open file: where its addresses begin and end (bytes), the widths of addresses and lengths (bytes), the address of its root group."""

    file: Readable
    base: int = 0
    end: int = 0
    width: int = 8
    length_width: int = 8
    root: int = 0
    reads: int = 0

    def read(self, address: int, length: int) -> bytes:
        """Read at an address; raises Malformed beyond the file, TooLarge after too many reads or for too many bytes."""
        self.reads += 1
        if self.reads > MOST_READS or length > LARGEST_BLOCK:
            raise TooLarge(f"more than {MOST_READS} reads, or {length} bytes at once")
        place = self.base + address
        if place + length > self.file.size:
            raise Malformed(f"truncated: {length} bytes are expected at byte {place}, the file has {self.file.size}")
        return self.file.read(place, length)

    @property
    def nowhere(self) -> int:
        """The address that means none."""
        return (1 << 8 * self.width) - 1

    def address(self, data: bytes, at: int) -> tuple[int, int]:
        """Take an address out of bytes; says where the next thing stands."""
        return _number(data, at, self.width), at + self.width

    def length(self, data: bytes, at: int) -> tuple[int, int]:
        """Take a length out of bytes; says where the next thing stands."""
        return _number(data, at, self.length_width), at + self.length_width


def _number(data: bytes, at: int, width: int) -> int:
    if at + width > len(data):
        raise Malformed(f"a structure of {len(data)} bytes ends inside of a number")
    return int.from_bytes(data[at : at + width], "little")


def open_hdf5(file: Readable, begin: int) -> Hdf5:
    """Read the superblock at a byte; raises Malformed for versions and widths that are not known."""
    head = file.read(begin, min(128, file.size - begin))
    version = head[8] if len(head) > 8 else 255
    if not head.startswith(MAGIC) or version > 3 or len(head) < 24:
        raise Malformed(f"an HDF5 superblock of version {version}; 0 to 3 are known")
    hdf = Hdf5(file)
    hdf.width, hdf.length_width = (head[13], head[14]) if version < 2 else (head[9], head[10])
    if hdf.width not in {2, 4, 8} or hdf.length_width not in {2, 4, 8}:
        raise Malformed(f"addresses of {hdf.width} bytes and lengths of {hdf.length_width}; 2, 4 and 8 are known")
    at = {0: 24, 1: 28}.get(version, 12)
    hdf.base, at = hdf.address(head, at)
    _, at = hdf.address(head, at)
    hdf.end, at = hdf.address(head, at)
    if version < 2:
        at += 2 * hdf.width  # the driver's block, and the name of the root
    hdf.root, _ = hdf.address(head, at)
    if hdf.base != begin:
        raise Malformed(f"the addresses should begin at byte {hdf.base}, the superblock stands at byte {begin}")
    return hdf


def read_messages(hdf: Hdf5, address: int) -> Iterator[Message]:
    """Give the messages of the object at an address, in whatever version its header is written."""
    head = hdf.read(address, 16)
    if head.startswith(b"OHDR"):
        yield from _read_second(hdf, address, head)
    elif head[0] == 1:
        yield from _read_first(hdf, address, head)
    else:
        raise Malformed(f"no object begins at byte {hdf.base + address}")


def _read_first(hdf: Hdf5, address: int, head: bytes) -> Iterator[Message]:
    count, size = int.from_bytes(head[2:4], "little"), int.from_bytes(head[8:12], "little")
    blocks, seen = [(address + 16, size)], 0
    for start, length in blocks:
        data, at = hdf.read(start, length), 0
        while at + 8 <= len(data) and seen < count:
            kind, room = int.from_bytes(data[at : at + 2], "little"), int.from_bytes(data[at + 2 : at + 4], "little")
            message = Message(kind, data[at + 4], data[at + 8 : at + 8 + room], hdf.base + start + at + 8)
            at, seen = at + 8 + room, seen + 1
            if at > len(data):
                raise Malformed(f"a message at byte {message.place} reaches beyond its block")
            if kind == CONTINUATION:
                _go_on(hdf, message, blocks)
            yield message


def _read_second(hdf: Hdf5, address: int, head: bytes) -> Iterator[Message]:
    flags = head[5]
    at = 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
    width = 1 << (flags & 3)
    size = int.from_bytes(hdf.read(address + at, width), "little")
    blocks, seen, extra = [(address + at + width, size)], 0, 2 if flags & 4 else 0
    for number, (start, length) in enumerate(blocks):
        data, at = hdf.read(start, length), 0
        end = len(data)
        if number:
            if not data.startswith(b"OCHK"):
                raise Malformed(f"no part of an object begins at byte {hdf.base + start}")
            at, end = 4, end - 4
        while at + 4 + extra <= end:
            room = int.from_bytes(data[at + 1 : at + 3], "little")
            begin = at + 4 + extra
            message = Message(data[at], data[at + 3], data[begin : begin + room], hdf.base + start + begin)
            at, seen = begin + room, seen + 1
            if at > end or seen > MOST_MESSAGES:
                raise Malformed(f"a message at byte {message.place} reaches beyond its block, or there are too many")
            if message.kind == CONTINUATION:
                _go_on(hdf, message, blocks)
            yield message


def _go_on(hdf: Hdf5, message: Message, blocks: list[tuple[int, int]]) -> None:
    """Note where an object's messages go on; raises Malformed when they do so too often."""
    start, at = hdf.address(message.data, 0)
    length, _ = hdf.length(message.data, at)
    if len(blocks) >= MOST_BLOCKS or (start, length) in blocks:
        raise Malformed(f"an object goes on in too many places, or in a circle, at byte {message.place}")
    blocks.append((start, length))
