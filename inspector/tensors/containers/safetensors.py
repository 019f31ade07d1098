"""Tensors of a safetensors file. Source: the safetensors README, "Format"."""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.errors import TooLarge
from inspector.tensors.tensor import Tensor
from inspector.weights.safetensors_header import Header, read_entries

LARGEST_HEADER = 64 * 2**20  # bytes


def list_tensors(file: File) -> Iterator[Tensor] | None:
    """List the tensors, or None for another file."""
    length = int.from_bytes(file.head[:8], "little")
    if file.size < 10 or not 2 <= length <= file.size - 8 or file.head[8:9] != b"{":
        return None
    return _read(file, length)


def _read(file: File, length: int) -> Iterator[Tensor]:
    if length > LARGEST_HEADER:
        raise TooLarge(f"a header of {length} bytes, the limit is {LARGEST_HEADER}")
    start = 8 + length
    for entry in read_entries(file.read(8, length), Header()):
        if start + entry.end <= file.size and entry.begin <= entry.end:
            yield Tensor(entry.name, entry.dtype, entry.shape.sizes, start + entry.begin, entry.end - entry.begin)
