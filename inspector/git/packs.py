"""Packs of git: many objects in one file, some of them as differences from others. Source: git, "gitformat-pack", versions 2 of pack and index."""

import zlib
from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass

from inspector.bundle import MAX_READ, File
from inspector.errors import Damaged, Malformed, TooLarge

INDEX_MAGIC = b"\xfftOc\0\0\0\2"
FANOUT = 8 + 256 * 4
KINDS = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
BY_OFFSET, BY_NAME = 6, 7
LONGEST_CHAIN = 4096
FEED = 2**16
MOST_KEPT = 32 * 2**20  # bytes of objects that others are differences from


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as it stands in a pack: its kind (empty for a difference), the size it inflates to, where its bytes start, what it differs from."""

    kind: str
    size: int
    start: int
    base: int | None = None


class Names:
    """The names in an index, by which bisection finds one without making a list of them."""

    def __init__(self, data: bytes, width: int, count: int) -> None:
        self._data = data
        self._width = width
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: int) -> bytes:
        return self._data[FANOUT + place * self._width : FANOUT + (place + 1) * self._width]


class Pack:
    """An open pack with its index."""

    def __init__(self, index: bytes, width: int, file: File) -> None:
        self._index = index
        self._count = int.from_bytes(index[FANOUT - 4 : FANOUT], "big")
        self._names = Names(index, width, self._count)
        self._width = width
        self._file = file
        self._kept: OrderedDict[int, tuple[str, bytes]] = OrderedDict()
        self._size = 0

    def find(self, name: str) -> int | None:
        """Give where an object stands in the pack; none where it is not in it."""
        wanted = bytes.fromhex(name)
        if len(wanted) != self._width:
            return None
        first = 0 if not wanted[0] else int.from_bytes(self._index[8 + wanted[0] * 4 - 4 : 8 + wanted[0] * 4], "big")
        last = int.from_bytes(self._index[8 + wanted[0] * 4 : 12 + wanted[0] * 4], "big")
        if not first <= last <= self._count:
            raise Malformed("the index of a pack is not in order")
        place = bisect_left(self._names, wanted, first, last)
        if place >= last or self._names[place] != wanted:
            return None
        offsets = FANOUT + self._count * (self._width + 4)
        offset = int.from_bytes(self._index[offsets + place * 4 : offsets + place * 4 + 4], "big")
        if offset & 0x80000000:
            large = offsets + self._count * 4 + (offset & 0x7FFFFFFF) * 8
            offset = int.from_bytes(self._index[large : large + 8], "big")
        return offset

    def read(self, offset: int, limit: int) -> tuple[str, bytes]:
        """Read the kind and the content of an object.

        Raises Malformed where the pack breaks, TooLarge beyond `limit` bytes.
        """
        waiting: list[tuple[int, bytes]] = []
        while (found := self._kept.get(offset)) is None:
            stored = self._stored(offset)
            if stored.size > limit:
                raise TooLarge(f"an object of {stored.size} bytes in a pack, the limit is {limit}")
            data = self._inflate(stored)
            if stored.base is None:
                found = (stored.kind, data)
                self._keep(offset, found)
                break
            waiting.append((offset, data))
            if len(waiting) > LONGEST_CHAIN:
                raise TooLarge(f"more than {LONGEST_CHAIN} differences on each other in a pack")
            offset = stored.base
        kind, data = found
        for place, delta in reversed(waiting):
            data = apply_delta(data, delta, limit)
            self._keep(place, (kind, data))
        return kind, data

    def measure(self, offset: int) -> int:
        """Give the size of an object in bytes."""
        stored = self._stored(offset)
        if stored.base is None:
            return stored.size
        head = inflate_head(self._some(stored.start, 64), 32)
        return _number(head, _number(head, 0)[1])[0]

    def _keep(self, offset: int, found: tuple[str, bytes]) -> None:
        self._kept[offset] = found
        self._size += len(found[1])
        while self._size > MOST_KEPT:
            self._size -= len(self._kept.popitem(last=False)[1][1])

    def _stored(self, offset: int) -> Stored:
        head = self._some(offset, 64)
        size, shift, place = head[0] & 15, 4, 1
        while head[place - 1] & 0x80:
            if place > 9:
                raise Malformed("the size of an object in a pack does not end")
            size, shift, place = size | (head[place] & 0x7F) << shift, shift + 7, place + 1
        kind = head[0] >> 4 & 7
        if kind in KINDS:
            return Stored(KINDS[kind], size, offset + place)
        if kind == BY_NAME:
            base = self.find(head[place : place + self._width].hex())
            place += self._width
        elif kind == BY_OFFSET:
            back, place = _distance(head, place)
            base = offset - back if 0 < back < offset else None
        else:
            raise Malformed(f"an object of the kind {kind} in a pack")
        if base is None:
            raise Malformed("a difference in a pack has nothing that it differs from")
        return Stored("", size, offset + place, base)

    def _some(self, offset: int, length: int) -> bytes:
        data = self._file.read(offset, min(length, self._file.size - offset)) if offset < self._file.size else b""
        if len(data) < 2:
            raise Malformed(f"an object at byte {offset} of a pack of {self._file.size}")
        return data.ljust(length, b"\0")

    def _inflate(self, stored: Stored) -> bytes:
        decoder, parts, place, left = zlib.decompressobj(), list[bytes](), stored.start, stored.size
        try:
            while not decoder.eof and place < self._file.size:
                piece = self._file.read(place, min(FEED, self._file.size - place))
                part = decoder.decompress(piece, left + 1)
                place, left = place + len(piece), left - len(part)
                parts.append(part)
                if left < 0 or decoder.unconsumed_tail:
                    raise Malformed("an object in a pack is longer than it says")
        except zlib.error as error:
            raise Damaged(f"an object in a pack cannot be inflated: {error}") from error
        if left:
            raise Malformed("an object in a pack is shorter than it says")
        return b"".join(parts)


def inflate_head(data: bytes, most: int) -> bytes:
    """Inflate the first bytes of an object.

    Raises Damaged where that cannot be done.
    """
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error as error:
        raise Damaged(f"an object of git cannot be inflated: {error}") from error


def open_pack(index: File, file: File) -> Pack:
    """Make a pack of its two open files.

    Raises Malformed for another version, or an index that is too short for what it counts; TooLarge beyond 128 MiB of index.
    """
    data = index.whole(MAX_READ)
    count = int.from_bytes(data[FANOUT - 4 : FANOUT], "big")
    if not data.startswith(INDEX_MAGIC):
        raise Malformed("the index of a pack of another version than 2")
    fits = [width for width in (20, 32) if _fits(len(data), count, width)]
    if len(fits) != 1 and count:
        raise Malformed("the index of a pack has another size than its count asks for")
    if file.read(0, 4) != b"PACK":
        raise Malformed("no pack of git")
    return Pack(data, fits[0] if fits else 20, file)


def _fits(size: int, count: int, width: int) -> bool:
    """Say whether an index of so many names of so many bytes has this size, with any number of large offsets."""
    rest = size - FANOUT - count * (width + 8) - 2 * width
    return 0 <= rest <= count * 8 and rest % 8 == 0


def apply_delta(base: bytes, delta: bytes, limit: int) -> bytes:
    """Make an object of another one and its difference.

    Raises Malformed where it does not fit, TooLarge beyond `limit` bytes.
    """
    (before, place), parts, total = _number(delta, 0), list[bytes](), 0
    size, place = _number(delta, place)
    if before != len(base):
        raise Malformed("a difference in a pack is from something else")
    if size > limit:
        raise TooLarge(f"an object of {size} bytes in a pack, the limit is {limit}")
    while place < len(delta):
        code, place = delta[place], place + 1
        if code & 0x80:
            start, length, place = _copy(delta, code, place)
            part = base[start : start + length]
        else:
            length, part = code, delta[place : place + code]
            place += code
        total += length
        if not length or len(part) != length or total > size:
            raise Malformed("a difference in a pack reaches outside of what it is from")
        parts.append(part)
    if total != size:
        raise Malformed("a difference in a pack makes another size than it says")
    return b"".join(parts)


def _copy(delta: bytes, code: int, place: int) -> tuple[int, int, int]:
    """Read which part is copied: its start, its length, and where the next instruction stands."""
    numbers = 0
    for bit in range(7):
        if code & 1 << bit:
            numbers |= _byte(delta, place) << 8 * bit
            place += 1
    return numbers & 0xFFFFFFFF, numbers >> 32 or 0x10000, place


def _number(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 63:
        byte, place = _byte(data, place), place + 1
        value, shift = value | (byte & 0x7F) << shift, shift + 7
        if not byte & 0x80:
            return value, place
    raise Malformed("a number in a pack does not end")


def _distance(data: bytes, place: int) -> tuple[int, int]:
    byte, place = data[place], place + 1
    value = byte & 0x7F
    while byte & 0x80:
        if value > 2**56:
            raise Malformed("a distance in a pack does not end")
        byte, place = _byte(data, place), place + 1
        value = (value + 1) << 7 | byte & 0x7F
    return value, place


def _byte(data: bytes, place: int) -> int:
    if place >= len(data):
        raise Malformed("a difference in a pack breaks off")
    return data[place]
