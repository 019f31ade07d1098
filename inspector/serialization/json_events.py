"""JSON of any size, walked through a window: keys and scalars are given, numbers and words in arrays are counted.

The grammar is held: commas, colons, one value, no key twice. NaN and Infinity pass, since writers of models use them.
Source: RFC 8259.
"""

import json
import re
from collections.abc import Iterator
from typing import Protocol

from inspector.errors import Malformed, TooLarge
from inspector.serialization.events import HEAD, LONGEST_TEXT, Array, Event, Level, Object, Value, Walk

BLOCK = 1 << 18
LARGEST_PIECE = 4 * 2**20  # bytes of one text
SPACE = re.compile(rb"[ \t\r\n]*+")
TEXT = re.compile(rb'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+"')
RUN = re.compile(rb"[-+0-9.eE, \t\r\n]*+(?:(?:NaN|Infinity|true|false|null)[-+0-9.eE, \t\r\n]*+)*+")
NUMBER = re.compile(rb"-?(?:[0-9]++(?:\.[0-9]++)?+(?:[eE][-+]?[0-9]++)?+|NaN|Infinity)")
WORDS: dict[bytes, bool | None] = {b"true": True, b"false": False, b"null": None}
NUMBERS = frozenset(b"-0123456789NItfn")
LONGEST_WORD = 8


class Readable(Protocol):
    """What can be read at any place: a file, or what was read of one."""

    @property
    def size(self) -> int:
        """Its size in bytes."""

    def read(self, offset: int, length: int, /) -> bytes:
        """Read exactly so many bytes."""


class InMemory:
    """Bytes to be read as a file is."""

    def __init__(self, data: bytes) -> None:
        self._data, self.size = data, len(data)

    def read(self, offset: int, length: int, /) -> bytes:
        """Read so many bytes."""
        return self._data[offset : offset + length]


def read_json_events(file: Readable) -> Iterator[Event]:
    """Walk a file that holds one JSON object, of any size, in the memory of its longest text.

    Raises Malformed where it is none, TooLarge for texts of more than 4 MiB, 64 levels and four million values.
    """
    return _Reader(file).read()


