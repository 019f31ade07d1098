"""A tiny pipeline of spaCy: a layer in MessagePack, and what the pipeline says of itself."""

import json
import struct
from collections.abc import Mapping, Sequence
from math import prod
from typing import TypeAlias

Packed: TypeAlias = "int | bool | str | bytes | Sequence[Packed] | Mapping[str | bytes, Packed] | None"


def pack(value: Packed) -> bytes:
    """Write a value in MessagePack, in forms that fit small ones."""
    match value:
        case None | bool():
            return {None: b"\xc0", False: b"\xc2", True: b"\xc3"}[value]
        case int():
            return bytes([value]) if 0 <= value < 128 else b"\xd3" + struct.pack(">q", value)
        case str():
            data = value.encode()
            return (bytes([0xA0 | len(data)]) if len(data) < 32 else b"\xda" + struct.pack(">H", len(data))) + data
        case bytes():
            return (b"\xc4" + bytes([len(value)]) if len(value) < 256 else b"\xc6" + struct.pack(">I", len(value))) + value
        case Mapping():
            return bytes([0x80 | len(value)]) + b"".join(pack(key) + pack(item) for key, item in value.items())
        case _:
            return b"\xdc" + struct.pack(">H", len(value)) + b"".join(map(pack, value))


def array(shape: tuple[int, ...], data: bytes | None = None) -> dict[str | bytes, Packed]:
    """Write an array of F32 as msgpack-numpy does."""
    content = bytes(4 * prod(shape)) if data is None else data
    return {b"nd": True, b"type": "<f4", b"kind": b"", b"shape": shape, b"data": content}


def model_bytes(layers: Sequence[Mapping[str | bytes, Packed]], shims: Sequence[Packed] = ()) -> bytes:
    """Write a model of layers."""
    nodes: list[Packed] = [{"index": number, "name": "linear", "dims": {"nO": 4}, "refs": {}} for number in range(len(layers))]
    return pack({"nodes": nodes, "attrs": [{} for _ in layers], "params": list(layers), "shims": [list(shims)]})


LAYERS: tuple[Mapping[str | bytes, Packed], ...] = ({"W": array((20, 8)), "b": array((20,))}, {}, {"E": array((3, 8)), "seed": None})
META = {
    "lang": "en",
    "name": "core_tiny",
    "version": "1.0.0",
    "spacy_version": ">=3.8.0,<3.9.0",
    "license": "MIT",
    "pipeline": ["tagger"],
    "sources": [{"name": "OntoNotes 5", "url": "https://catalog.ldc.upenn.edu/LDC2013T19", "license": "commercial"}, {"name": "Made up"}],
}
FILES = {"meta.json": json.dumps(META), "tagger/model": model_bytes(LAYERS)}
