"""The files of a tiny acoustic model of PocketSphinx."""

import struct
from math import prod

HEADER = b"s3\nversion 1.0\nchksum0 yes\n      endhdr\n"
TEXTS = ("BEGIN FILE FORMAT DESCRIPTION", "version 1.0", "cluster_count 0", "feature_count 2", "END FILE FORMAT DESCRIPTION")


def gaussians(order: str = "<", count: int | None = None) -> bytes:
    """Write means of two codebooks, two features of three and four numbers, five densities."""
    told = 2 * 5 * 7 if count is None else count
    return HEADER + struct.pack(f"{order}I6I", 0x11223344, 2, 2, 5, 3, 4, told) + bytes(4 * 2 * 5 * 7) + bytes(4)


def transitions(shape: tuple[int, int, int] = (2, 3, 4)) -> bytes:
    """Write transitions."""
    return HEADER + struct.pack("<I4I", 0x11223344, *shape, prod(shape)) + bytes(4 * prod(shape)) + bytes(4)


def dump(*texts: str) -> bytes:
    """Write weights of mixtures behind texts."""
    told = b"".join(struct.pack("<I", len(text) + 1) + text.encode() + b"\0" for text in texts or TEXTS)
    return told + struct.pack("<3I", 0, 5, 6) + bytes(2 * 5 * 6)


def definition() -> bytes:
    """Write the counts of a definition of phones."""
    text = b"BEGIN FILE FORMAT DESCRIPTION\n"
    return b"BMDF" + struct.pack("<Ii", 1, len(text)) + text + struct.pack("<6i", 2, 9, 3, 6, 12, 2)


FILES = {
    "en/mdef": definition(),
    "en/means": gaussians(),
    "en/variances": gaussians(),
    "en/sendump": dump(),
    "en/transition_matrices": transitions(),
}
