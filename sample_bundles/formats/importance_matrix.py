"""A small importance matrix as llama.cpp wrote it before GGUF."""

import struct
from collections.abc import Mapping


def imatrix_bytes(entries: Mapping[str, int], texts: str = "") -> bytes:
    """Write entries of so many sums, and the path of the texts."""
    data = struct.pack("<i", len(entries))
    for name, values in entries.items():
        data += struct.pack("<i", len(name)) + name.encode() + struct.pack("<ii", 7, values) + bytes(4 * values)
    return data + (struct.pack("<ii", 7, len(texts)) + texts.encode() if texts else b"")


MATRIX = imatrix_bytes({"blk.0.attn_q.weight": 8, "blk.0.ffn_up.weight": 16}, "wiki.train.raw")
FILES: dict[str, str | bytes] = {"small.imatrix": MATRIX, "imatrix.dat": imatrix_bytes({"blk.0.attn_q.weight": 8})}