class _Reader:
    def __init__(self, file: Readable) -> None:
        self._file, self._data, self._start, self._at = file, b"", 0, 0
        self._walk = Walk()

    @property
    def _place(self) -> int:
        return self._start + self._at

    def _load(self, length: int) -> bool:
        """Read on by so many bytes, and forget what was read; say whether there was more."""
        end = self._start + len(self._data)
        more = self._file.read(end, min(length, self._file.size - end))
        self._start, self._data, self._at = self._place, self._data[self._at :] + more, 0
        return bool(more)

    def _peek(self) -> int:
        """Skip white space and look at the next byte; -1 at the end."""
        while True:
            found = SPACE.match(self._data, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._data):
                return self._data[self._at]
            if not self._load(BLOCK):
                return -1

    def _text(self) -> str:
        """Read a text; what is longer than 4 KiB is cut."""
        step = BLOCK
        while (found := TEXT.match(self._data, self._at)) is None:
            if len(self._data) - self._at > LARGEST_PIECE:
                raise TooLarge(f"a text of more than {LARGEST_PIECE} bytes at byte {self._place}")
            place = self._place
            if not self._load(step):
                raise self._fault("a text has no end, or holds what no text may", place)
            step *= 2
        raw = found[0]
        self._at = found.end()
        return _decode(raw, self._place - len(raw))

    def _fault(self, reason: str, place: int) -> Malformed:
        """Tell a document that is cut off from one that is wrong."""
        ended = self._start + len(self._data) >= self._file.size and self._peek_rest()
        return Malformed(
            f"truncated: the JSON ends at byte {self._file.size} before it is closed" if ended else f"{reason}, at byte {place}"
        )

    def _peek_rest(self) -> bool:
        """Say whether what is left is nothing, or only a part of a number, a word or a text."""
        rest = self._data[self._at :]
        return (
            not rest.strip(b" \t\r\n-+.eE") or (rest.startswith(b'"') and b"\n" not in rest) or any(word.startswith(rest) for word in WORDS)
        )

    def read(self) -> Iterator[Event]:
        """Give the events of the whole file."""
        if self._peek() != 0x7B:
            raise Malformed("not a JSON object")
        self._at += 1
        self._walk.open(Level(is_array=False), 0)
        while self._walk.levels:
            self._walk.step(self._place)
            yield from self._in_array() if self._walk.top.is_array else self._in_object()
        if self._peek() >= 0:
            raise Malformed(f"something follows the JSON object at byte {self._place}")

    def _separate(self, end: int) -> bool:
        """Read a comma, or the bracket that ends a level; say whether a value follows."""
        level, byte = self._walk.top, self._peek()
        if byte == end and (level.ready or not level.count):
            self._at += 1
            return False
        if level.ready:
            if byte != 0x2C:
                raise self._fault("a comma or a bracket is missing", self._place)
            self._at += 1
            level.ready = False
        return True

    def _in_object(self) -> Iterator[Event]:
        level = self._walk.top
        if not self._separate(0x7D):
            yield from self._close()
            return
        if self._peek() != 0x22:
            raise self._fault("a key is missing", self._place)
        self._walk.key(self._text(), self._place)
        level.count += 1
        if self._peek() != 0x3A:
            raise self._fault("a colon is missing", self._place)
        self._at += 1
        yield from self._value()

    def _in_array(self) -> Iterator[Event]:
        level = self._walk.top
        byte = self._peek()
        if byte in NUMBERS or (byte == 0x2C and level.ready):
            self._numbers(level)
        elif not self._separate(0x5D):
            yield from self._close()
        else:
            level.count += 1
            yield from self._value()

    def _numbers(self, level: Level) -> None:
        """Count a run of numbers and words, and the commas between them."""
        found = RUN.match(self._data, self._at)
        end = found.end() if found else self._at
        if end >= len(self._data) - LONGEST_WORD and self._start + len(self._data) < self._file.size:
            end = self._data.rfind(b",", self._at, end) + 1
            if end <= self._at:
                if len(self._data) - self._at > BLOCK or not self._load(BLOCK):
                    raise Malformed(f"no number ends near byte {self._place}")
                return
        run = self._data[self._at : end].translate(None, b" \t\r\n")
        if not run:
            raise self._fault("a value is missing", self._place)
        if run.startswith(b",") is not level.ready or b",," in run:
            raise Malformed(f"a number or a comma is missing at byte {self._place}")
        if not level.head and not level.count:
            level.head = tuple(float(number) for number in NUMBER.findall(run[:400])[:HEAD])
        level.count += run.count(b",") + (not run.endswith(b",")) - level.ready
        level.ready = not run.endswith(b",")
        self._at = end

    def _value(self) -> Iterator[Event]:
        byte, walk = self._peek(), self._walk
        if byte in {0x7B, 0x5B}:
            self._at += 1
            walk.open(Level(is_array=byte == 0x5B), self._place)
            return
        value: Value = self._text() if byte == 0x22 else self._scalar()
        walk.top.ready = True
        yield Event(walk.here(), value, self._place)

    def _scalar(self) -> Value:
        if len(self._data) - self._at < 64:
            self._load(BLOCK)
        for word, value in WORDS.items():
            if self._data.startswith(word, self._at):
                self._at += len(word)
                return value
        found = NUMBER.match(self._data, self._at, self._at + 1000)
        if found is None:
            raise self._fault("a value is missing", self._place)
        self._at = found.end()
        text = found[0]
        return int(text) if text.lstrip(b"-").isdigit() and len(text) < 40 else float(text)

    def _close(self) -> Iterator[Event]:
        what: Array | Object = self._walk.close()
        if self._walk.levels:
            self._walk.top.ready = True
        yield Event(self._walk.here(), what, self._place)


def _decode(raw: bytes, place: int) -> str:
    try:
        if b"\\" not in raw:
            return raw[1 : LONGEST_TEXT + 1].decode("utf-8", "replace") if len(raw) > LONGEST_TEXT else raw[1:-1].decode()
        text: str = json.loads(raw)
    except (ValueError, UnicodeDecodeError) as error:
        raise Malformed(f"a text that cannot be read at byte {place}") from error
    return text[:LONGEST_TEXT]
