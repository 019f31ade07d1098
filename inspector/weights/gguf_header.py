"""The header of a GGUF file, read in blocks and without trust: arrays are skipped by their lengths, so a vocabulary costs no memory.

Versions 1 (32-bit lengths), 2 and 3 and both byte orders. Nothing here knows what a key means. Source: ggml, docs/gguf.md, and its loader's
rules.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.bundle import File
from inspector.errors import Malformed, TooLarge

MAGIC = b"GGUF"
BLOCK = 1 << 18  # bytes of one read
LONGEST_KEY = 1024
LONGEST_NAME = 256
LONGEST_TEXT = 4096  # bytes kept of a text; a longer one is skipped like an array
MOST_KEYS = 10_000
MOST_TENSORS = 200_000
MOST_ITEMS = 1 << 24  # texts in the arrays of one file
LARGEST_HEADER = 256 * 2**20
DEEPEST = 4
KEPT_ITEMS = 256  # texts of a short array are kept
KEPT_TEXTS = ("general.", "adapter.", "tokenizer.ggml.model")
KEPT_ARRAYS = ("general.datasets",)
SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "B", 10: "Q", 11: "q", 12: "d"}
BOOL, TEXT, ARRAY = 7, 8, 9


@dataclass(frozen=True, slots=True)
class Array:
    """An array that was skipped, or kept as texts where it is short: the type of its elements and their number."""

    kind: int
    count: int
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its type and its place (bytes, half open); a text that is not kept is `None`."""

    kind: int
    content: str | int | float | Array | None
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """A tensor's record: the shape in the usual order (slowest first), the type's number, and the offset from the start of the data."""

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int


@dataclass(slots=True)
class Header:
    """What was read so far; `end` is the byte behind the last tensor's record."""

    version: int
    order: str
    values: dict[str, Value] = field(default_factory=dict)
    duplicates: list[str] = field(default_factory=list)
    tensors: int = 0
    end: int = 0


class Cursor:
    """A place in a file that moves forward, with one block of the file in memory."""

    def __init__(self, file: File, order: str, word: str) -> None:
        self.file, self.order, self.word = file, order, struct.Struct(order + word)
        self._block, self._start, self._at = b"", 0, 0

    @property
    def position(self) -> int:
        """The byte of the file to read next."""
        return self._start + self._at

    @property
    def left(self) -> int:
        """How many bytes the file still has."""
        return self.file.size - self.position

    def take(self, length: int) -> bytes:
        """Read on; raises Malformed at the end of the file, TooLarge when the header outgrows its limit."""
        if self._at + length > len(self._block):
            self._load(length)
        self._at += length
        return self._block[self._at - length : self._at]

    def skip(self, length: int) -> None:
        """Move on without reading."""
        if length > self.left:
            raise Malformed(f"truncated: {length} bytes are announced at byte {self.position}, the file has {self.left} more")
        self._at += length

    def number(self, code: str) -> int | float:
        """Read one number of a `struct` code."""
        value: int | float = struct.unpack(self.order + code, self.take(struct.calcsize(self.order + code)))[0]
        return value

    def length(self) -> int:
        """Read a count or a length: 64 bits, 32 in version 1."""
        value: int = self.word.unpack(self.take(self.word.size))[0]
        return value

    def text(self, limit: int, what: str) -> str:
        """Read a text with its length before it; raises Malformed above the limit (bytes)."""
        if (length := self.length()) > limit:
            raise Malformed(f"{what} of {length} bytes at byte {self.position}, the limit is {limit}")
        return self.take(length).decode("utf-8", "replace")

    def skip_texts(self, count: int) -> None:
        """Move behind `count` texts, each with its length before it."""
        size, unpack = self.word.size, self.word.unpack_from
        while count:
            block, at, end = self._block, self._at, len(self._block) - size
            while count and at <= end:
                at += size + unpack(block, at)[0]
                count -= 1
            self._at = at
            if self.left < 0:
                raise Malformed(f"truncated: a text in an array ends at byte {self.position}, the file has {self.file.size}")
            if count:
                self._load(size)

    def _load(self, length: int) -> None:
        start = self.position
        if start > LARGEST_HEADER:
            raise TooLarge(f"the header is longer than {LARGEST_HEADER} bytes")
        if length > self.file.size - start:
            raise Malformed(f"truncated: {length} bytes expected at byte {start}, the file has {self.file.size}")
        self._block, self._start, self._at = self.file.read(start, min(max(length, BLOCK), self.file.size - start)), start, 0


