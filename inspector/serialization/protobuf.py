"""Protocol Buffers on the wire: fields by number, read forward through a window, messages walked by a table of what they hold.

Nothing is built but what the caller keeps; what a field holds is skipped, not read. Source: the Protocol Buffers encoding guide.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from inspector.errors import Malformed, TooLarge

BLOCK = 1 << 16
MOST_FIELDS = 4_000_000
DEEPEST = 64
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
LONGEST_VARINT = 10
LONGEST_HEAD = 2 * LONGEST_VARINT
END = 0


class Readable(Protocol):
    """What can be read at any place: a file, or a part of one."""

    @property
    def size(self) -> int:
        """Its size in bytes."""

    def read(self, offset: int, length: int, /) -> bytes:
        """Read exactly so many bytes."""


class Field(NamedTuple):
    """A field: its number, its wire type, its value where it is a number, and at which bytes what it holds begins and ends.

    Number 0 marks the end of a message in a walk.
    """

    number: int
    wire: int
    value: int
    start: int
    end: int


class Window:
    """A file read through a block that moves with the reader, and a count of the fields read, which is bounded."""

    def __init__(self, file: Readable) -> None:
        self._file, self.size = file, file.size
        self._block, self._start = b"", 0
        self.fields = 0

    def reach(self, position: int, length: int) -> tuple[bytes, int]:
        """Have so many bytes at hand, or what is left of the file: the block, and the place in it."""
        place = position - self._start
        if place < 0 or place + length > len(self._block):
            count = max(0, min(max(BLOCK, length), self.size - position))
            self._block, self._start, place = self._file.read(position, count), position, 0
        return self._block, place

    def take(self, start: int, end: int) -> bytes:
        """Read the bytes of a range; raises Malformed beyond the file's end."""
        if end > self.size:
            raise Malformed(f"truncated: byte {end} is expected, the file has {self.size}")
        block, place = self.reach(start, end - start)
        return block[place : place + end - start]

    def text(self, field: Field, limit: int = 1000) -> str:
        """Read a field as a text, cut at a limit (bytes)."""
        return self.take(field.start, min(field.end, field.start + limit)).decode("utf-8", "replace")


def read_fields(window: Window, start: int, end: int) -> Iterator[Field]:
    """Give the fields of the message that stands at a range of bytes.

    Raises Malformed where a field is none or reaches beyond its message, TooLarge after four million fields of one file.
    """
    at = start
    while at < end:
        window.fields += 1
        if window.fields > MOST_FIELDS:
            raise TooLarge(f"more than {MOST_FIELDS} fields, at byte {at}")
        block, place = window.reach(at, min(end - at, LONGEST_HEAD))
        first = at - place  # the byte of the file at which the block begins
        tag, place = _read_varint(block, place, first)
        number, wire, value = tag >> 3, tag & 7, 0
        if wire == BYTES:
            length, place = _read_varint(block, place, first)
            begin = first + place
            stop = begin + length
        elif wire == VARINT:
            begin = first + place
            value, place = _read_varint(block, place, first)
            stop = first + place
        else:
            begin = first + place
            stop = begin + _width_of(wire, at)
        if not 0 < number < 1 << 29 or stop > end:
            raise _fault(number, at, stop, end, window.size)
        at = stop
        yield Field(number, wire, value, begin, stop)


def _width_of(wire: int, at: int) -> int:
    if wire not in {FIXED32, FIXED64}:
        raise Malformed(f"no field begins at byte {at}: wire type {wire}")
    return 4 if wire == FIXED32 else 8


def _fault(number: int, at: int, stop: int, end: int, size: int) -> Malformed:
    """Say what is wrong with a field: its number, or where it ends."""
    if not 0 < number < 1 << 29:
        return Malformed(f"no field begins at byte {at}: number {number}")
    cut = "truncated: " if end == size else ""
    return Malformed(f"{cut}field {number} at byte {at} reaches to byte {stop}, its message ends at byte {end}")


def _read_varint(block: bytes, place: int, first: int) -> tuple[int, int]:
    """Read a number of seven bits a byte; says where the next byte is."""
    if place < len(block) and (byte := block[place]) < 0x80:
        return byte, place + 1
    value = shift = 0
    for index in range(place, min(place + LONGEST_VARINT, len(block))):
        byte = block[index]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, index + 1
        shift += 7
    cut = "truncated: " if len(block) < place + LONGEST_VARINT else ""
    raise Malformed(f"{cut}a number at byte {first + place} has no end")


def read_numbers(window: Window, field: Field, most: int) -> list[int]:
    """Read a number, or a packed list of at most so many.

    Raises TooLarge for more.
    """
    if field.wire != BYTES:
        return [field.value]
    if field.end - field.start > LONGEST_VARINT * most:
        raise TooLarge(f"more than {most} numbers at byte {field.start}")
    data, numbers, place = window.take(field.start, field.end), list[int](), 0
    while place < len(data):
        number, place = _read_varint(data, place, field.start)
        numbers.append(number)
    if len(numbers) > most:
        raise TooLarge(f"more than {most} numbers at byte {field.start}")
    return numbers


def walk_messages(window: Window, kind: str, holds: Mapping[tuple[str, int], str], start: int, end: int) -> Iterator[tuple[str, Field]]:
    """Give every field with the kind of its message, depth first, and go into those that hold a message by the table.

    A message ends with a field of number 0. Raises TooLarge below 64 levels, and what `read_fields` raises.
    """
    levels = [(kind, read_fields(window, start, end), end)]
    while levels:
        kind, fields, stop = levels[-1]
        field = next(fields, None)
        if field is None:
            levels.pop()
            yield kind, Field(END, BYTES, 0, stop, stop)
            continue
        yield kind, field
        inner = holds.get((kind, field.number)) if field.wire == BYTES else None
        if inner is not None:
            if len(levels) >= DEEPEST:
                raise TooLarge(f"messages nested deeper than {DEEPEST} at byte {field.start}")
            levels.append((inner, read_fields(window, field.start, field.end), field.end))
