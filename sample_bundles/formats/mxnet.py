"""Arrays under names as MXNet writes them, in the versions of its records."""

import struct
from collections.abc import Sequence
from math import prod

ARRAYS = (("arg:fc_weight", (4, 3)), ("arg:fc_bias", (4,)), ("aux:bn_moving_mean", (4,)))


def array(shape: tuple[int, ...], version: int) -> bytes:
    """Write one array of F32."""
    device = struct.pack("<3i", 1, 0, 0)
    if version == 0:
        head = struct.pack(f"<I{len(shape)}I", len(shape), *shape)
    else:
        head = struct.pack("<I", 0xF993FAC7 + version) + (struct.pack("<i", 0) if version >= 2 else b"")
        head += struct.pack(f"<i{len(shape)}q", len(shape), *shape)
    return head + device + bytes(4 * prod(shape))


def mxnet_bytes(arrays: Sequence[tuple[str, tuple[int, ...]]] = ARRAYS, version: int = 2, *, names: bool = True) -> bytes:
    """Write a list of arrays; version 0 is that of the first years."""
    data = struct.pack("<3Q", 0x112, 0, len(arrays)) + b"".join(array(shape, version) for _, shape in arrays)
    texts = [name.encode() for name, _ in arrays] if names else []
    return data + struct.pack("<Q", len(texts)) + b"".join(struct.pack("<Q", len(text)) + text for text in texts)


FILES = {"model-0000.params": mxnet_bytes()}