def open_header(file: File) -> tuple[Cursor, Header, int, int]:
    """Read version and counts: the cursor behind them, the header to fill, the number of tensors and of keys.

    Raises Malformed for other versions and for counts that cannot fit in the file.
    """
    first = file.read(4, 4)
    order = "<" if first[:2] != b"\0\0" else ">"  # versions are small: the half that is zero tells the byte order
    version = int.from_bytes(first, "little" if order == "<" else "big")
    if version not in {1, 2, 3}:
        raise Malformed(f"GGUF of version {version}; 1, 2 and 3 are known")
    cursor = Cursor(file, order, "I" if version == 1 else "Q")
    cursor.skip(8)
    tensors, keys = cursor.length(), cursor.length()
    if tensors > MOST_TENSORS or keys > MOST_KEYS or 13 * keys + 16 * tensors > file.size:
        raise Malformed(f"{tensors} tensors and {keys} keys are announced in a file of {file.size} bytes")
    return cursor, Header(version, order, tensors=tensors), tensors, keys


def read_values(cursor: Cursor, header: Header, keys: int) -> None:
    """Read the key-value pairs into the header; of a key that stands twice the first value is kept."""
    budget = MOST_ITEMS
    for _ in range(keys):
        key = cursor.text(LONGEST_KEY, "a key")
        begin, kind = cursor.position, int(cursor.number("I"))
        content, used = _read_value(cursor, kind, key, budget)
        budget -= used
        if key in header.values:
            header.duplicates.append(key)
        else:
            header.values[key] = Value(kind, content, begin, cursor.position)
    header.end = cursor.position


def _read_value(cursor: Cursor, kind: int, key: str, budget: int) -> tuple[str | int | float | Array | None, int]:
    """Read or skip one value; also says how many texts of the budget its arrays used."""
    if kind in SCALARS:
        return cursor.number(SCALARS[kind]), 0
    if kind == TEXT:
        length = cursor.length()
        if length > LONGEST_TEXT or not (key.startswith(KEPT_TEXTS) or "licen" in key.casefold()):
            cursor.skip(length)
            return None, 0
        return cursor.take(length).decode("utf-8", "replace"), 0
    if kind != ARRAY:
        raise Malformed(f"a value of the unknown type {kind} before byte {cursor.position}")
    inner, count = int(cursor.number("I")), cursor.length()
    if key in KEPT_ARRAYS and inner == TEXT and count <= KEPT_ITEMS:
        return Array(inner, count, tuple(cursor.text(LONGEST_TEXT, "a text") for _ in range(count))), count
    return Array(inner, count), _skip_array(cursor, inner, count, budget, 1)


def _skip_array(cursor: Cursor, kind: int, count: int, budget: int, depth: int) -> int:
    """Move behind the elements of an array; says how many texts and inner arrays it held."""
    if kind in SCALARS:
        cursor.skip(count * struct.calcsize(cursor.order + SCALARS[kind]))
        return 0
    if kind not in {TEXT, ARRAY} or depth > DEEPEST:
        raise Malformed(f"an array of the unknown type {kind}, or nested deeper than {DEEPEST}, before byte {cursor.position}")
    if count * cursor.word.size > cursor.left:
        raise Malformed(
            f"truncated: an array of {count} elements is announced at byte {cursor.position}, the file has {cursor.left} bytes more"
        )
    if count > budget:
        raise TooLarge(f"more than {MOST_ITEMS} texts in arrays")
    if kind == TEXT:
        cursor.skip_texts(count)
        return count
    used = count
    for _ in range(count):
        inner = int(cursor.number("I"))
        used += _skip_array(cursor, inner, cursor.length(), budget - used, depth + 1)
    return used


def read_tensors(cursor: Cursor, header: Header) -> Iterator[TensorInfo]:
    """List the tensors' records in the order they are written.

    Raises Malformed for more than four dimensions or 2^63 elements, both of which the format's own loader refuses.
    """
    for _ in range(header.tensors):
        name = cursor.text(LONGEST_NAME, "a tensor's name")
        if (dimensions := int(cursor.number("I"))) > 4:
            raise Malformed(f"a tensor with {dimensions} dimensions before byte {cursor.position}, the format allows 4")
        sizes = [cursor.length() for _ in range(dimensions)]
        kind, offset = int(cursor.number("I")), int(cursor.number("Q"))
        _check_size(sizes, cursor.position)
        header.end = cursor.position
        yield TensorInfo(name, tuple(reversed(sizes)), kind, offset)


def _check_size(sizes: list[int], position: int) -> None:
    elements = 1
    for size in sizes:
        elements *= size
        if elements >= 2**63 or size >= 2**63:
            raise Malformed(f"a tensor of 2^63 elements or more before byte {position}")
