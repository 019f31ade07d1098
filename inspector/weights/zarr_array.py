"""The description of a Zarr array: shape, dtype, and how its numbers are dealt out over chunks, each a file of its own.

Source: the Zarr storage specifications, version 2 (`.zarray`) and version 3 (`zarr.json`).
"""

from math import prod
from pathlib import PurePosixPath
from typing import TypeVar

import msgspec

from inspector.decoding import decode_json
from inspector.errors import Malformed
from inspector.model import Grid
from inspector.pickles.symbols import DTYPES, SIZES
from inspector.weights.role import is_parameter_name

MOST_DIMENSIONS, LARGEST = 32, 1 << 62
STATES = frozenset({"opt_state", "opt_states", "optimizer_state", "param_states", "step"})
MODEL = frozenset({"target", "params"})
T = TypeVar("T")


class ZarrArray(msgspec.Struct, frozen=True):
    """An array: its dtype in our words, its shape, and the grid of its chunks."""

    dtype: str
    shape: tuple[int, ...]
    grid: Grid


class _Second(msgspec.Struct):
    """What version 2 writes."""

    zarr_format: int
    shape: list[int]
    chunks: list[int]
    dtype: object
    compressor: object = None
    filters: object = None
    dimension_separator: str = "."


class _Chunking(msgspec.Struct):
    chunk_shape: list[int] = []


class _Grid(msgspec.Struct):
    name: str
    configuration: _Chunking = msgspec.field(default_factory=_Chunking)


class _Separator(msgspec.Struct):
    separator: str | None = None


class _Keys(msgspec.Struct):
    name: str = "default"
    configuration: _Separator = msgspec.field(default_factory=_Separator)


class _Codec(msgspec.Struct):
    name: str = ""


class _Third(msgspec.Struct):
    """What version 3 writes."""

    zarr_format: int
    shape: list[int]
    data_type: object
    chunk_grid: _Grid
    chunk_key_encoding: _Keys = msgspec.field(default_factory=_Keys)
    codecs: list[_Codec] = []


def read_second(data: bytes) -> ZarrArray:
    """Read `.zarray`; raises Malformed where it describes no array."""
    said = _decode(data, _Second)
    if said.zarr_format != 2:
        raise Malformed(f"Zarr of version {said.zarr_format} under a name of version 2")
    dtype = _word(said.dtype)
    plain = said.compressor is None and not said.filters
    grid = _make_grid(said.shape, said.chunks, said.dimension_separator, "", dtype if plain else "")
    return ZarrArray(dtype, tuple(said.shape), grid)


def read_third(data: bytes) -> ZarrArray:
    """Read the `zarr.json` of an array; raises Malformed where it describes none."""
    said = _decode(data, _Third)
    if said.zarr_format != 3 or said.chunk_grid.name != "regular":
        raise Malformed(
            f"Zarr of version {said.zarr_format} with a {said.chunk_grid.name[:40]} grid; version 3 with a regular one is known"
        )
    dtype, keys = _word(said.data_type), said.chunk_key_encoding
    plain = [codec.name for codec in said.codecs] == ["bytes"]
    prefix, usual = ("", ".") if keys.name == "v2" else ("c", "/")
    separator = keys.configuration.separator or usual
    grid = _make_grid(said.shape, said.chunk_grid.configuration.chunk_shape, separator, prefix, dtype if plain else "")
    return ZarrArray(dtype, tuple(said.shape), grid)


def _decode(data: bytes, kind: type[T]) -> T:
    try:
        return decode_json(data, kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"no description of a Zarr array: {str(error)[:200]}") from error


def _make_grid(shape: list[int], chunks: list[int], separator: str, prefix: str, dtype: str) -> Grid:
    """Say how many chunks there are along each dimension, and how many bytes each has where nothing packs them."""
    if len(shape) != len(chunks) or len(shape) > MOST_DIMENSIONS or separator not in {".", "/"}:
        raise Malformed(f"{len(shape)} dimensions in chunks of {len(chunks)}, joined by {separator[:5]!r}")
    if min(shape, default=0) < 0 or min(chunks, default=1) < 1 or prod(shape) >= LARGEST or prod(chunks) >= LARGEST:
        raise Malformed("a shape with a size that is negative, or beyond all files")
    size = prod(chunks) * SIZES[dtype] if dtype in SIZES else None
    return Grid(
        counts=tuple(-(-size // chunk) for size, chunk in zip(shape, chunks, strict=True)), prefix=prefix, joint=separator, size=size
    )


def _word(dtype: object) -> str:
    """Write a dtype in our words: `<f4` of NumPy, `float32`, or a structure's own name."""
    text = dtype if isinstance(dtype, str) else "records"
    plain = text.lstrip("<>|=")[:40]
    return DTYPES.get(plain, plain or "?")


def place_array(path: str) -> str:
    """Tell what an array is for, by the directory it stands in: `model`, `state` of an optimizer, or nothing that its name tells."""
    directory = PurePosixPath(path).parent
    parts = [part for word in directory.parts[-12:] for part in word.split(".")]
    if STATES & set(parts) or parts[:1] == ["state"] or directory.name.startswith("state."):
        return "state"
    return "model" if MODEL & set(parts) or is_parameter_name(directory.name) else ""
