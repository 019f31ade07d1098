"""A small TensorFlow checkpoint: an index, a file of numbers, and the text that names the last one."""

import struct
from collections.abc import Mapping, Sequence
from math import prod

from inspector.serialization.table_file import MAGIC, masked
from sample_bundles.messages import field, message, varint

FLOAT, STRING, INT64 = 1, 7, 9


def snappy(data: bytes) -> bytes:
    """Pack bytes as Snappy does: runs of four zeros and more as copies of the first, all else as it is."""
    out, at = varint(len(data)), 0
    while at < len(data):
        run = len(data[at:]) - len(data[at:].lstrip(data[at : at + 1]))
        if run > 4:
            length = min(run - 1, 64)
            out += bytes((0,)) + data[at : at + 1] + bytes(((length - 1) << 2 | 2, 1, 0))
            at += length + 1
        else:
            out += bytes((0,)) + data[at : at + 1]
            at += 1
    return out


def block(entries: Sequence[tuple[bytes, bytes]], *, packed: int = 0) -> bytes:
    """Write a block of a table: keys share what they can with the one before, then come the trailer's two parts."""
    data, last = b"", b""
    for key, value in entries:
        shared = next((at for at, (one, two) in enumerate(zip(key, last, strict=False)) if one != two), min(len(key), len(last)))
        data += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        last = key
    data += struct.pack("<II", 0, 1)
    data = (snappy(data) if packed == 1 else data) + bytes((packed,))
    return data + struct.pack("<I", masked(data))


def table_bytes(entries: Mapping[bytes, bytes], *, hidden: bytes = b"", packed: int = 0) -> bytes:
    """Write a table of one block of entries."""
    data = block(sorted(entries.items()), packed=packed)
    places = [(0, len(data) - 5)]
    for part in (block([]), block([(max(entries), varint(0) + varint(places[0][1]))])):
        places.append((len(data), len(part) - 5))
        data += part
    footer = b"".join(varint(start) + varint(size) for start, size in places[1:])
    return data + hidden + footer.ljust(40, b"\0") + MAGIC


def shape(sizes: Sequence[int]) -> bytes:
    """Write a shape."""
    return b"".join(field(2, message((1, size))) for size in sizes)


def entry(sizes: Sequence[int], offset: int, kind: int = FLOAT, size: int | None = None, shard: int = 0) -> bytes:
    """Write where a tensor is."""
    length = prod(sizes) * (8 if kind == INT64 else 4) if size is None else size
    return message((1, kind), (2, shape(sizes)), (3, shard), (4, offset), (5, length))


def index_bytes(tensors: Mapping[str, bytes], shards: int = 1, *, hidden: bytes = b"", packed: int = 0) -> bytes:
    """Write an index of tensors."""
    entries = {b"": message((1, shards)), **{name.encode(): value for name, value in tensors.items()}}
    return table_bytes(entries, hidden=hidden, packed=packed)


VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"
TENSORS = {
    "_CHECKPOINTABLE_OBJECT_GRAPH": entry((), 128 + 8, STRING, 50),
    f"model/dense/kernel{VALUE}": entry((4, 2), 0),
    f"model/dense/bias{VALUE}": entry((8,), 32),
    f"model/dense/kernel/.OPTIMIZER_SLOT/optimizer/m{VALUE}": entry((4, 2), 64),
    f"optimizer/_trainable_variables/0{VALUE}": entry((8,), 96),
    f"optimizer/iter{VALUE}": entry((), 128, INT64),
}
INDEX = index_bytes(TENSORS)
FILES: dict[str, str | bytes] = {
    "ckpt-1.index": INDEX,
    "ckpt-1.data-00000-of-00001": bytes(128 + 8 + 50),
    "checkpoint": 'model_checkpoint_path: "ckpt-1"\nall_model_checkpoint_paths: "ckpt-1"\n',
}
