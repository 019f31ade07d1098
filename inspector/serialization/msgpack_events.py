"""MessagePack walked forward: keys and scalars are given, byte strings and extensions are placed and skipped.

Source: the MessagePack specification.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from inspector.errors import Malformed, TooLarge
from inspector.serialization.events import LONGEST_TEXT, Array, Level, Object, Path, Walk
from inspector.serialization.stream import Stream

NUMBERS = {
    0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q", 0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q",
}  # fmt: skip
WORDS: dict[int, bool | None] = {0xC0: None, 0xC2: False, 0xC3: True}
TEXTS, BYTES = {0xD9: 1, 0xDA: 2, 0xDB: 4}, {0xC4: 1, 0xC5: 2, 0xC6: 4}  # the width of the length that follows
EXTENSIONS, FIXED = {0xC7: 1, 0xC8: 2, 0xC9: 4}, {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}  # the length of an extension's data
ARRAYS, MAPS = {0xDC: 2, 0xDD: 4}, {0xDE: 2, 0xDF: 4}
LONGEST_KEY = 4096


class Data(NamedTuple):
    """Bytes, or the data of an extension (`kind` is its type, else `None`), and where they are (bytes)."""

    kind: int | None
    start: int
    size: int


Value = str | int | float | bool | Data | Array | Object | None


class Item(NamedTuple):
    """A value and the keys that lead to it."""

    path: Path
    value: Value


def read_msgpack_events(stream: Stream) -> Iterator[Item]:
    """Walk one value and stop behind it; maps and arrays are given where they end.

    Raises Malformed where it is none or has a key twice, TooLarge for 64 levels and four million values.
    """
    walk = Walk()
    walk.open(Level(is_array=True, left=1), 0)
    while True:
        level = walk.top
        level.left = (level.left or 0) - 1
        if level.left < 0:
            what = walk.close()
            if not walk.levels:
                return
            yield Item(walk.here()[1:], what)
            continue
        walk.step(stream.position)
        level.count += 1
        if not level.is_array:
            walk.key(_key(stream), stream.position)
        opened = _open(stream)
        if opened is not None:
            walk.open(opened, stream.position)
        else:
            yield Item(walk.here()[1:], _scalar(stream))


def _length(stream: Stream, width: int) -> int:
    return int.from_bytes(stream.take(width), "big")


def _open(stream: Stream) -> Level | None:
    """Go into a map or an array; `None` where neither begins."""
    mark = stream.peek()[0]
    if 0x80 <= mark < 0xA0:
        stream.take(1)
        return Level(is_array=mark >= 0x90, left=mark & 15)
    if mark not in ARRAYS and mark not in MAPS:
        return None
    stream.take(1)
    count = _length(stream, ARRAYS.get(mark) or MAPS[mark])
    if count > stream.left:
        raise Malformed(f"truncated: {count} values are announced at byte {stream.position}, {stream.left} bytes are left")
    return Level(is_array=mark in ARRAYS, left=count)


def _key(stream: Stream) -> str:
    """Read a key: a text, a number, or bytes that are a text, as msgpack-numpy writes them."""
    mark = stream.peek()[0]
    if mark in BYTES:
        stream.take(1)
        return _text(stream, _length(stream, BYTES[mark]))
    key = _scalar(stream)
    if isinstance(key, str):
        return key
    if isinstance(key, bool) or not isinstance(key, int):
        raise Malformed(f"a key that is neither a text nor a number before byte {stream.position}")
    return str(key)


def _scalar(stream: Stream) -> str | int | float | bool | Data | None:
    place = stream.position
    mark = stream.take(1)[0]
    if mark < 0x80 or mark >= 0xE0:
        return mark if mark < 0x80 else mark - 0x100
    if mark in WORDS:
        return WORDS[mark]
    if mark in NUMBERS:
        form = NUMBERS[mark]
        (number,) = struct.unpack(form, stream.take(struct.calcsize(form)))
        return float(number) if form in {">f", ">d"} else int(number)
    if 0xA0 <= mark < 0xC0 or mark in TEXTS:
        return _text(stream, mark & 31 if mark < 0xC0 else _length(stream, TEXTS[mark]))
    if mark in BYTES:
        return _skip(stream, None, _length(stream, BYTES[mark]))
    if mark in EXTENSIONS or mark in FIXED:
        size = FIXED.get(mark) or _length(stream, EXTENSIONS[mark])
        return _skip(stream, int.from_bytes(stream.take(1), "big", signed=True), size)
    raise Malformed(f"no value begins at byte {place}")


def _text(stream: Stream, size: int) -> str:
    if size > stream.left:
        raise Malformed(f"truncated: a text of {size} bytes is announced at byte {stream.position}, {stream.left} are left")
    text = stream.take(min(size, LONGEST_TEXT))
    stream.skip(size - len(text))
    return text.decode("utf-8", "replace")


def _skip(stream: Stream, kind: int | None, size: int) -> Data:
    data = Data(kind, stream.position, size)
    stream.skip(size)
    return data


def read_array(stream: Stream, size: int) -> tuple[str, tuple[int, ...], int]:
    """Read the header of a numpy array as Flax writes it, which takes so many bytes: its dtype, its shape, the bytes of its numbers.

    Raises Malformed where it is none.
    """
    end = stream.position + size
    if size < 3 or stream.take(1) != b"\x93":
        raise Malformed(f"no array begins at byte {end - size}")
    level, shape = _open(stream), list[int]()
    if level is None or not level.is_array or (level.left or 0) > 64:
        raise Malformed(f"the array at byte {end - size} has no shape")
    for _ in range(level.left or 0):
        number = _scalar(stream)
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise Malformed(f"the array at byte {end - size} has a size that is no number")
        shape.append(number)
    dtype, data = _scalar(stream), _scalar(stream)
    if isinstance(dtype, Data):
        raise Malformed(f"the array at byte {end - size} has no dtype")
    if not isinstance(data, Data) or data.kind is not None or stream.position != end:
        raise Malformed(f"the array at byte {end - size} does not end where it should")
    if len(str(dtype)) > 64:
        raise TooLarge(f"the array at byte {end - size} has a dtype of {len(str(dtype))} characters")
    return str(dtype), tuple(shape), data.size
