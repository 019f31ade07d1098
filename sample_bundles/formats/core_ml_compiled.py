"""Small compiled models of Core ML: a program with its weights beside, and a network in the older form."""

import json
import struct
from collections.abc import Sequence

from sample_bundles.formats.core_ml import blobs

MODERN = 'tensor<fp16, [{shape}]> w{offset} = const()[val = tensor<fp16, [{shape}]>(BLOBFILE(path = string("{path}"), offset = uint64({offset})))];'
OLDER = (
    "tensor<fp16, [{shape}]> w{offset} = const()[val = tensor<fp16, [{shape}]>(BLOBFILE("
    'path = tensor<string, []>("{path}"), offset = tensor<uint64, []>({offset})))];'
)
WEIGHTS = "@model_path/weights/weight.bin"


def program(values: Sequence[tuple[Sequence[int], int]], path: str = WEIGHTS, form: str = MODERN) -> str:
    """Write a program of values, each a shape and the byte of its header in a file."""
    lines = [form.format(shape=", ".join(map(str, shape)), path=path, offset=offset) for shape, offset in values]
    body = "".join(f"            {line}\n" for line in lines)
    return f"program(1.0)\n[buildInfo = dict<string, string>({{}})]\n{{\n    func main<ios16>() {{\n{body}        }} -> (w);\n}}\n"


def espresso_weights(*sizes: int) -> bytes:
    """Write a table of blobs, and the blobs (bytes)."""
    table = b"".join(struct.pack("<QQ", number, size) for number, size in enumerate(sizes))
    return struct.pack("<Q", len(sizes)) + table + bytes(sum(sizes))


VALUES = (((4, 2), 64), ((2,), 192), ((4, 2), 64))
ABOUT = [
    {
        "metadataOutputVersion": "3.0",
        "license": "MIT",
        "author": "somebody",
        "modelType": {"name": "MLModelType_mlProgram"},
        "userDefinedMetadata": {"com.github.apple.coremltools.version": "8.1", "com.github.apple.coremltools.source": "torch==2.5.1"},
    }
]
NET = {"storage": "model.espresso.weights", "format_version": 200, "layers": [{"type": "inner_product", "name": "dense"}]}
FILES: dict[str, str | bytes] = {
    "program.mlmodelc/model.mil": program(VALUES),
    "program.mlmodelc/coremldata.bin": struct.pack("<II", 502, 5) + bytes(24) + b"generic",
    "program.mlmodelc/metadata.json": json.dumps(ABOUT, indent=2),
    "program.mlmodelc/weights/weight.bin": blobs(16, 4),
    "network.mlmodelc/model.espresso.net": json.dumps(NET),
    "network.mlmodelc/model.espresso.shape": json.dumps({"layer_shapes": {"output": {"k": 2, "w": 1, "n": 1, "h": 1}}}),
    "network.mlmodelc/model.espresso.weights": espresso_weights(32, 8),
}
