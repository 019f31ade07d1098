"""A tiny program of PaddlePaddle and its parameters."""

import struct
from collections.abc import Sequence
from math import prod

from sample_bundles.messages import field, message

TENSORS = (("conv_w", (4, 3, 3, 3)), ("conv_b", (4,)))
F32 = 5


def description(shape: Sequence[int], dtype: int = F32) -> bytes:
    """Write what stands before a tensor, and in a variable."""
    return field(1, dtype) + b"".join(field(2, size) for size in shape)


def params_bytes(tensors: Sequence[tuple[str, tuple[int, ...]]] = TENSORS, dtype: int = F32) -> bytes:
    """Write tensors behind one another."""
    data = b""
    for _, shape in tensors:
        told = description(shape, dtype)
        data += struct.pack("<IQIi", 0, 0, 0, len(told)) + told + bytes(4 * prod(shape))
    return data


def program_bytes(tensors: Sequence[tuple[str, tuple[int, ...]]] = TENSORS, operator: str = "conv2d") -> bytes:
    """Write a program of one block that keeps these tensors."""
    block = message((1, 0), (2, -1))
    for name, shape in tensors:
        kept = message((1, 7), (3, field(1, description(shape))))
        block += field(3, message((1, name), (2, kept), (3, 1)))
    block += field(3, message((1, "input"), (2, message((1, 7), (3, field(1, description((-1, 3)))))), (3, 0)))
    block += field(4, message((1, message((1, "Filter"), (2, "conv_w"))), (3, operator)))
    return field(1, block) + field(4, message((1, 0)))


FILES = {"inference.pdmodel": program_bytes(), "inference.pdiparams": params_bytes()}
