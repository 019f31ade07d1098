"""HDF5 files, written in the old manner (symbol tables) and in the new one (links as messages)."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

NONE = 2**64 - 1
Tree: TypeAlias = "Mapping[str, Tree | Numbers | Link]"


@dataclass(frozen=True)
class Numbers:
    """A dataset of zeros: floats or whole numbers of so many bytes. `stored` and `outside` are for files that lie."""

    shape: tuple[int, ...]
    width: int = 4
    floats: bool = True
    stored: int | None = None
    outside: str = ""


@dataclass(frozen=True)
class Link:
    """A link that leads elsewhere: to a path (`soft`), or to a file and a path in it."""

    target: str
    file: str = ""


def lookup3(data: bytes) -> int:
    """Compute the checksum of HDF5's newer structures. Source: Bob Jenkins, lookup3.c, hashlittle."""
    start: int = 0xDEADBEEF + len(data) & 0xFFFFFFFF
    a, b, c, at = start, start, start, 0
    while len(data) - at > 12:
        a, b, c = _mix(*_add((a, b, c), data[at : at + 12]))
        at += 12
    if at == len(data):
        return c
    a, b, c = _add((a, b, c), data[at:].ljust(12, b"\0"))
    for turn in (14, 11, 25, 16, 4, 14, 24):
        c = (c ^ b) - (b << turn | b >> 32 - turn) & 0xFFFFFFFF
        a, b, c = b, c, a
    return b


def _add(state: tuple[int, int, int], data: bytes) -> tuple[int, int, int]:
    one, two, three = (int.from_bytes(data[at : at + 4], "little") for at in (0, 4, 8))
    return state[0] + one & 0xFFFFFFFF, state[1] + two & 0xFFFFFFFF, state[2] + three & 0xFFFFFFFF


def _mix(a: int, b: int, c: int) -> tuple[int, int, int]:
    for turn in (4, 6, 8, 16, 19, 4):
        a = (a - c & 0xFFFFFFFF) ^ (c << turn | c >> 32 - turn) & 0xFFFFFFFF
        c = c + b & 0xFFFFFFFF
        a, b, c = b, c, a
    return a, b, c


def dtype(item: Numbers) -> bytes:
    """Write the message of a dtype."""
    if not item.floats:
        return struct.pack("<B3BIHH", 0x10, 8, 0, 0, item.width, 0, 8 * item.width)
    exponent, mantissa, bias = {2: (5, 10, 15), 4: (8, 23, 127), 8: (11, 52, 1023)}[item.width]
    head = struct.pack("<B3BI", 0x11, 0x20, 8 * item.width - 1, 0, item.width)
    return head + struct.pack("<HH4BI", 0, 8 * item.width, mantissa, exponent, 0, mantissa, bias)


def shape_of(sizes: tuple[int, ...]) -> bytes:
    """Write the message of a shape."""
    return struct.pack(f"<BBB5x{len(sizes)}Q", 1, len(sizes), 0, *sizes)


def attribute(name: str, text: str) -> bytes:
    """Write the message of an attribute that is a text."""
    data = text.encode()
    kind, shape, label = struct.pack("<B3BI", 0x13, 0, 0, 0, max(1, len(data))), shape_of(()), name.encode() + b"\0"
    parts = [part + bytes(-len(part) % 8) for part in (label, kind, shape)]
    return struct.pack("<BxHHH", 1, len(label), len(kind), len(shape)) + b"".join(parts) + (data or b"\0")


