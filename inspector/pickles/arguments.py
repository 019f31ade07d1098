"""What stands behind an opcode in a pickle's stream, read without trust. Source: Python's `pickletools`."""

import re

from inspector.errors import Malformed
from inspector.pickles.symbols import SOMETHING, Symbol
from inspector.serialization.stream import Stream

LONGEST_TEXT = 4096  # bytes; a longer text is "something"
LONGEST_DIGITS = 20
ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|(.))")


def read_unsigned(stream: Stream, width: int) -> int:
    """Read an unsigned number of so many bytes.

    Raises Malformed at the end of the stream.
    """
    return int.from_bytes(stream.take(width), "little")


def read_long(stream: Stream, width: int) -> Symbol:
    """Read a number with its length before it; one of more than eight bytes is skipped."""
    length = read_unsigned(stream, width)
    if length <= 8:
        return int.from_bytes(stream.take(length), "little", signed=True)
    stream.skip(length)
    return SOMETHING


def read_lines(stream: Stream) -> tuple[str, str]:
    """Read the two lines that name a global."""
    return _decode(stream.line()), _decode(stream.line())


def read_line(stream: Stream, kind: str) -> Symbol:
    """Read the argument of an opcode of protocol 0: of kind `number`, `unicode`, `string`, `float` or `plain`.

    Raises Malformed where it is not readable.
    """
    line = stream.line()
    try:
        if kind == "number":
            return int(line.rstrip(b"L")) if len(line) <= LONGEST_DIGITS else SOMETHING
        if kind == "unicode":
            return str(line, "raw-unicode-escape")
        if kind == "string":
            return ESCAPE.sub(_unescape, line.strip()[1:-1]).decode("latin-1")
        return SOMETHING if kind == "float" else _decode(line)
    except ValueError as error:
        raise Malformed(f"an argument that cannot be read: {line[:40]!r}") from error


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _unescape(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1], 16)]) if match[1] else match[2]
