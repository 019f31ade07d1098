"""The members of a group of an HDF5 file: by symbol table, by link messages, or by links in a heap.

Source: the HDF5 File Format Specification 3.0, III.A.1 (version 1 B-trees), III.B (symbol table nodes), IV.A.2.g (links).
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from inspector.errors import Malformed, TooLarge
from inspector.weights.hdf5_file import Hdf5, Message
from inspector.weights.hdf5_heaps import name_in, open_heap, read_local_heap, read_records

LINK_INFO, LINK, ATTRIBUTE, SYMBOLS, ATTRIBUTE_INFO = 0x02, 0x06, 0x0C, 0x11, 0x15
HARD, SOFT, EXTERNAL = 0, 1, 64
MOST_NODES = 250_000
LONGEST_NAME = 4096


class Link(NamedTuple):
    """A member: its name, and the address it leads to, or the text that says where (`kind` is `hard`, `soft` or `external`)."""

    name: str
    kind: str
    address: int = 0
    target: str = ""


def read_links(hdf: Hdf5, messages: Iterable[Message]) -> Iterator[Link]:
    """Give the members of the group that messages describe."""
    for message in messages:
        if message.kind == SYMBOLS:
            yield from _read_symbols(hdf, message.data)
        elif message.kind == LINK:
            yield _read_link(hdf, message.data)
        elif message.kind == LINK_INFO:
            for data, _ in _read_dense(hdf, message.data, 8 if message.data[1:2] and message.data[1] & 1 else 0, 4):
                yield _read_link(hdf, data)


def read_dense_attributes(hdf: Hdf5, message: Message) -> Iterator[Message]:
    """Give the attributes that an object keeps in a heap, as messages."""
    for data, place in _read_dense(hdf, message.data, 2 if message.data[1:2] and message.data[1] & 1 else 0, 0):
        yield Message(ATTRIBUTE, 0, data, place)


def _read_dense(hdf: Hdf5, data: bytes, extra: int, skip: int) -> Iterator[tuple[bytes, int]]:
    """Give what the records of a tree point at in a heap; an id begins `skip` bytes into a record, which has 7 or 8 bytes of it."""
    address, at = hdf.address(data, 2 + extra)
    tree, _ = hdf.address(data, at)
    if hdf.nowhere in {address, tree}:
        return
    heap = open_heap(hdf, address)
    for record in read_records(hdf, tree):
        yield heap.read(record[skip : skip + 8])


def _read_link(hdf: Hdf5, data: bytes) -> Link:
    if len(data) < 4 or data[0] != 1:
        raise Malformed("a link that is none")
    flags, at, kind = data[1], 2, HARD
    if flags & 8:
        kind, at = data[at], at + 1
    at += (8 if flags & 4 else 0) + (1 if flags & 16 else 0)
    width = 1 << (flags & 3)
    size, at = int.from_bytes(data[at : at + width], "little"), at + width
    if size > LONGEST_NAME or at + size > len(data):
        raise Malformed(f"a link with a name of {size} bytes")
    name, at = data[at : at + size].decode("utf-8", "replace"), at + size
    if kind == HARD:
        return Link(name, "hard", hdf.address(data, at)[0])
    target = data[at + 2 + (kind == EXTERNAL) : at + 2 + int.from_bytes(data[at : at + 2], "little")]
    words = {SOFT: "soft", EXTERNAL: "external"}
    return Link(name, words.get(kind, f"link of type {kind}"), 0, target.replace(b"\0", b" ").decode("utf-8", "replace").strip()[:500])


def _read_symbols(hdf: Hdf5, data: bytes) -> Iterator[Link]:
    tree, at = hdf.address(data, 0)
    heap = read_local_heap(hdf, hdf.address(data, at)[0])
    for node in _symbol_nodes(hdf, tree):
        head = hdf.read(node, 8)
        if not head.startswith(b"SNOD"):
            raise Malformed(f"no list of names begins at byte {hdf.base + node}")
        size, count = 2 * hdf.width + 24, int.from_bytes(head[6:8], "little")
        entries = hdf.read(node + 8, count * size)
        for at in range(0, len(entries), size):
            name = name_in(heap, int.from_bytes(entries[at : at + hdf.width], "little"))
            address, cached = hdf.address(entries, at + hdf.width)
            if int.from_bytes(entries[cached : cached + 4], "little") == 2:
                yield Link(name, "soft", 0, name_in(heap, int.from_bytes(entries[cached + 8 : cached + 12], "little"))[:500])
            else:
                yield Link(name, "hard", address)


def _symbol_nodes(hdf: Hdf5, tree: int) -> Iterator[int]:
    """Walk a version 1 B-tree and give the addresses of the lists of names below it."""
    stack, seen = [tree], set[int]()
    while stack:
        address = stack.pop()
        if address in seen or len(seen) > MOST_NODES:
            raise TooLarge(f"a tree of names that goes in a circle, or of more than {MOST_NODES} nodes, at byte {hdf.base + address}")
        seen.add(address)
        head = hdf.read(address, 8 + 2 * hdf.width)
        if not head.startswith(b"TREE") or head[4]:
            raise Malformed(f"no tree of names begins at byte {hdf.base + address}")
        step, count = hdf.length_width + hdf.width, int.from_bytes(head[6:8], "little")
        data = hdf.read(address + len(head), count * step)
        children = [hdf.address(data, at + hdf.length_width)[0] for at in range(0, count * step, step)]
        if head[5]:
            stack += reversed(children)
        else:
            yield from children