class Writer:
    """A file that grows; every object is written before what leads to it."""

    def __init__(self, *, new: bool) -> None:
        self._new = new
        self._data = bytearray(96)

    def put(self, data: bytes) -> int:
        """Append bytes at a multiple of eight, and say where they begin."""
        self._data += bytes(-len(self._data) % 8)
        place = len(self._data)
        self._data += data
        return place

    def object(self, messages: list[tuple[int, bytes]]) -> int:
        """Write an object of messages."""
        if self._new:
            body = b"".join(struct.pack("<BHB", kind, len(data), 0) + data for kind, data in messages)
            head = b"OHDR" + struct.pack("<BBI", 2, 2, len(body)) + body
            return self.put(head + struct.pack("<I", lookup3(head)))
        padded = [(kind, data + bytes(-len(data) % 8)) for kind, data in messages]
        body = b"".join(struct.pack("<HHB3x", kind, len(data), 0) + data for kind, data in padded)
        return self.put(struct.pack("<BxHII4x", 1, len(padded), 1, len(body)) + body)

    def numbers(self, item: Numbers) -> int:
        """Write a dataset."""
        size = prod(item.shape) * item.width
        place = self.put(bytes(size))
        layout = struct.pack("<BBQQ", 3, 1, place if size else NONE, size if item.stored is None else item.stored)
        messages = [(0x01, shape_of(item.shape)), (0x03, dtype(item)), (0x05, b"\x02\x02\x02\x00"), (0x08, layout)]
        if item.outside:
            heap = self.heap([item.outside])[0]
            messages.append((0x07, struct.pack("<B3xHHQQQQ", 1, 1, 1, heap, 8, 0, size)))
        return self.object(messages)

    def heap(self, names: list[str]) -> tuple[int, list[int]]:
        """Write the texts that names point into; says where, and at which offsets they are."""
        data, places = bytearray(8), list[int]()
        for name in names:
            places.append(len(data))
            data += name.encode() + b"\0"
            data += bytes(-len(data) % 8)
        place = self.put(bytes(data))
        return self.put(b"HEAP" + struct.pack("<B3xQQQ", 0, len(data), 1, place)), places

    def group(self, tree: Tree, texts: Mapping[str, str]) -> tuple[int, tuple[int, int]]:
        """Write a group with attributes; says where it is, and where its tree and heap are."""
        told = [(0x0C, attribute(name, text)) for name, text in texts.items()]
        children = {name: self.child(item) for name, item in sorted(tree.items())}
        if not self._new:
            places = self.symbols(children)
            return self.object([(0x11, struct.pack("<QQ", *places)), *told]), places
        info = struct.pack("<BBQQ", 0, 0, NONE, NONE)
        links = [(0x06, link(name, child)) for name, child in children.items()]
        return self.object([(0x02, info), (0x0A, b"\0\0"), *links, *told]), (NONE, NONE)

    def symbols(self, children: "Mapping[str, int | Link]") -> tuple[int, int]:
        """Write the names of a group as a tree and a heap, and say where these are."""
        targets = [child.target for child in children.values() if isinstance(child, Link)]
        heap, places = self.heap([*children, *targets])
        entries = list[bytes]()
        for place, child in zip(places, children.values(), strict=False):
            if isinstance(child, Link):
                entries.append(struct.pack("<QQI4xI12x", place, NONE, 2, places[len(children) + targets.index(child.target)]))
            else:
                entries.append(struct.pack("<QQI4x16x", place, child, 0))
        table = b""
        for at in range(0, len(entries), 8):
            node = entries[at : at + 8]
            start = self.put(b"SNOD" + struct.pack("<BxH", 1, len(node)) + b"".join(node).ljust(320, b"\0"))
            table += struct.pack("<QQ", start, places[at + len(node) - 1])
        body = (bytes(8) + table).ljust(520, b"\0")
        return self.put(b"TREE" + struct.pack("<BBHQQ", 0, 0, len(table) // 16, NONE, NONE) + body), heap

    def child(self, item: "Tree | Numbers | Link") -> "int | Link":
        """Write what a group holds."""
        if isinstance(item, Link):
            return item
        return self.numbers(item) if isinstance(item, Numbers) else self.group(item, {})[0]

    def finish(self, root: int, inside: tuple[int, int]) -> bytes:
        """Write the superblock."""
        size = len(self._data)
        if self._new:
            head = b"\x89HDF\r\n\x1a\n" + struct.pack("<4B4Q", 3, 8, 8, 0, 0, NONE, size, root)
            self._data[: len(head) + 4] = head + struct.pack("<I", lookup3(head))
        else:
            head = b"\x89HDF\r\n\x1a\n" + struct.pack("<8B2HI4Q", 0, 0, 0, 0, 0, 8, 8, 0, 4, 16, 0, 0, NONE, size, NONE)
            self._data[:96] = head + struct.pack("<QQI4xQQ", 0, root, 1, *inside)
        return bytes(self._data)


def link(name: str, target: "int | Link") -> bytes:
    """Write the message of a link."""
    label = name.encode()
    if isinstance(target, int):
        return struct.pack("<BBB", 1, 0, len(label)) + label + struct.pack("<Q", target)
    value = target.target.encode() if not target.file else b"\0" + target.file.encode() + b"\0" + target.target.encode() + b"\0"
    return struct.pack("<BBBB", 1, 8, 64 if target.file else 1, len(label)) + label + struct.pack("<H", len(value)) + value


def hdf5_bytes(tree: Tree, texts: Mapping[str, str] | None = None, *, new: bool = False) -> bytes:
    """Write a file of groups and datasets; the root has texts as attributes."""
    writer = Writer(new=new)
    root, inside = writer.group(tree, texts or {})
    return writer.finish(root, inside)
