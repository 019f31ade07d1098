"""Numbers and texts of a binary file, read forward in one byte order through a small window."""

import struct

from inspector.bundle import File
from inspector.errors import Malformed
from inspector.serialization.stream import Stream

WIDTHS = {"b": 1, "B": 1, "h": 2, "H": 2, "i": 4, "I": 4, "q": 8, "Q": 8}


class Fields(Stream):
    """A file whose fields stand behind one another; `order` is `<` for little-endian numbers and `>` for big-endian ones."""

    def __init__(self, file: File, start: int = 0, order: str = "<") -> None:
        super().__init__(file.read, file.size, start)
        self.file = file
        self.order = order

    def number(self, code: str) -> int:
        """Read one whole number of a `struct` code."""
        return int.from_bytes(self.take(WIDTHS[code]), "little" if self.order == "<" else "big", signed=code.islower())

    def numbers(self, code: str, count: int) -> tuple[int, ...]:
        """Read whole numbers of a `struct` code; the caller bounds their count."""
        found: tuple[int, ...] = struct.unpack(f"{self.order}{count}{code}", self.take(count * WIDTHS[code]))
        return found

    def text(self, length: int, limit: int, what: str) -> str:
        """Read a text of so many bytes; raises Malformed for negative lengths and above the limit."""
        if not 0 <= length <= limit:
            raise Malformed(f"{what} of {length} bytes at byte {self.position}, the limit is {limit}")
        return self.take(length).decode("utf-8", "replace")

    def pass_over(self, length: int) -> None:
        """Move on without reading; raises Malformed backwards and beyond the end."""
        if length < 0:
            raise Malformed(f"a negative length at byte {self.position}")
        self.skip(length)
