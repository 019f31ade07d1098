"""Bytes that are read forward through a small window, whatever they come from."""

from collections.abc import Callable

from inspector.errors import Malformed

BLOCK = 1 << 16
LONGEST_LINE = 65_536


class Stream:
    """Bytes that are read forward through a window; positions count from the start of what `read(offset, length)` reads.

    `block` is the window and `at` the place in it, for readers that look at every byte.
    """

    def __init__(self, read: Callable[[int, int], bytes], size: int, start: int = 0) -> None:
        self._read, self._size, self.block, self._start, self.at = read, size, b"", start, 0

    @property
    def position(self) -> int:
        """The byte to read next."""
        return self._start + self.at

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return self._size - self.position

    def take(self, length: int) -> bytes:
        """Read on; raises Malformed at the end."""
        if self.at + length > len(self.block):
            self._load(length)
        self.at += length
        return self.block[self.at - length : self.at]

    def peek(self) -> bytes:
        """Look at the next byte and stay; raises Malformed at the end."""
        byte = self.take(1)
        self.at -= 1
        return byte

    def look(self, length: int) -> bytes:
        """Look at what follows, at most so many bytes, and stay."""
        wanted = min(length, self.left)
        if self.at + wanted > len(self.block):
            self._load(wanted)
        return self.block[self.at : self.at + wanted]

    def skip(self, length: int) -> None:
        """Move on without reading; raises Malformed beyond the end."""
        if length > self.left:
            raise Malformed(f"truncated: {length} bytes are announced at byte {self.position}, {self.left} are there")
        self.at += length

    def line(self) -> bytes:
        """Read up to a line feed and leave that out; raises Malformed when none follows within 64 KiB."""
        if (end := self.block.find(b"\n", self.at)) < 0:
            self._load(0)
            end = self.block.find(b"\n")
        if end < 0 or end - self.at > LONGEST_LINE:
            raise Malformed(f"an argument at byte {self.position} has no end")
        text = self.block[self.at : end]
        self.at = end + 1
        return text

    def _load(self, length: int) -> None:
        start = self.position
        if length > self.left:
            raise Malformed(f"truncated: it goes on at byte {start}, the data ends at byte {self._size}")
        self.block, self._start, self.at = self._read(start, min(max(length, BLOCK + 1), self.left)), start, 0


def stream_of(data: bytes) -> Stream:
    """Read bytes that are in memory."""
    return Stream(lambda offset, length: data[offset : offset + length], len(data))
