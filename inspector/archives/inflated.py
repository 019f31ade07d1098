"""A compressed file read forward as if it were not compressed: in small pieces, with a limit on all of them.

Source: the magic numbers of zlib, gzip, bzip2, xz, lzma and LZ4, which joblib writes; Python's modules for all but the last.
"""

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Protocol

from inspector.bundle import File
from inspector.errors import Malformed, TooLarge
from inspector.serialization.lz4_frame import MAGIC as LZ4
from inspector.serialization.lz4_frame import Lz4Frame
from inspector.serialization.stream import BLOCK, Stream

PIECE = 1 << 18  # bytes that are inflated at once
SMALL_PIECE, FIRST = 1 << 12, 1 << 18  # at once, and up to where: what stands before a break is not lost with it
SALVAGED = (1 << 14, 1 << 10, 1 << 6, 1 << 3, 1)  # bytes at once, on the way to a break
FEED = 1 << 16  # bytes that are read at once
MOST_MEMORY = 80 * 2**20  # bytes that a dictionary of xz may take: the largest of its own levels (-9) has 64 MiB, and some beside
MOST_INFLATED = 512 * 2**20  # bytes
GZIP, BZIP2, XZ, LZMA = b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0", b"\x5d\0\0"
ZLIB = (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
ENDLESS = 2**62


class Decoder(Protocol):
    """What the decoders of all methods have."""

    @property
    def eof(self) -> bool:
        """Whether the end was reached."""

    @property
    def unused_data(self) -> bytes:
        """What was fed and stands behind the end."""

    def decompress(self, data: bytes, most: int, /) -> bytes:
        """Decode what was fed so far, at most so many bytes."""


class Zlib:
    """zlib's decoder, which asks its caller to keep what it did not take, in the manner of the others."""

    def __init__(self, bits: int) -> None:
        self._decoder, self._rest = zlib.decompressobj(bits), b""
        self._error: zlib.error | None = None

    @property
    def eof(self) -> bool:
        """Say whether the end was reached."""
        return self._decoder.eof

    @property
    def unused_data(self) -> bytes:
        """Give what was fed and stands behind the end."""
        return self._decoder.unused_data

    def decompress(self, data: bytes, most: int, /) -> bytes:
        """Decode what was fed so far, at most so many bytes."""
        if self._error is not None:
            raise self._error
        before = self._decoder.copy()
        try:
            out = self._decoder.decompress(self._rest + data, most)
        except zlib.error as error:
            self._error = error
            return self._salvage(before, self._rest + data, most)
        self._rest = self._decoder.unconsumed_tail
        return out

    def _salvage(self, decoder: "zlib._Decompress", data: bytes, most: int) -> bytes:
        """Give what stands before a break, as readers do that see a wrong checksum only once they have handed over what it is of."""
        parts, have = list[bytes](), 0
        for step in SALVAGED:
            while have < most:
                ahead = decoder.copy()
                try:
                    piece = ahead.decompress(data, step)
                except zlib.error:
                    break
                if not piece:
                    return b"".join(parts)
                parts.append(piece)
                decoder, data, have = ahead, ahead.unconsumed_tail, have + len(piece)
        return b"".join(parts)


METHODS: tuple[tuple[str, tuple[bytes, ...], Callable[[], Decoder]], ...] = (
    ("gzip", (GZIP,), lambda: Zlib(31)),
    ("zlib", ZLIB, lambda: Zlib(15)),
    ("bzip2", (BZIP2,), bz2.BZ2Decompressor),
    ("xz", (XZ,), lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, MOST_MEMORY)),
    ("lzma", (LZMA,), lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, MOST_MEMORY)),
    ("lz4", (LZ4,), Lz4Frame),
)


def name_method(head: bytes) -> str | None:
    """Name the method by the first bytes; two bytes of zlib are no proof."""
    return next((name for name, magics, _ in METHODS if head.startswith(magics)), None)


class Inflated(Stream):
    """What a compressed file holds. `read_to` is how far the file itself was read (bytes); all methods but zlib may be written in several parts.

    Raises Malformed for a file that is not compressed, or not in a way that is known.
    """

    def __init__(self, file: File, most: int = MOST_INFLATED) -> None:
        super().__init__(self._none, ENDLESS)
        self._file, self._most, self._total = file, most, 0
        method = next(((magics, make) for _, magics, make in METHODS if file.head.startswith(magics)), None)
        if method is None:
            raise Malformed("it is not compressed in a way that is known")
        self._magics, self._make = method
        self._decoder, self._fed, self._ended, self.read_to = self._make(), 0, False, 0

    @staticmethod
    def _none(_offset: int, _length: int) -> bytes:
        return b""

    @property
    def inflated(self) -> int:
        """Count the bytes that came out so far."""
        return self._total

    @property
    def ended(self) -> bool:
        """Say whether nothing is left."""
        return not self.look(1)

    def look(self, length: int) -> bytes:
        """Look at what follows, at most so many bytes, and stay."""
        if self.at + length > len(self.block):
            self._fill(length)
        return self.block[self.at : self.at + length]

    def _load(self, length: int) -> None:
        self._fill(max(length, BLOCK))
        if len(self.block) - self.at < length:
            raise Malformed(f"truncated: it goes on at byte {self.position} of what is compressed, which ends there")

    def _fill(self, length: int) -> None:
        """Inflate until so many bytes are at hand, or nothing is left; what was skipped is inflated and dropped."""
        parts = [self.block[self.at :]]
        ahead = max(0, self.at - len(self.block))
        self._start, self.at, have = self.position - ahead, 0, len(parts[0])
        while have < length + ahead and (piece := self._inflate()):
            if ahead:
                dropped = min(ahead, len(piece))
                piece, ahead, self._start = piece[dropped:], ahead - dropped, self._start + dropped
            parts.append(piece)
            have += len(piece)
        self.block = b"".join(parts)
        if ahead:
            raise Malformed(f"truncated: what is compressed ends at byte {self._start}, {ahead} bytes are missing")

    def _inflate(self) -> bytes:
        while not self._ended:
            if self._decoder.eof and not self._next_part():
                break
            data = self._file.read(self._fed, min(FEED, self._file.size - self._fed))
            self._fed += len(data)
            try:
                piece = self._decoder.decompress(data, PIECE if self._total > FIRST else SMALL_PIECE)
            except (zlib.error, OSError, EOFError, lzma.LZMAError, ValueError) as error:
                raise Malformed(f"it cannot be inflated near byte {self._fed}: {str(error)[:100]}") from error
            self._total += len(piece)
            if self._total > self._most:
                raise TooLarge(f"it inflates to more than {self._most} bytes")
            if piece:
                return piece
            if not data and not self._decoder.eof:
                raise Malformed(f"truncated: the file ends at byte {self._file.size} inside of what is compressed")
        return b""

    def _next_part(self) -> bool:
        """Begin another part where one follows; say whether one does."""
        rest = self._decoder.unused_data
        self.read_to = self._fed - len(rest)
        head = self._file.read(self.read_to, min(8, self._file.size - self.read_to))
        self._ended = self._magics == ZLIB or not head.startswith(self._magics)
        if not self._ended:
            self._decoder, self._fed = self._make(), self.read_to
        return not self._ended
