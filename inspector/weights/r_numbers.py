"""Numbers and texts in the three ways that R serializes them: XDR, native binary of little-endian systems, text. Source: R's `serialize.c`."""

from inspector.errors import Malformed
from inspector.serialization.stream import Stream

LONGEST_NAME, FEW = 4096, 8
INT, COMPLEX = 13, 15
NUMBERS = {10: ("BOOL", 4), 13: ("I32", 4), 14: ("F64", 8), 15: ("C64", 16), 24: ("U8", 1)}


class Reader:
    """Numbers and texts of one of the three ways of writing."""

    def __init__(self, stream: Stream, form: bytes) -> None:
        self.stream, self.is_text, self.is_little = stream, form == b"A", form == b"B"

    def number(self) -> int:
        """Read a whole number of 32 bits; what is not available is the lowest."""
        if not self.is_text:
            return int.from_bytes(self.stream.take(4), "little" if self.is_little else "big", signed=True)
        word = self.stream.line().strip()
        try:
            return -(2**31) if word == b"NA" else int(word)
        except ValueError as error:
            raise Malformed(f"no number stands before byte {self.stream.position} of what is serialized") from error

    def text(self, length: int) -> str:
        """Read a text of so many bytes, and keep its beginning."""
        if self.is_text:
            return self.stream.line()[:LONGEST_NAME].decode("utf-8", "replace").rstrip("\r")
        data = self.stream.take(min(length, LONGEST_NAME))
        self.stream.skip(length - len(data))
        return data.decode("utf-8", "replace")

    def elements(self, kind: int, length: int) -> tuple[int, ...]:
        """Pass over the elements of a vector; give whole numbers where they are few."""
        if kind == INT and length <= FEW:
            return tuple(self.number() for _ in range(length))
        if self.is_text:
            for _ in range(length * (2 if kind == COMPLEX else 1)):
                self.stream.line()
        else:
            self.stream.skip(length * NUMBERS[kind][1])
        return ()
