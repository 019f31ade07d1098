"""Snappy's raw format, unpacked within a limit. Source: Snappy's description of its compressed format."""

from inspector.errors import Malformed, TooLarge

LITERAL = 0
WIDTHS = {1: 1, 2: 2, 3: 4}  # bytes of the offset of a copy, by its kind; the first kind keeps three more bits in its tag


def unpack(data: bytes, limit: int) -> bytes:
    """Unpack a block; raises Malformed where it is none, TooLarge when it announces more bytes than the limit."""
    size, at = _varint(data)
    if size > limit:
        raise TooLarge(f"a packed block of {size} bytes, the limit is {limit}")
    out = bytearray()
    while at < len(data):
        tag = data[at]
        at += 1
        if tag & 3 == LITERAL:
            length = (tag >> 2) + 1
            if length > 60:
                width = length - 60
                length = int.from_bytes(data[at : at + width], "little") + 1
                at += width
            out += data[at : at + length]
            at += length
        else:
            at = _copy(data, at, tag, out)
        if at > len(data) or len(out) > size:
            raise Malformed("a packed block reaches beyond its end")
    if len(out) != size:
        raise Malformed(f"a packed block announces {size} bytes and has {len(out)}")
    return bytes(out)


def _copy(data: bytes, at: int, tag: int, out: bytearray) -> int:
    """Repeat what was unpacked before; says where the next tag is."""
    width = WIDTHS[tag & 3]
    offset = int.from_bytes(data[at : at + width], "little")
    length = (tag >> 2) + 1
    if width == 1:
        length, offset = (tag >> 2 & 7) + 4, offset | tag >> 5 << 8
    if not 0 < offset <= len(out) or at + width > len(data):
        raise Malformed("a packed block repeats what is not there")
    start = len(out) - offset
    piece = bytes(out[start : start + length])
    out += (piece * (length // len(piece) + 1))[:length]
    return at + width


def _varint(data: bytes) -> tuple[int, int]:
    size = 0
    for at, byte in enumerate(data[:5]):
        size |= (byte & 0x7F) << 7 * at
        if byte < 0x80:
            return size, at + 1
    raise Malformed("a packed block has no size")
