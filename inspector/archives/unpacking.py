"""Members of a zip file, unpacked into memory: their first bytes, or as much as the limits allow."""

import bz2
import lzma
import zlib

from inspector.archives.held import Held
from inspector.archives.inflated import Decoder, Zlib
from inspector.archives.part import Part
from inspector.archives.zip_entries import Entry
from inspector.bundle import File

STORED, DEFLATED, BZIP2, LZMA = 0, 8, 12, 14
READABLE = frozenset({STORED, DEFLATED, BZIP2, LZMA})
PIECE = 1 << 16
MOST_MEMORY = 64 * 2**20


def read_head(file: File, entry: Entry, most: int) -> bytes:
    """Give the first bytes of a member, as many as can be had; none where it is packed in a way that is not known."""
    if entry.method == STORED:
        return file.read(entry.start, min(entry.stored, most, file.size - entry.start))
    return unpack(file, entry, most)[0]


def open_member(file: File, entry: Entry, most: int) -> tuple[File, bool, bool]:
    """Open a member: in its place where it is stored, else from memory; say whether that is all of it, and whether its checksum fits."""
    if entry.method == STORED:
        part = Part(file, entry.name, entry.start, entry.stored)
        fits = entry.stored > most or zlib.crc32(part.read(0, part.size)) == entry.crc
        return part, True, fits
    data, whole = unpack(file, entry, most)
    return Held(file, entry.name, data), whole, not whole or zlib.crc32(data) == entry.crc


def unpack(file: File, entry: Entry, most: int) -> tuple[bytes, bool]:
    """Unpack at most so many bytes, whatever sizes are said, and say whether the end was reached; what is broken ends there."""
    if (made := _decoder(file, entry)) is None:
        return b"", False
    decoder, begin = made
    parts, have, end = list[bytes](), 0, entry.start + entry.stored
    for place in range(entry.start + begin, end, PIECE):
        data = file.read(place, min(PIECE, end - place))
        while have < most and not decoder.eof:
            try:
                piece = decoder.decompress(data, most - have)
            except (zlib.error, OSError, EOFError, lzma.LZMAError, ValueError):
                return b"".join(parts), False
            if not piece:
                break
            parts.append(piece)
            have, data = have + len(piece), b""
        if have >= most or decoder.eof:
            break
    return b"".join(parts), decoder.eof


def _decoder(file: File, entry: Entry) -> tuple[Decoder, int] | None:
    """Make a decoder for a member's method, and say how many bytes of the data are its own settings."""
    if entry.method == DEFLATED:
        return Zlib(-15), 0
    if entry.method == BZIP2:
        return bz2.BZ2Decompressor(), 0
    if entry.method == LZMA and entry.stored > 9:
        size = int.from_bytes(file.read(entry.start + 2, 2), "little")
        if size == 5:
            packed = file.read(entry.start + 4, 5)
            bits, dictionary = packed[0], int.from_bytes(packed[1:], "little")
            if bits < 225 and dictionary <= MOST_MEMORY:
                settings = {"id": lzma.FILTER_LZMA1, "lc": bits % 9, "lp": bits // 9 % 5, "pb": bits // 45, "dict_size": dictionary}
                return lzma.LZMADecompressor(lzma.FORMAT_RAW, None, [settings]), 9
    return None
