"""Tables of a FlatBuffer, read by their offsets: each is checked before it is followed.

Source: FlatBuffers' description of its binary format (root offset, tables with vtables, vectors, strings; little-endian).
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.errors import Malformed, TooLarge

LARGEST_VECTOR = 16 * 2**20  # bytes that are read at once
LONGEST_TEXT = 128 * 1024  # bytes; a longer one is cut


class FlatTable:
    """A table: where it stands, and where each of its fields does; positions are bytes of the file."""

    __slots__ = ("_end", "_fields", "_file", "_start", "position")

    def __init__(self, file: File, start: int, end: int, position: int) -> None:
        self._file, self._start, self._end, self.position = file, start, end, position
        table = position - int.from_bytes(self._read(position, 4), "little", signed=True)
        size = int.from_bytes(self._read(table, 2), "little")
        if size < 4 or size % 2:
            raise Malformed(f"no table begins at byte {position}: its list of fields has {size} bytes")
        raw = self._read(table + 4, size - 4)
        self._fields = [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]

    def _read(self, position: int, length: int) -> bytes:
        if position < self._start or position + length > self._end:
            raise Malformed(f"an offset leads to byte {position}, the tables reach from {self._start} to {self._end}")
        return self._file.read(position, length)

    def _place(self, field: int) -> int | None:
        """Find where a field stands; `None` when it is left out."""
        offset = self._fields[field] if field < len(self._fields) else 0
        return self.position + offset if offset else None

    def number(self, field: int) -> int:
        """Read a field of 32 bits with a sign; 0 when it is left out."""
        place = self._place(field)
        return 0 if place is None else int.from_bytes(self._read(place, 4), "little", signed=True)

    def byte(self, field: int) -> int:
        """Read a field of 8 bits with a sign; 0 when it is left out."""
        place = self._place(field)
        return 0 if place is None else int.from_bytes(self._read(place, 1), "little", signed=True)

    def wide(self, field: int) -> int:
        """Read a field of 64 bits without a sign; 0 when it is left out."""
        place = self._place(field)
        return 0 if place is None else int.from_bytes(self._read(place, 8), "little")

    def holds(self, field: int) -> bool:
        """Say whether a field is there."""
        return self._place(field) is not None

    def table(self, field: int) -> "FlatTable | None":
        """Follow a field to the table it leads to."""
        place = self._follow(field)
        return None if place is None else FlatTable(self._file, self._start, self._end, place)

    def _follow(self, field: int) -> int | None:
        place = self._place(field)
        return None if place is None else place + int.from_bytes(self._read(place, 4), "little")

    def vector(self, field: int, width: int) -> tuple[int, int]:
        """Say how many elements of a width (bytes) a vector has, and at which byte they begin; 0 when it is left out."""
        place = self._follow(field)
        if place is None:
            return 0, self.position
        count = int.from_bytes(self._read(place, 4), "little")
        if place + 4 + count * width > self._end:
            raise Malformed(f"a vector of {count} elements at byte {place} reaches beyond byte {self._end}")
        return count, place + 4

    def data(self, field: int, width: int) -> bytes:
        """Read a vector whole; raises TooLarge above 16 MiB."""
        count, place = self.vector(field, width)
        if count * width > LARGEST_VECTOR:
            raise TooLarge(f"a vector of {count * width} bytes at byte {place}, the limit is {LARGEST_VECTOR}")
        return self._read(place, count * width)

    def tables(self, field: int, most: int) -> "list[FlatTable]":
        """Follow a vector of tables; raises TooLarge when there are more than `most`."""
        return list(self.each(field, most))

    def each(self, field: int, most: int) -> Iterator["FlatTable"]:
        """Follow a vector of tables, one after the other; raises TooLarge when there are more than `most`."""
        for place in self._places(field, most):
            yield FlatTable(self._file, self._start, self._end, place)

    def text(self, field: int) -> tuple[str, int, int]:
        """Read a text, and say at which bytes it begins and ends; it is empty when it is left out, and cut above 128 KiB."""
        count, place = self.vector(field, 1)
        return self._read(place, min(count, LONGEST_TEXT)).decode("utf-8", "replace"), place, place + count

    def texts(self, field: int, most: int) -> list[str]:
        """Read a vector of texts; raises TooLarge when there are more than `most`."""
        texts = []
        for place in self._places(field, most):
            count = int.from_bytes(self._read(place, 4), "little")
            texts.append(self._read(place + 4, min(count, 1000)).decode("utf-8", "replace"))
        return texts

    def _places(self, field: int, most: int) -> list[int]:
        count, place = self.vector(field, 4)
        if count > most:
            raise TooLarge(f"a vector of {count} tables at byte {place}, the limit is {most}")
        places = range(place, place + 4 * count, 4)
        return [at + int.from_bytes(self._read(at, 4), "little") for at in places]


def read_root(file: File, start: int, end: int) -> FlatTable:
    """Read the root table of the FlatBuffer between two bytes of a file."""
    if end - start < 8:
        raise Malformed(f"no FlatBuffer fits between byte {start} and byte {end}")
    return FlatTable(file, start, end, start + int.from_bytes(file.read(start, 4), "little"))
