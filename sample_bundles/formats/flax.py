"""Small parameters as Flax writes them, and a checkpoint with the state of its optimizer."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

Value: TypeAlias = "Mapping[str, Value] | Numbers | int | bool"
WIDTHS = {"float32": 4, "bfloat16": 2, "int32": 4}


@dataclass(frozen=True)
class Numbers:
    """An array of zeros; `size` is for one that lies (bytes)."""

    shape: Sequence[int]
    dtype: str = "float32"
    size: int | None = None


def text(value: str) -> bytes:
    """Write a text of up to 255 bytes."""
    data = value.encode()
    return (bytes((0xA0 | len(data),)) if len(data) < 32 else bytes((0xD9, len(data)))) + data


def whole(value: int) -> bytes:
    """Write a whole number that is not below zero."""
    return bytes((value,)) if value < 128 else b"\xce" + struct.pack(">I", value)


def array(item: Numbers) -> bytes:
    """Write an array as an extension."""
    size = prod(item.shape) * WIDTHS.get(item.dtype, 4) if item.size is None else item.size
    body = bytes((0x93, 0x90 | len(item.shape))) + b"".join(whole(number) for number in item.shape)
    body += text(item.dtype) + b"\xc5" + struct.pack(">H", size) + bytes(size)
    return b"\xc8" + struct.pack(">Hb", len(body), 1) + body


def flax_bytes(value: Value) -> bytes:
    """Write a value of nested maps."""
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return whole(value)
    if isinstance(value, Numbers):
        return array(value)
    head = bytes((0x80 | len(value),)) if len(value) < 16 else b"\xde" + struct.pack(">H", len(value))
    return head + b"".join(text(key) + flax_bytes(held) for key, held in value.items())


DENSE: Value = {"kernel": Numbers((4, 2)), "bias": Numbers((2,), "bfloat16")}
PARTS: Value = {
    "__msgpack_chunked_array__": True,
    "shape": {"0": 5, "1": 2},
    "chunks": {"0": Numbers((6,)), "1": Numbers((4,))},
}
PARAMETERS = flax_bytes({"params": {"dense": DENSE, "embedding": PARTS}})
CHECKPOINT = flax_bytes({"step": 300, "params": DENSE, "opt_state": {"0": {"count": Numbers((), "int32"), "mu": DENSE}}})
FILES: dict[str, str | bytes] = {"flax_model.msgpack": PARAMETERS, "checkpoint_300": CHECKPOINT}
