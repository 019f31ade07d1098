"""Heaps of an HDF5 file: names of old groups, long texts, and the links and attributes of objects that have many.

Source: the HDF5 File Format Specification 3.0, III.A.2 (version 2 B-trees), III.D (local heaps), III.E (global heap), III.G (fractal heaps).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from inspector.errors import Malformed, TooLarge
from inspector.weights.hdf5_file import Hdf5

MOST_NODES = 100_000
MOST_RECORDS = 1_000_000
DEEPEST = 16


def read_local_heap(hdf: Hdf5, address: int) -> bytes:
    """Read the texts that the names of an old group point into."""
    head = hdf.read(address, 8 + 2 * hdf.length_width + hdf.width)
    if not head.startswith(b"HEAP"):
        raise Malformed(f"no heap of names begins at byte {hdf.base + address}")
    size, at = hdf.length(head, 8)
    start, _ = hdf.address(head, at + hdf.length_width)
    return hdf.read(start, size)


def name_in(heap: bytes, offset: int) -> str:
    """Read a name out of a heap of names."""
    if offset >= len(heap):
        raise Malformed(f"a name at byte {offset} of a heap of {len(heap)}")
    return heap[offset : heap.find(b"\0", offset)].decode("utf-8", "replace")


def find_in_global_heap(hdf: Hdf5, address: int, index: int) -> tuple[int, int]:
    """Find an object of the global heap: at which byte of the file it begins and ends."""
    head = hdf.read(address, 8 + hdf.length_width)
    if not head.startswith(b"GCOL"):
        raise Malformed(f"no heap begins at byte {hdf.base + address}")
    end = address + hdf.length(head, 8)[0]
    at, step = address + 8 + hdf.length_width, 8 + hdf.length_width
    while at + step <= end:
        item = hdf.read(at, step)
        number, size = int.from_bytes(item[:2], "little"), hdf.length(item, 8)[0]
        if number == index:
            return hdf.base + at + step, hdf.base + at + step + size
        if number == 0:
            break
        at += step + -(-size // 8) * 8
    raise Malformed(f"the heap at byte {hdf.base + address} has no object {index}")


@dataclass(frozen=True, slots=True)
class Heap:
    """A fractal heap: how its blocks grow, where its root is, and the widths (bytes) of offsets and lengths in the ids of its objects."""

    hdf: Hdf5
    width: int
    first: int
    largest: int
    root: int
    rows: int
    offset_width: int
    size_width: int

    def read(self, identity: bytes) -> tuple[bytes, int]:
        """Read an object by its id, and say at which byte of the file it begins."""
        if identity[0] >> 4 & 3 == 2:
            return identity[1 : 2 + (identity[0] & 15)], self.hdf.base
        if identity[0] >> 4 & 3:
            raise TooLarge("an object of its own block in a heap")
        offset = int.from_bytes(identity[1 : 1 + self.offset_width], "little")
        size = int.from_bytes(identity[1 + self.offset_width : 1 + self.offset_width + self.size_width], "little")
        start = self._locate(offset)
        return self.hdf.read(start, size), self.hdf.base + start

    def _locate(self, offset: int) -> int:
        """Find the address of an offset in the heap, through as many indirect blocks as it takes."""
        block, rows = self.root, self.rows
        for _ in range(DEEPEST):
            if rows == 0:
                return block + offset
            row = max(0, (offset // (self.first * self.width)).bit_length())
            size = self.first << max(0, row - 1)
            begin = self.first * self.width << (row - 1) if row else 0
            place = row * self.width + (offset - begin) // size
            if row >= rows:
                break
            head = 5 + self.hdf.width + self.offset_width
            block = int.from_bytes(self.hdf.read(block + head + place * self.hdf.width, self.hdf.width), "little")
            offset = (offset - begin) % size
            rows = 0 if size <= self.largest else (size // (self.first * self.width)).bit_length()
        raise Malformed(f"no block of the heap holds byte {offset}")


def open_heap(hdf: Hdf5, address: int) -> Heap:
    """Read the header of a fractal heap; raises TooLarge when its blocks are packed."""
    size = 22 + 12 * hdf.length_width + 3 * hdf.width
    head = hdf.read(address, size)
    if not head.startswith(b"FRHP"):
        raise Malformed(f"no heap begins at byte {hdf.base + address}")
    if head[7:9] != b"\0\0":
        raise TooLarge("a heap whose blocks are packed")
    biggest = int.from_bytes(head[10:14], "little")
    at = 14 + 10 * hdf.length_width + 2 * hdf.width
    width = int.from_bytes(head[at : at + 2], "little")
    first, at = hdf.length(head, at + 2)
    largest, at = hdf.length(head, at)
    bits = int.from_bytes(head[at : at + 2], "little")
    root, at = hdf.address(head, at + 4)
    rows = int.from_bytes(head[at : at + 2], "little")
    if not width or not first or bits > 64 or rows > 64:
        raise Malformed(f"the heap at byte {hdf.base + address} has no blocks")
    sizes = min(_width_of(largest), _width_of(biggest))
    return Heap(hdf, width, first, largest, root, rows, -(-bits // 8), sizes)


def _width_of(limit: int) -> int:
    """Say how many bytes a number up to a limit takes."""
    return max(0, limit.bit_length() - 1) // 8 + 1


def read_records(hdf: Hdf5, address: int) -> Iterator[bytes]:
    """Give the records of a version 2 B-tree, in no order."""
    head = hdf.read(address, 22 + hdf.width + hdf.length_width)
    if not head.startswith(b"BTHD"):
        raise Malformed(f"no tree begins at byte {hdf.base + address}")
    node, record = int.from_bytes(head[6:10], "little"), int.from_bytes(head[10:12], "little")
    depth, (root, at) = int.from_bytes(head[12:14], "little"), hdf.address(head, 16)
    count = int.from_bytes(head[at : at + 2], "little")
    if depth > DEEPEST or not record or node < 10 + record:
        raise Malformed(f"the tree at byte {hdf.base + address} has {depth} levels, or records of {record} bytes")
    widths = _pointer_widths(hdf, node, record, depth)
    stack, seen, given = [(root, count, depth)], 0, 0
    while stack:
        start, count, level = stack.pop()
        seen, given = seen + 1, given + count
        if seen > MOST_NODES or given > MOST_RECORDS:
            raise TooLarge(f"a tree of more than {MOST_NODES} nodes or {MOST_RECORDS} records")
        if start == hdf.nowhere:
            continue
        data = hdf.read(start, node)
        if data[:4] != (b"BTIN" if level else b"BTLF") or 6 + count * record > node:
            raise Malformed(f"no node of a tree begins at byte {hdf.base + start}")
        yield from (data[6 + number * record : 6 + (number + 1) * record] for number in range(count))
        at = 6 + count * record
        for _ in range(count + 1 if level else 0):
            child, at = hdf.address(data, at)
            stack.append((child, int.from_bytes(data[at : at + widths[0]], "little"), level - 1))
            at += widths[0] + widths[level]


def _pointer_widths(hdf: Hdf5, node: int, record: int, depth: int) -> list[int]:
    """Compute how wide the counts beside pointers are: of a node's own records first, then of all below, by level."""
    most = (node - 10) // record
    widths, below = [_width_of(most), 0], most
    for _ in range(1, depth):
        pointer = hdf.width + widths[0] + widths[-1]
        inner = max(0, node - 10 - pointer) // (record + pointer)
        below = (inner + 1) * below + inner
        widths.append(_width_of(below))
    return widths
