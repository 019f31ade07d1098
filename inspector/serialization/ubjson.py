"""UBJSON walked forward: keys and scalars are given, typed arrays are counted and skipped.

Source: the UBJSON specification, draft 12, and the subset that XGBoost writes (all numbers big-endian; no-ops, which nobody
writes, are refused).
"""

import math
import struct
from collections.abc import Iterator

from inspector.errors import Malformed, TooLarge
from inspector.serialization.events import HEAD, LONGEST_TEXT, Array, Event, Level, Object, Value, Walk
from inspector.serialization.stream import Stream

NUMBERS = {"i": "b", "U": "B", "I": "h", "l": "i", "L": "q", "d": "f", "D": "d"}
WHOLE = frozenset("iUIlL")
WORDS: dict[str, bool | None] = {"T": True, "F": False, "Z": None}
LARGEST_TEXT = 16 * 2**20  # bytes


def read_ubjson_events(stream: Stream) -> Iterator[Event]:
    """Walk one UBJSON object and stop behind it.

    Raises Malformed where it is none, TooLarge for texts of more than 16 MiB, 64 levels and four million values.
    """
    walk = Walk()
    if stream.take(1) != b"{":
        raise Malformed("not a UBJSON object")
    walk.open(_open(stream, is_array=False), 0)
    while walk.levels:
        walk.step(stream.position)
        level = walk.top
        if _ends(stream, level):
            what: Array | Object = walk.close()
            yield Event(walk.here(), what, stream.position)
            continue
        level.count += 1
        if not level.is_array:
            walk.key(_text(stream), stream.position)
        mark = level.width or _mark(stream)
        if mark in "[{":
            walk.open(opened := _open(stream, is_array=mark == "["), stream.position)
            _skip_typed(stream, opened)
            continue
        value = _scalar(stream, mark)
        if level.is_array and isinstance(value, int | float) and not isinstance(value, bool):
            level.head = (*level.head, float(value)) if len(level.head) < HEAD else level.head
        else:
            yield Event(walk.here(), value, stream.position)


def _mark(stream: Stream) -> str:
    return stream.take(1).decode("latin-1")


def _open(stream: Stream, *, is_array: bool) -> Level:
    """Read what may stand behind a bracket: the type of all elements, and their number."""
    width, left = "", None
    mark = stream.peek()
    if mark == b"$":
        stream.take(1)
        width = stream.take(1).decode("latin-1")
        if (mark := stream.peek()) != b"#":
            raise Malformed(f"a type without a number of elements at byte {stream.position}")
    if mark == b"#":
        stream.take(1)
        left = _length(stream)
    return Level(is_array=is_array, left=left, width=width)


def _ends(stream: Stream, level: Level) -> bool:
    """Say whether a level is at its end: by its number of elements, or by its bracket."""
    if level.left is not None:
        level.left -= 1
        return level.left < 0
    if stream.peek() != (b"]" if level.is_array else b"}"):
        return False
    stream.take(1)
    return True


def _skip_typed(stream: Stream, level: Level) -> None:
    """Count the elements of an array of numbers and move behind them."""
    if not (level.is_array and level.left is not None and (level.width in NUMBERS or level.width in WORDS)):
        return
    count = level.left
    if (code := NUMBERS.get(level.width)) is not None:
        size = struct.calcsize(f">{code}")
        if count * size > stream.left:
            raise Malformed(f"truncated: {count} numbers are announced at byte {stream.position}, {stream.left} bytes are there")
        few = min(count, HEAD)
        level.head = tuple(map(float, struct.unpack(f">{few}{code}", stream.take(few * size))))
        stream.skip((count - few) * size)
    level.count, level.left = count, 0


def _length(stream: Stream) -> int:
    value = _scalar(stream, _mark(stream))
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Malformed(f"no length at byte {stream.position}")
    return value


def _text(stream: Stream) -> str:
    """Read a text behind its length; what is longer than 4 KiB is cut."""
    length = _length(stream)
    if length > LARGEST_TEXT:
        raise TooLarge(f"a text of {length} bytes at byte {stream.position}, the limit is {LARGEST_TEXT}")
    kept = stream.take(min(length, LONGEST_TEXT))
    stream.skip(length - len(kept))
    return kept.decode("utf-8", "replace")


def _scalar(stream: Stream, mark: str) -> Value:
    if mark in NUMBERS:
        code = NUMBERS[mark]
        (number,) = struct.unpack(f">{code}", stream.take(struct.calcsize(f">{code}")))
        return int(number) if mark in WHOLE else float(number)
    if mark in WORDS:
        return WORDS[mark]
    if mark == "C":
        return stream.take(1).decode("latin-1")
    if mark == "S":
        return _text(stream)
    if mark == "H":
        try:
            number = float(_text(stream))
        except ValueError as error:
            raise Malformed(f"no number at byte {stream.position}") from error
        return number if math.isfinite(number) else None
    raise Malformed(f"{mark!r} at byte {stream.position - 1} is no mark of UBJSON")
