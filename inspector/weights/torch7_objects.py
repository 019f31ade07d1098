"""Objects as Torch7 serializes them, binary or as text, read forward: tensors by their headers, functions as what they are. Nothing is loaded.

Source: torch7's `File.lua` (type tags, order of fields), `generic/Tensor.c` and `generic/Storage.c` (what a tensor and a storage write), and
the documentation of torch.File; tds for its tables. Sizes are those of 64-bit systems: an int has 4 bytes, a long 8.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from inspector.bundle import File
from inspector.errors import Malformed, TooLarge
from inspector.serialization.fields import WIDTHS as WIDTHS_OF
from inspector.serialization.fields import Fields

MOST_OBJECTS, DEEPEST, LONGEST_TEXT, MOST_DIMENSIONS = 2_000_000, 120, 1 << 20, 32
LONGEST_CODE = 16 * 2**20
PIECE, FEW = 1 << 16, 64  # bytes of text that are passed over at once, and numbers that are read singly
NIL, NUMBER, STRING, TABLE, TORCH, BOOLEAN, PLAIN_FUNCTION, OLD_FUNCTION, FUNCTION = range(9)
WIDTHS = {"Byte": 1, "Char": 1, "Short": 2, "Int": 4, "Long": 8, "Half": 2, "Float": 4, "Double": 8}
DTYPES = {"Byte": "U8", "Char": "I8", "Short": "I16", "Int": "I32", "Long": "I64", "Half": "F16", "Float": "F32", "Double": "F64"}
BYTECODE = (b"\x1bLJ", b"\x1bLua")


class TextFields(Fields):
    """The same fields written as text: numbers apart by white space, texts behind their length and a line end."""

    def number(self, code: str) -> int:
        """Read one whole number, which has as many digits as it needs, and no more than its code can hold."""
        word = self._word()
        try:
            value = int(word)
        except ValueError as error:
            raise Malformed(f"no number stands at byte {self.position}") from error
        if value.bit_length() >= WIDTHS_OF[code] * 8:
            raise Malformed(f"{value} at byte {self.position} is too large a number")
        return value

    def real(self) -> None:
        """Pass over a number with a fraction."""
        self._word()

    def body(self, length: int) -> bytes:
        """Read a text, and the line end behind it."""
        self.skip(1)
        return self.take(length)

    def elements(self, count: int, _width: int) -> None:
        """Pass over so many numbers: a number and the space behind it have two bytes at least."""
        while count > FEW:
            block = self.look(min(PIECE, 2 * count))
            end = max(block.rfind(b" "), block.rfind(b"\n"))
            words = len(block[: max(end, 0)].split())
            if not words:
                break
            self.skip(end)
            count -= words
        for _ in range(count):
            self._word()

    def _word(self) -> bytes:
        while self.left and self.peek().isspace():
            self.skip(1)
        word = self.look(64).split(maxsplit=1)[:1]
        if not word or len(word[0]) > 40:
            raise Malformed(f"truncated: a number is expected at byte {self.position}")
        return self.take(len(word[0]))


class BinaryFields(Fields):
    """Little-endian numbers behind one another."""

    def real(self) -> None:
        """Pass over a number with a fraction."""
        self.pass_over(8)

    def body(self, length: int) -> bytes:
        """Read a text."""
        return self.take(length)

    def elements(self, count: int, width: int) -> None:
        """Pass over so many numbers."""
        self.pass_over(count * width)


@dataclass(slots=True)
class Told:
    """What a stream of objects holds: classes with where each is first, functions with where they stand, and whether they are bytecode."""

    tensor: Callable[[str, str, tuple[int, ...]], None]
    classes: dict[str, int] = field(default_factory=dict)
    functions: list[tuple[int, bool]] = field(default_factory=list)
    end: int = 0


class Objects:
    """A reader of one stream; raises Malformed for what is no object, TooLarge beyond the limits."""

    def __init__(self, file: File, *, text: bool, told: Told) -> None:
        self.fields = TextFields(file) if text else BinaryFields(file)
        self.told, self.count = told, 0
        self._seen: set[int] = set()

    def read(self, name: str = "", depth: int = 0) -> str:
        """Read one object below a name; give its text where it is one."""
        self.count += 1
        if self.count > MOST_OBJECTS or depth > DEEPEST:
            raise TooLarge(f"more than {MOST_OBJECTS} objects, or more than {DEEPEST} in one another, at byte {self.fields.position}")
        self.told.end = start = self.fields.position
        kind = self.fields.number("i")
        if kind == NUMBER:
            self.fields.real()
        elif kind == STRING:
            return self._text(LONGEST_TEXT).decode("utf-8", "replace")
        elif kind == BOOLEAN:
            self.fields.number("i")
        elif kind == PLAIN_FUNCTION:
            self._function(start, name, depth)
        elif kind in {TABLE, TORCH, OLD_FUNCTION, FUNCTION}:
            self._indexed(kind, start, name, depth)
        elif kind != NIL:
            raise Malformed(f"no kind of object has the number {kind}, at byte {start}")
        self.told.end = self.fields.position
        return ""

    def _indexed(self, kind: int, start: int, name: str, depth: int) -> None:
        index = self.fields.number("i")
        if index in self._seen:
            return
        self._seen.add(index)
        if kind == TABLE:
            self._table(self.fields.number("i"), name, depth)
        elif kind == TORCH:
            self._torch(start, name, depth)
        else:
            self._function(start, name, depth)

    def _table(self, size: int, name: str, depth: int) -> None:
        if size < 0:
            raise Malformed(f"a table of {size} entries before byte {self.fields.position}")
        for place in range(1, size + 1):
            key = self.read("", depth + 1) or str(place)
            self.read(f"{name}.{key}" if name else key, depth + 1)

    def _function(self, start: int, name: str, depth: int) -> None:
        self.told.functions.append((start, self._text(LONGEST_CODE).startswith(BYTECODE)))
        self.read(name, depth + 1)

    def _text(self, limit: int) -> bytes:
        length = self.fields.number("i")
        if not 0 <= length <= limit:
            raise Malformed(f"a text of {length} bytes at byte {self.fields.position}, the limit is {limit}")
        return self.fields.body(length)

    def _torch(self, start: int, name: str, depth: int) -> None:
        version = self._text(256).decode("latin-1")
        kind = self._text(256).decode("latin-1") if version.startswith("V ") else version
        if not kind.isprintable():
            raise Malformed(f"no name of a class stands before byte {self.fields.position}")
        self.told.classes.setdefault(kind, start)
        package, _, last = kind.rpartition(".")
        base = last.removesuffix("Tensor").removesuffix("Storage").removeprefix("Cuda") or "Float"
        if package in {"torch", "cutorch"} and base in WIDTHS and last.endswith("Tensor"):
            self._tensor(base, name, depth)
        elif package in {"torch", "cutorch"} and base in WIDTHS and last.endswith("Storage"):
            self.fields.elements(self._count("q"), WIDTHS[base])
        elif kind in {"tds.Hash", "tds.Vec"}:
            count = self._count("i")
            self.read("", depth + 1)
            for _ in range(count * (2 if kind == "tds.Hash" else 1)):
                self.read(name, depth + 1)
        else:
            self.read(name, depth + 1)

    def _count(self, code: str) -> int:
        count = self.fields.number(code)
        if not 0 <= count < 2**48:
            raise Malformed(f"{count} elements are announced before byte {self.fields.position}")
        return count

    def _tensor(self, base: str, name: str, depth: int) -> None:
        rank = self._count("i")
        if rank > MOST_DIMENSIONS:
            raise Malformed(f"a tensor of {rank} dimensions before byte {self.fields.position}")
        shape = tuple(self._count("q") for _ in range(rank))
        for _ in range(rank + 1):  # strides, and where it begins in its storage
            self.fields.number("q")
        if rank:
            self.told.tensor(name, DTYPES[base], shape)
        self.read(name, depth + 1)
