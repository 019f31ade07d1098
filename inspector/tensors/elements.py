"""Elements of any tensor, read as numbers at chosen rows and columns."""

from inspector.bundle import File
from inspector.tensors.encodings import Numbers
from inspector.tensors.grid import Indices
from inspector.tensors.packed import read_packed
from inspector.tensors.plain import read_plain
from inspector.tensors.tensor import Tensor


def read_elements(file: File, tensor: Tensor, rows: Indices, columns: Indices) -> Numbers | None:
    """Read the elements at the crossings of rows and columns of a tensor's grid; None for an encoding that nobody here can read.

    Raises Malformed when the file ends before them.
    """
    return read_packed(file, tensor, rows, columns) if tensor.parts else read_plain(file, tensor, rows, columns)
