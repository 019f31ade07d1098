"""Arrays in chunks as Zarr keeps them: parameters of version 2 and 3, and data."""

import json
from collections.abc import Sequence


def second(shape: Sequence[int], chunks: Sequence[int], dtype: str = "<f4", compressor: object = None, separator: str = ".") -> str:
    """Describe an array as version 2 does."""
    said = {"zarr_format": 2, "shape": shape, "chunks": chunks, "dtype": dtype, "compressor": compressor, "fill_value": None}
    return json.dumps({**said, "filters": None, "order": "C", "dimension_separator": separator})


def third(shape: Sequence[int], chunks: Sequence[int], dtype: str = "float32", keys: str = "default", packed: str = "") -> str:
    """Describe an array as version 3 does."""
    codecs = [{"name": "bytes", "configuration": {"endian": "little"}}, *([{"name": packed}] if packed else [])]
    grid = {"name": "regular", "configuration": {"chunk_shape": chunks}}
    said = {"zarr_format": 3, "node_type": "array", "shape": shape, "data_type": dtype, "chunk_grid": grid}
    return json.dumps({**said, "chunk_key_encoding": {"name": keys}, "fill_value": 0, "codecs": codecs})


FILES: dict[str, str | bytes] = {
    ".zgroup": '{"zarr_format": 2}',
    "target.dense.kernel/.zarray": second((4, 6), (2, 3)),
    **{f"target.dense.kernel/{row}.{column}": bytes(24) for row in range(2) for column in range(2)},
    "params/dense/bias/zarr.json": third((6,), (6,)),
    "params/dense/bias/c/0": bytes(24),
    "state.step/.zarray": second((), (), "<i4", {"id": "gzip", "level": 1}),
    "state.step/0": b"\x1f\x8b packed",
    "temperature/zarr.json": third((2,), (1,), "float64", packed="zstd"),
}
