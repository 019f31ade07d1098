"""A small checkpoint of T5X: specifications of TensorStore in place of arrays, and the arrays beside."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from sample_bundles.formats.flax import Numbers, array, text, whole
from sample_bundles.formats.zarr import second

Tree: TypeAlias = "Mapping[str, Tree] | Sequence[int] | Numbers | str | int"


def tree_bytes(value: Tree) -> bytes:
    """Write a value of nested maps, texts, numbers and lists of numbers."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, int):
        return whole(value)
    if isinstance(value, Numbers):
        return array(value)
    head = bytes(((0x80 if isinstance(value, Mapping) else 0x90) | len(value),))
    if isinstance(value, Mapping):
        return head + b"".join(text(key) + tree_bytes(held) for key, held in value.items())
    return head + b"".join(map(whole, value))


def spec(path: str, shape: Sequence[int], dtype: str = "float32") -> Tree:
    """Write the specification of an array."""
    metadata: Tree = {"chunks": shape, "compressor": {"id": "gzip", "level": 1}, "shape": shape}
    return {"driver": "zarr", "dtype": dtype, "kvstore": {"driver": "gfile", "path": path}, "metadata": metadata}


CHECKPOINT: Tree = {
    "version": 3,
    "optimizer": {
        "state": {"param_states": {"kernel": spec("state.param_states.kernel/", (4, 2))}, "step": Numbers((), "int32")},
        "target": {"kernel": spec("target.kernel/", (4, 2)), "scale": Numbers((2,))},
    },
}
GZIP = {"id": "gzip", "level": 1}
FILES: dict[str, str | bytes] = {
    "checkpoint": tree_bytes(CHECKPOINT),
    "target.kernel/.zarray": second((4, 2), (4, 2), compressor=GZIP),
    "target.kernel/0.0": b"\x1f\x8b packed",
    "state.param_states.kernel/.zarray": second((4, 2), (4, 2), compressor=GZIP),
    "state.param_states.kernel/0.0": b"\x1f\x8b packed",
}
