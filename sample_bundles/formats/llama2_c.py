"""The same tiny Llama in the three versions of llama2.c."""

import struct

DIM, HIDDEN, LAYERS, HEADS, KV_HEADS, VOCABULARY, LENGTH = 8, 16, 2, 2, 1, 5, 4
NORMS = 2 * LAYERS * DIM + DIM
LAYER = 2 * DIM * DIM + 2 * DIM * (KV_HEADS * DIM // HEADS) + 3 * DIM * HIDDEN
MATRICES = VOCABULARY * DIM + LAYERS * LAYER
FREQUENCIES = LENGTH * (DIM // HEADS)
GROUP = 8


def llama2_c_bytes(version: int, *, shared: bool = True) -> bytes:
    """Write a model of zeros."""
    sizes = [DIM, HIDDEN, LAYERS, HEADS, KV_HEADS, VOCABULARY, LENGTH]
    matrices = MATRICES + (0 if shared else VOCABULARY * DIM)
    if version == 0:
        sizes[5] = VOCABULARY if shared else -VOCABULARY
        return struct.pack("<7i", *sizes) + bytes(4 * (NORMS + matrices + FREQUENCIES))
    head = b"24ka" + struct.pack("<8iB", version, *sizes, shared)
    if version == 1:
        return head.ljust(256, b"\0") + bytes(4 * (NORMS + matrices))
    return (head + struct.pack("<i", GROUP)).ljust(256, b"\0") + bytes(4 * NORMS + matrices + 4 * (matrices // GROUP))


FILES = {f"stories-v{version}.bin": llama2_c_bytes(version) for version in (0, 1, 2)}
