"""A small model of TensorFlow.js with two files of numbers, and a manifest alone."""

import json
from collections.abc import Sequence

Json = dict[str, object]


def tensor(name: str, shape: Sequence[int], dtype: str = "float32", packed: str = "") -> Json:
    """Write a tensor of a manifest."""
    extra: Json = {"quantization": {"dtype": packed, "scale": 0.5, "min": -1.0}} if packed else {}
    return {"name": name, "shape": list(shape), "dtype": dtype, **extra}


def model(groups: Sequence[Json], kind: str = "graph-model", topology: object = None) -> bytes:
    """Write a model of groups of tensors."""
    inside: Json = {"format": kind, "generatedBy": "2.15.0", "convertedBy": "TensorFlow.js Converter v4.0"}
    return json.dumps({**inside, "modelTopology": topology or {"node": []}, "weightsManifest": list(groups)}).encode()


GROUP: Json = {
    "paths": ["group1-shard1of2.bin", "group1-shard2of2.bin"],
    "weights": [tensor("w", (4, 2)), tensor("b", (2,), "float32", "uint8"), tensor("n", (), "int32")],
}
MODEL = model([GROUP])
MANIFEST = json.dumps([{"weights": [tensor("w", (3,))], "paths": ["only.bin"]}]).encode()
FILES: dict[str, str | bytes] = {
    "model.json": MODEL,
    "group1-shard1of2.bin": bytes(20),
    "group1-shard2of2.bin": bytes(18),
    "only-weights_manifest.json": MANIFEST,
    "only.bin": bytes(12),
}
