"""The opcodes of pickles as a table, and what stands behind each of them in the stream. Source: Python's `pickletools`."""

import pickletools
import re

from inspector.errors import Malformed
from inspector.stream import Stream
from inspector.symbols import SOMETHING, Symbol

LONGEST_TEXT = 4096  # bytes; a longer text is "something"
ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|(.))")
WIDTHS = {
    pickletools.TAKEN_FROM_ARGUMENT1: 1,
    pickletools.TAKEN_FROM_ARGUMENT4: 4,
    pickletools.TAKEN_FROM_ARGUMENT4U: 4,
    pickletools.TAKEN_FROM_ARGUMENT8U: 8,
}


def read_argument(stream: Stream, argument: tuple[str, int]) -> Symbol:
    """Read what stands behind an opcode; payloads and long texts are skipped.

    Raises Malformed where it is not readable.
    """
    kind, size = argument
    if size == pickletools.UP_TO_NEWLINE:
        if kind == "stringnl_noescape_pair":
            return (_decode(stream.line()), _decode(stream.line()))
        return _read_line(kind, stream.line())
    if size >= 0:
        data = stream.take(size)
        return int.from_bytes(data, "little", signed=kind == "int4") if kind in {"uint1", "uint2", "uint4", "int4"} else SOMETHING
    length = int.from_bytes(stream.take(WIDTHS[size]), "little")
    if length > LONGEST_TEXT or not kind.startswith(("unicodestring", "string", "long")):
        stream.skip(length)
        return SOMETHING
    data = stream.take(length)
    if kind.startswith("long"):
        return int.from_bytes(data, "little", signed=True) if length <= 8 else SOMETHING
    return data.decode("utf-8" if kind.startswith("unicode") else "latin-1", "backslashreplace")


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _unescape(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1], 16)]) if match[1] else match[2]


def _read_line(kind: str, line: bytes) -> Symbol:
    """Read the argument of an opcode of protocol 0."""
    try:
        if kind.startswith("decimalnl"):
            return int(line.rstrip(b"L")) if len(line) <= 20 else SOMETHING
        if kind == "unicodestringnl":
            return str(line, "raw-unicode-escape")
        if kind == "stringnl":
            return ESCAPE.sub(_unescape, line.strip()[1:-1]).decode("latin-1")
        return SOMETHING if kind == "floatnl" else _decode(line)
    except ValueError as error:
        raise Malformed(f"an argument that cannot be read: {line[:40]!r}") from error


def _opcode(info: pickletools.OpcodeInfo) -> tuple[str, int, bool, int, tuple[str, int] | None]:
    """Sum up an opcode: its name, how many it takes below a mark, whether it takes to a mark, how many it pushes, its argument."""
    before = [item.name for item in info.stack_before]
    marked = "mark" in before
    takes = before.index("mark") if marked else len(before)
    return info.name, takes, marked, len(info.stack_after), (info.arg.name, info.arg.n) if info.arg else None


OPCODES = {info.code.encode("latin-1"): _opcode(info) for info in pickletools.opcodes}
