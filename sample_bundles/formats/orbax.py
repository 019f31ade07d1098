"""Small checkpoints of Orbax: one whose arrays are in a store, one with a directory for each array."""

import json
import struct
from collections.abc import Mapping, Sequence

from inspector.serialization.crc32c import compute_crc32c
from sample_bundles.formats.zarr import third

MANIFEST, NODE = b"\x0c\xdb\x3a\x2a", b"\x0c\xdb\x20\xde"


def ocdbt_bytes(mark: bytes, body: bytes = b"\0\1 packed") -> bytes:
    """Write a manifest or a node: mark, length, what is packed, checksum."""
    data = mark + struct.pack("<Q", 16 + len(body)) + body
    return data + struct.pack("<I", compute_crc32c(data))


def tree(arrays: Mapping[str, Sequence[int] | None], *, ocdbt: bool | None = True, aside: bool = False) -> str:
    """Write the metadata of a tree of arrays by their names, with dots, and shapes; `aside` keeps them in the file `checkpoint`."""
    told = {}
    for name, shape in arrays.items():
        keys = tuple(name.split("."))
        about = {"value_type": "jax.Array", "skip_deserialize": aside, **({} if shape is None else {"write_shape": shape})}
        told[str(keys)] = {"key_metadata": [{"key": key, "key_type": 2} for key in keys], "value_metadata": about}
    stores = {} if ocdbt is None else {"use_ocdbt": ocdbt}
    return json.dumps({"tree_metadata": told, **stores, "use_zarr3": True, "custom_metadata": None})


ARRAYS = {"params.dense.kernel": (4, 2), "params.dense.bias": (2,), "opt_state.0.mu.dense.kernel": (4, 2)}
STEP = {"item_handlers": {"default": "orbax.checkpoint.PyTreeCheckpointHandler"}, "metrics": {}, "init_timestamp_nsecs": 1}
SHARDING = {"cGFyYW1z": '{"sharding_type": "SingleDeviceSharding", "device_str": "cpu:0"}'}
PROCESS = {"array_metadatas": [{"array_metadata": {"param_name": "params.dense.bias", "write_shape": [2], "chunk_shape": [2]}}]}
FILES: dict[str, str | bytes] = {
    "store/_CHECKPOINT_METADATA": json.dumps(STEP),
    "store/_METADATA": tree(ARRAYS),
    "store/_sharding": json.dumps(SHARDING),
    "store/array_metadatas/process_0": json.dumps(PROCESS),
    "store/manifest.ocdbt": ocdbt_bytes(MANIFEST),
    "store/d/0123456789abcdef0123456789abcdef": ocdbt_bytes(NODE) + bytes(60),
    "arrays/_METADATA": tree({"params.dense.kernel": None}, ocdbt=False),
    "arrays/params.dense.kernel/zarr.json": third((4, 2), (4, 2)),
    "arrays/params.dense.kernel/c/0/0": bytes(32),
}
