"""Which elements of a tensor are looked at: rows and columns chosen by a hash of their numbers, so that everybody chooses the same.

The k smallest hashes are chosen (bottom-k sampling). An embedding with more rows, or a matrix with more columns, therefore shares most of its choice
with the smaller one, and two tensors of one shape share all of it, whatever they are called and however they are stored.
Columns are chosen in blocks of 256, the longest block of any quantization.
Sources: Cohen and Kaplan, Summarizing data using bottom-k sketches (2007);
splitmix64 (Steele, Lea and Flood, 2014) as the hash.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

BLOCK = 256  # columns
ROWS, ELEMENTS = 32, 4096
MOST = 1 << 20  # rows, or blocks of columns, that are candidates
Indices = npt.NDArray[np.int64]


class Grid(NamedTuple):
    """Rows, and columns, in ascending order."""

    rows: Indices
    columns: Indices


@lru_cache(maxsize=512)
def choose(rows: int, columns: int, most_rows: int = ROWS, elements: int = ELEMENTS) -> Grid:
    """Choose at most `elements` elements of a tensor of some rows and columns: at most `most_rows` rows, and the same columns in each of them."""
    chosen = _smallest(rows, most_rows)
    wanted = min(columns, max(1, elements // len(chosen)))
    blocks = -(-columns // BLOCK)
    many = min(blocks, max(4, wanted // 64))
    each, order = -(-wanted // many), _smallest(BLOCK, BLOCK)
    places = [block * BLOCK + order[order < columns - block * BLOCK][:each] for block in _smallest(blocks, many).tolist()]
    return Grid(np.sort(chosen), np.sort(np.concatenate(places)))


def _smallest(count: int, most: int) -> Indices:
    """List the numbers below a count that have the smallest hashes, smallest first."""
    numbers = np.arange(min(count, MOST), dtype=np.uint64)
    order = np.argsort(_splitmix(numbers), kind="stable")[:most]
    return order.astype(np.int64)


def _splitmix(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        state = numbers + np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))
