"""Trained data of Tesseract: a network, characters, a version."""

import struct
from collections.abc import Mapping

SPEC = b"[1,36,0,1Ct3,3,16Mp3,3Lfys48O1c111]"


def network(weights: int = 385_807) -> bytes:
    """Write the header of a network, some bytes in place of its layers, and its layout."""
    head = b"\0" + struct.pack("<I", 6) + b"Series" + struct.pack("<2b4i", 0, 0, 192, 36, 111, weights)
    return head + bytes(40) + struct.pack("<I", len(SPEC)) + SPEC + bytes(30)


def traineddata_bytes(parts: Mapping[int, bytes], count: int = 24) -> bytes:
    """Write parts by their numbers."""
    places, at = [-1] * count, 4 + 8 * count
    for number, data in sorted(parts.items()):
        places[number] = at
        at += len(data)
    return struct.pack(f"<I{count}q", count, *places) + b"".join(data for _, data in sorted(parts.items()))


PARTS = {17: network(), 21: b"2\nNULL 0 Common 0\na 3 0\n", 23: b"4.00.00alpha:eng:synth20170629"}
FILES = {"eng.traineddata": traineddata_bytes(PARTS)}
