"""LZ4 frames, decoded block by block. Source: the LZ4 frame format 1.6 and block format descriptions.

Checksums are not computed: what is inside is judged by its own format.
"""

from inspector.errors import Malformed, TooLarge

MAGIC = b"\x04\x22\x4d\x18"
WINDOW = 1 << 16
SIZES = {4: 1 << 16, 5: 1 << 18, 6: 1 << 20, 7: 1 << 22}  # bytes of a block
LARGEST = 64 * 2**20  # bytes of all blocks: this decoder is slow


class Lz4Frame:
    """A decoder that is fed with pieces of a file, in the manner of Python's `bz2.BZ2Decompressor`."""

    def __init__(self) -> None:
        self.eof, self.unused_data = False, b""
        self._data, self._history, self._total = b"", b"", 0
        self._largest, self._flags = 0, 0

    def decompress(self, data: bytes, _most: int = -1) -> bytes:
        """Decode at most one block, of up to 4 MiB.

        Raises Malformed where the frame breaks its rules, TooLarge above 64 MiB.
        """
        self._data += data
        if not self._largest and not self._read_header():
            return b""
        if len(self._data) < 4:
            return b""
        size = int.from_bytes(self._data[:4], "little")
        stored, size = bool(size >> 31), size & 0x7FFFFFFF
        sums = 4 * bool(self._flags & 0x10)
        if size == 0 and not stored:
            return self._end()
        if size > self._largest:
            raise Malformed(f"a block of {size} bytes, the frame allows {self._largest}")
        if len(self._data) < 4 + size + sums:
            return b""
        block, self._data = self._data[4 : 4 + size], self._data[4 + size + sums :]
        history = b"" if self._flags & 0x20 else self._history
        out = block if stored else decode_block(block, history, self._largest)
        self._history = (self._history + out)[-WINDOW:]
        self._total += len(out)
        if self._total > LARGEST:
            raise TooLarge(f"more than {LARGEST} bytes in an LZ4 frame")
        return out

    def _read_header(self) -> bool:
        if len(self._data) < 7:
            return False
        self._flags, sizes = self._data[4], self._data[5] >> 4 & 7
        length = 7 + 8 * bool(self._flags & 8) + 4 * bool(self._flags & 1)
        if not self._data.startswith(MAGIC) or self._flags >> 6 != 1 or sizes not in SIZES:
            raise Malformed("no LZ4 frame of version 1")
        if len(self._data) < length:
            return False
        self._data, self._largest = self._data[length:], SIZES[sizes]
        return True

    def _end(self) -> bytes:
        length = 4 + 4 * bool(self._flags & 4)
        if len(self._data) >= length:
            self.eof, self.unused_data, self._data = True, self._data[length:], b""
        return b""


def decode_block(block: bytes, history: bytes, most: int) -> bytes:
    """Decode one block; `history` is what matches may reach back to.

    Raises Malformed for lengths and distances that lead out of it, TooLarge above `most` bytes.
    """
    out, at, start = bytearray(history), 0, len(history)
    try:
        while True:
            token = block[at]
            count, at = _length(block, token >> 4, at + 1)
            out += block[at : at + count]
            at += count
            if at >= len(block):
                break
            distance = block[at] | block[at + 1] << 8
            count, at = _length(block, token & 15, at + 2)
            if not 0 < distance <= len(out):
                raise Malformed(f"a match reaches {distance} bytes back, {len(out)} are there")
            if len(out) - start + count + 4 > most:
                raise TooLarge(f"a block decodes to more than {most} bytes")
            _repeat(out, distance, count + 4)
    except IndexError as error:
        raise Malformed("a block of an LZ4 frame ends inside a sequence") from error
    if at > len(block) or len(out) - start > most:
        raise Malformed("a block of an LZ4 frame ends inside its literals")
    return bytes(out[start:])


def _length(block: bytes, nibble: int, at: int) -> tuple[int, int]:
    count = nibble
    if nibble == 15:
        while (more := block[at]) == 255:
            count, at = count + 255, at + 1
        count, at = count + more, at + 1
    return count, at


def _repeat(out: bytearray, distance: int, count: int) -> None:
    """Copy what stands some bytes back; a match may overlap what it writes."""
    start = len(out) - distance
    if distance >= count:
        out += out[start : start + count]
        return
    piece = bytes(out[start:])
    out += (piece * (count // distance + 1))[:count]
