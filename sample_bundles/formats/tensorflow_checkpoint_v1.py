"""A small checkpoint of TensorFlow's first version: a table of contents and the numbers, in one table."""

from collections.abc import Mapping, Sequence
from math import prod

from sample_bundles.formats.tensorflow_checkpoint import FLOAT, shape, table_bytes
from sample_bundles.messages import field, message


def checkpoint_bytes(tensors: Mapping[str, Sequence[int]], *, hidden: bytes = b"", packed: int = 0) -> bytes:
    """Write tensors of floats."""
    contents = b"".join(field(1, message((1, name), (2, shape(sizes)), (3, FLOAT))) for name, sizes in tensors.items())
    entries = {b"": field(1, contents)}
    for name, sizes in tensors.items():
        data = field(5, bytes(4 * prod(sizes)))
        entries[b"\0" + name.encode()] = field(2, message((1, name), (3, data)))
    return table_bytes(entries, hidden=hidden, packed=packed)


TENSORS = {"dense/kernel": (4, 2), "dense/bias": (2,), "dense/kernel/Adam": (4, 2)}
CHECKPOINT = checkpoint_bytes(TENSORS)
FILES: dict[str, str | bytes] = {"model.ckpt-100": CHECKPOINT}
