"""The one tensor of a numpy file. Source: numpy's description of the `.npy` format."""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.pickles.symbols import SIZES
from inspector.tensors.tensor import Tensor, usual_strides
from inspector.weights.array_header import MAGIC, read_array_header


def list_tensors(file: File) -> Iterator[Tensor] | None:
    """List the tensor, or None for another file."""
    return place_array(file.head, file.name.removesuffix(".npy"), 0, file.size) if file.head.startswith(MAGIC) else None


def place_array(head: bytes, name: str, start: int, size: int) -> Iterator[Tensor]:
    """Place an array that begins at a byte of a file and has `size` bytes with its header; one whose elements have no known size is none."""
    header = read_array_header(head)
    if header.dtype not in SIZES or header.size is None or header.start + header.size > size or 0 in header.shape:
        return
    turned = b"'fortran_order': True" in head[: header.start] and len(header.shape) > 1
    strides = tuple(reversed(usual_strides(tuple(reversed(header.shape))))) if turned else None
    little = b"'descr': '>" not in head[: header.start]
    yield Tensor(name, header.dtype, header.shape, start + header.start, header.size, strides, little=little)
