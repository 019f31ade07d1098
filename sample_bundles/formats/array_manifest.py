"""A manifest of raw arrays as MLC writes it, and the file it describes."""

import json

ENTRIES = [
    {"name": "model.embed.q_weight", "shape": [4, 2], "dtype": "uint32", "format": "raw", "nbytes": 32, "byteOffset": 0},
    {"name": "model.embed.q_scale", "shape": [4, 1], "dtype": "float16", "format": "raw", "nbytes": 8, "byteOffset": 32},
    {"name": "model.norm.weight", "shape": [4], "dtype": "float32", "format": "f32-to-bf16", "nbytes": 8, "byteOffset": 40},
]
SHARD = {"dataPath": "params_shard_0.bin", "format": "raw-shard", "nbytes": 48, "records": ENTRIES, "md5sum": "0" * 32}
MANIFEST = {"metadata": {"ParamSize": 3, "ParamBytes": 48, "BitsPerParam": 4.5}, "records": [SHARD]}
FILES = {"ndarray-cache.json": json.dumps(MANIFEST, indent=2), "params_shard_0.bin": bytes(48)}
