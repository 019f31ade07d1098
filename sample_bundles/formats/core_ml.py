"""Small models in Core ML: a neural network with its weights inside, and a package of a program with its weights beside."""

import json
import struct
from collections.abc import Sequence

from sample_bundles.messages import field, message, pairs

F16, F32 = 10, 11


def model(kind: int, body: bytes, metadata: bytes = b"", version: int = 4) -> bytes:
    """Write a model of a kind."""
    return message((1, version), (2, field(100, metadata)), (kind, body))


def network(*layers: tuple[int, bytes]) -> bytes:
    """Write a neural network of layers, each by the number of its kind."""
    return b"".join(field(1, message((1, "layer"), (kind, body))) for kind, body in layers)


def dense(weights: int, bias: int) -> tuple[int, bytes]:
    """Write a layer of so many weights, as floats."""
    return 140, message((1, 4), (2, 2), (20, field(1, bytes(4 * weights))), (21, field(1, bytes(4 * bias))))


def value(shape: Sequence[int], offset: int, name: str = "@model_path/weights/weight.bin", kind: int = F16) -> bytes:
    """Write a value that is kept in a file beside."""
    sizes = b"".join(field(3, field(1, field(1, size))) for size in shape)
    tensor = message((1, kind), (2, len(shape))) + sizes
    return message((2, field(1, tensor)), (5, message((1, name), (2, offset))))


def program(*values: bytes) -> bytes:
    """Write a program of constants."""
    operations = b"".join(field(3, message((1, "const")) + pairs(5, {"val": held})) for held in values)
    return field(2, message((1, "main"), (2, pairs(3, {"CoreML6": operations}))))


def blobs(*sizes: int, gap: int = 0) -> bytes:
    """Write a file of weights."""
    data = struct.pack("<II", len(sizes), 2).ljust(64, b"\0")
    for size in sizes:
        start = len(data) + 64 + gap
        data += struct.pack("<IIQQ", 0xDEADBEEF, 1, size, start).ljust(64 + gap, b"\0")
        data += bytes(-(-size // 64) * 64)
    return data


def manifest(path: str = "com.apple.CoreML/model.mlmodel") -> str:
    """Write the manifest of a package."""
    items = {"a": {"name": "model.mlmodel", "path": path}, "b": {"name": "weights", "path": "com.apple.CoreML/weights"}}
    return json.dumps({"fileFormatVersion": "1.0.0", "itemInfoEntries": items, "rootModelIdentifier": "a"})


ABOUT = message((1, "a small network"), (3, "somebody"), (4, "MIT")) + pairs(100, {"com.github.apple.coremltools.version": "9.0"})
NETWORK = model(500, network(dense(8, 2), (130, field(25, field(1, field(1, bytes(8)))))), ABOUT)
PROGRAM = model(502, program(value((4, 2), 64), value((2,), 192), value((4, 2), 64)), version=7)
PACKAGE = "small.mlpackage/Data/com.apple.CoreML"
FILES: dict[str, str | bytes] = {
    "small.mlmodel": NETWORK,
    "small.mlpackage/Manifest.json": manifest(),
    f"{PACKAGE}/model.mlmodel": PROGRAM,
    f"{PACKAGE}/weights/weight.bin": blobs(16, 4),
}
