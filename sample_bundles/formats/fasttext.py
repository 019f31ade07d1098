"""A classifier of fastText, and the same quantised."""

import struct

WORDS, LABELS = (b"</s>", b"the", b"of"), (b"__label__a", b"__label__b")
DIM = 4


def fasttext_bytes(*, quantized: bool = False, dim: int = DIM) -> bytes:
    """Write a model of zeros; `dim` is what its arguments say."""
    data = struct.pack("<2i", 793712314, 12) + struct.pack("<12id", dim, 5, 5, 1, 5, 1, 3, 3, 0, 0, 0, 100, 1e-4)
    data += struct.pack("<3i2q", len(WORDS) + len(LABELS), len(WORDS), len(LABELS), 1000, -1)
    for kind, entries in enumerate((WORDS, LABELS)):
        data += b"".join(entry + b"\0" + struct.pack("<qb", 9, kind) for entry in entries)
    if quantized:
        codes = struct.pack("<BB2qi", 1, 0, len(WORDS), DIM, 6) + bytes(6)
        data += codes + struct.pack("<4i", DIM, 2, 2, 2) + bytes(4 * DIM * 256)
    else:
        data += struct.pack("<B2q", 0, len(WORDS), DIM) + bytes(4 * len(WORDS) * DIM)
    return data + struct.pack("<B2q", 0, len(LABELS), DIM) + bytes(4 * len(LABELS) * DIM)


FILES = {"classifier.bin": fasttext_bytes(), "classifier.ftz": fasttext_bytes(quantized=True)}
