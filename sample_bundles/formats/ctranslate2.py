"""A converted transformer in the records of CTranslate2."""

import struct
from collections.abc import Sequence
from math import prod

TYPES = {"F32": (0, 4), "I8": (1, 1), "F16": (4, 2)}
VARIABLES = (
    ("encoder/embeddings_0/weight", "F32", (5, 4)),
    ("encoder/layer_0/self_attention/linear_0/weight", "I8", (12, 4)),
    ("encoder/layer_0/self_attention/linear_0/weight_scale", "F32", (12,)),
    ("encoder/num_heads", "F16", ()),
)


def _text(text: str) -> bytes:
    return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"


def ctranslate2_bytes(
    variables: Sequence[tuple[str, str, tuple[int, ...]]] = VARIABLES, alias: str = VARIABLES[0][0], name: str = "TransformerSpec"
) -> bytes:
    """Write the records of version 6."""
    data = struct.pack("<I", 6) + _text(name) + struct.pack("<2I", 7, len(variables))
    for path, dtype, shape in variables:
        code, width = TYPES[dtype]
        size = prod(shape) * width
        data += _text(path) + struct.pack(f"<B{len(shape)}IBI", len(shape), *shape, code, size) + bytes(size)
    return data + struct.pack("<I", 1) + _text("decoder/embeddings/weight") + _text(alias)


FILES = {"model.bin": ctranslate2_bytes()}
