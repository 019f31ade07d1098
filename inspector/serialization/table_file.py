"""A sorted table of keys and values, as LevelDB writes it: blocks behind an index, each with a checksum.

Source: LevelDB's description of its table format; TensorFlow's `table` library, which writes checkpoints' indexes in it.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.errors import Malformed, TooLarge
from inspector.serialization.crc32c import compute_crc32c
from inspector.serialization.snappy import unpack

MAGIC = bytes.fromhex("57fb808b247547db")
FOOTER = 48
PLAIN, SNAPPY = 0, 1
TRAILER = 5  # the method of compression, and the checksum
LARGEST_BLOCK = 8 * 2**20  # bytes
MOST_BLOCKS = 100_000
MOST_ENTRIES = 1_000_000
LONGEST_KEY = 4096
MOST_CHECKED = 2 * 2**20  # bytes whose checksums are computed


def is_table(file: File) -> bool:
    """Say whether a file ends as a table does."""
    return file.size >= FOOTER and file.read(file.size - len(MAGIC), len(MAGIC)) == MAGIC


class Table:
    """A table: its entries in order, and where bytes are that belong to none of its blocks."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._checked = 0
        self.broken: list[tuple[int, int]] = []
        self.blocks: list[tuple[int, int]] = []

    def read(self) -> Iterator[tuple[bytes, bytes]]:
        """Give keys and values.

        Raises Malformed where a block leads out of the file or is none, TooLarge for blocks of more than 8 MiB and for more than a million entries.
        """
        footer, start = self._file.read(self._file.size - FOOTER, FOOTER), self._file.size - FOOTER
        meta, at = _handle(footer, 0)
        index, _ = _handle(footer, at)
        self.blocks = [(start, self._file.size)]
        self._block(*meta)
        count = 0
        for _, value in _entries(self._block(*index)):
            if len(self.blocks) > MOST_BLOCKS:
                raise TooLarge(f"a table of more than {MOST_BLOCKS} blocks")
            for key, held in _entries(self._block(*_handle(value, 0)[0])):
                count += 1
                if count > MOST_ENTRIES:
                    raise TooLarge(f"a table of more than {MOST_ENTRIES} entries")
                yield key, held

    def first(self, limit: int) -> tuple[bytes, bytes]:
        """Give the first key and its value of at most `limit` bytes, without the rest of its block, and note where all blocks are.

        Raises Malformed where the table has none or leads out of the file, TooLarge for a value above the limit.
        """
        footer, start = self._file.read(self._file.size - FOOTER, FOOTER), self._file.size - FOOTER
        meta, at = _handle(footer, 0)
        index, _ = _handle(footer, at)
        self.blocks = [(start, self._file.size)]
        self._block(*meta)
        handles = [_handle(value, 0)[0] for _, value in _entries(self._block(*index))]
        if not handles:
            raise Malformed("a table without a block")
        if len(handles) > MOST_BLOCKS:
            raise TooLarge(f"a table of more than {MOST_BLOCKS} blocks")
        for place, size in handles:
            if place + size + TRAILER > start:
                raise Malformed(f"truncated: a block reaches to byte {place + size + TRAILER}, the footer begins at byte {start}")
            self.blocks.append((place, place + size + TRAILER))
        return self._first_entry(*handles[0], limit)

    def _first_entry(self, start: int, size: int, limit: int) -> tuple[bytes, bytes]:
        packed = self._file.read(start + size, 1)[0] == SNAPPY
        data = self._file.read(start, min(size, limit + LONGEST_KEY))
        data = unpack(data, limit) if packed else data
        _, at = _varint(data, 0)
        own, at = _varint(data, at)
        length, at = _varint(data, at)
        if own > LONGEST_KEY or length > limit:
            raise TooLarge(f"a table that begins with {own} and {length} bytes, the limits are {LONGEST_KEY} and {limit}")
        if at + own + length > len(data):
            raise Malformed("an entry of a table reaches beyond its block")
        return data[at : at + own], data[at + own : at + own + length]

    def _block(self, start: int, size: int) -> bytes:
        end = start + size + TRAILER
        if size > LARGEST_BLOCK:
            raise TooLarge(f"a block of {size} bytes at byte {start}, the limit is {LARGEST_BLOCK}")
        if end > self._file.size - FOOTER:
            raise Malformed(f"truncated: a block reaches to byte {end}, the footer begins at byte {self._file.size - FOOTER}")
        data = self._file.read(start, size + TRAILER)
        self.blocks.append((start, end))
        if self._checked + size <= MOST_CHECKED:
            self._checked += size
            if masked(data[: size + 1]) != int.from_bytes(data[size + 1 :], "little"):
                self.broken.append((start, end))
        if data[size] not in {PLAIN, SNAPPY}:
            raise Malformed(f"the block at byte {start} is packed in the way {data[size]}; Snappy's is known")
        return unpack(data[:size], LARGEST_BLOCK) if data[size] == SNAPPY else data[:size]

    def gaps(self) -> Iterator[tuple[int, int]]:
        """Give ranges of bytes that belong to no block."""
        last = 0
        for begin, end in sorted(self.blocks):
            if begin > last:
                yield last, begin
            last = max(last, end)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 64:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 0x80:
            return value, at
    raise Malformed("a number in a table has no end")


def _handle(data: bytes, at: int) -> tuple[tuple[int, int], int]:
    """Read where a block is: its start and its size in bytes, without its trailer."""
    start, at = _varint(data, at)
    size, at = _varint(data, at)
    return (start, size), at


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the entries of a block; a key begins as the one before it does."""
    restarts = int.from_bytes(block[-4:], "little")
    end = len(block) - 4 - 4 * restarts
    if len(block) < 4 or end < 0:
        raise Malformed(f"a block of {len(block)} bytes ends in a list of {restarts} places")
    at, key = 0, b""
    while at < end:
        shared, at = _varint(block, at)
        own, at = _varint(block, at)
        size, at = _varint(block, at)
        if shared > len(key) or shared + own > LONGEST_KEY or at + own + size > end:
            raise Malformed("an entry of a table reaches beyond its block, or has a key that is too long")
        key = key[:shared] + block[at : at + own]
        yield key, block[at + own : at + own + size]
        at += own + size


def masked(data: bytes) -> int:
    """Compute the checksum that a block carries: CRC-32C, turned, with a number added."""
    value = compute_crc32c(data)
    return (value >> 15 | value << 17 & 0xFFFFFFFF) + 0xA282EAD8 & 0xFFFFFFFF
