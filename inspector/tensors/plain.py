"""Elements of a tensor of one piece, read as numbers: the only bytes that are read are those of the blocks that they stand in."""

import numpy as np

from inspector.bundle import File
from inspector.tensors.encodings import Numbers, block_of, decode
from inspector.tensors.grid import BLOCK, Indices
from inspector.tensors.tensor import Tensor

WHOLE = 4  # blocks of a row: as many, or as long as all of them, are read in one go


def read_plain(file: File, tensor: Tensor, rows: Indices, columns: Indices) -> Numbers | None:
    """Read the elements at the crossings of rows and columns of a tensor's grid; None for an encoding that nobody here can read.

    Raises Malformed when the file ends before them.
    """
    block = block_of(tensor.encoding)
    if block is None:
        return None
    if tensor.strides is not None:
        return _read_strided(file, tensor, block[1], rows, columns)
    width = tensor.grid[1]
    if width % block[0]:
        return None
    blocks = np.unique(columns // BLOCK)
    if len(blocks) * WHOLE >= -(-width // BLOCK):
        blocks = np.arange(-(-width // BLOCK))
    spans = _spans(blocks, width)
    data = bytearray()
    for row in rows.tolist():
        for begin, end in spans:
            at, length = (row * width + begin) // block[0] * block[1], (end - begin) // block[0] * block[1]
            data += file.read(tensor.start + at, length)
    values = decode(np.frombuffer(bytes(data), np.uint8).reshape(len(rows), -1), tensor.encoding, little=tensor.little)
    if values is None:
        return None
    before = np.searchsorted(blocks, columns // BLOCK)
    return values[:, before * BLOCK + columns % BLOCK]


def _spans(blocks: Indices, width: int) -> list[tuple[int, int]]:
    """Join blocks of columns that follow each other into ranges of columns (half open)."""
    spans: list[tuple[int, int]] = []
    for block in blocks.tolist():
        begin, end = block * BLOCK, min(width, (block + 1) * BLOCK)
        if spans and spans[-1][1] == begin:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((begin, end))
    return spans


def _read_strided(file: File, tensor: Tensor, width: int, rows: Indices, columns: Indices) -> Numbers | None:
    """Read element by element: what does not lie in the usual order is rare and small."""
    steps = np.array(tensor.strides, np.int64)
    flat = (rows[:, None] * tensor.grid[1] + columns[None, :]).ravel()
    places = np.stack(np.unravel_index(flat, tensor.shape)).T @ steps
    data = b"".join(file.read(tensor.start + int(place) * width, width) for place in places)
    return decode(np.frombuffer(data, np.uint8).reshape(len(rows), -1), tensor.encoding, little=tensor.little)
