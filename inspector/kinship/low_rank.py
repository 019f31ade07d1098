"""Changes of low rank, as a merged adapter leaves them: a few singular values of the change, and then a fall.

Source: Hu et al., LoRA (arXiv:2106.09685): the change of a weight is the product of two matrices of rank r.
"""

import numpy as np
import numpy.typing as npt

from inspector.kinship.samples import Sample, read_at
from inspector.kinship.similarity import thresholds
from inspector.tensors.encodings import Numbers
from inspector.tensors.grid import choose
from inspector.tensors.weights import OpenFiles

SIDE = 192  # rows and columns of the block that is looked at; ranks up to half of it are seen
SMALLEST = 16


def find_rank(original: Sample, suspect: Sample, files: OpenFiles) -> int | None:
    """Give the rank of the change between two matrices of one shape; None where it is of no low rank, or cannot be read."""
    if original.held is None or suspect.held is None or original.folded != suspect.folded or min(original.folded) < SMALLEST:
        return None
    grid = choose(*original.folded, SIDE, SIDE * SIDE)
    first = read_at(original.held, files, grid.rows, grid.columns)
    second = read_at(suspect.held, files, suspect.order.find(grid.rows) if suspect.order else grid.rows, grid.columns)
    return None if first is None or second is None else rank_of_change(first, second)


def rank_of_change(original: Numbers, suspect: Numbers) -> int | None:
    """Find where the singular values of a change fall, and whether what is above holds most of its energy."""
    change: npt.NDArray[np.float64] = suspect.astype(np.float64) - original.astype(np.float64)
    if min(change.shape) < SMALLEST or not np.isfinite(change).all() or not change.any():
        return None
    values = np.linalg.svd(change, compute_uv=False)
    most = min(change.shape) // 2
    falls = values[:most] / np.maximum(values[1 : most + 1], values[0] * 1e-9)
    rank = int(falls.argmax()) + 1
    energy = float((values[:rank] ** 2).sum() / (values**2).sum())
    limits = thresholds()
    return rank if falls[rank - 1] >= limits.gap and energy >= limits.energy else None
