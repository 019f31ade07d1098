"""Tensors with a few of their numbers: what relations are computed from, whether a file or a fingerprint gave them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from inspector.errors import Malformed
from inspector.kinship.row_order import RowOrder
from inspector.kinship.sums import Sums
from inspector.tensors.elements import read_elements
from inspector.tensors.encodings import Numbers, round_to
from inspector.tensors.grid import ELEMENTS, ROWS, Grid, Indices, choose
from inspector.tensors.weights import Held, OpenFiles, WeightsOf
from inspector.weights.tensor_names import Place, find_layer, place_tensor

MANY, FEW = 4_000, 512  # from so many tensors on, so many elements of each: experts are many and small


@dataclass(frozen=True, slots=True)
class Density:
    """How much of each tensor is looked at: at most so many rows, and so many elements in all of them."""

    rows: int = ROWS
    elements: int = ELEMENTS


@dataclass(frozen=True, slots=True)
class Sample:
    """A tensor by name, encoding and shape, and its numbers at the rows and columns of a grid.

    `held` is where more of them can be read, `order` how its rows were found where they lie in another order.
    """

    name: str
    encoding: str
    shape: tuple[int, ...]
    folded: tuple[int, int]
    grid: Grid
    values: Numbers
    held: Held | None = None
    order: RowOrder | None = None

    @property
    def elements(self) -> int:
        """The number of all elements of the tensor."""
        return self.folded[0] * self.folded[1]

    @property
    def place(self) -> Place | None:
        """Where the tensor stands in a transformer, by its name."""
        return place_tensor(self.name)

    @property
    def layer(self) -> int | None:
        """The number of the layer that the tensor is in, by its name."""
        return find_layer(self.name)


def density_for(count: int) -> Density:
    """Choose how much of each of so many tensors is looked at."""
    return Density() if count <= MANY else Density(ROWS // 4, FEW)


def take_samples(weights: WeightsOf, files: OpenFiles, density: Density) -> tuple[tuple[Sample, ...], tuple[str, ...]]:
    """Read a few numbers of every tensor, in the order of the files; also gives the names of those that cannot be read."""
    taken: list[Sample] = []
    unread: list[str] = []
    for held in sorted(weights.tensors, key=lambda item: (item.entry.path, item.tensor.start)):
        sample = take_sample(held, files, density)
        if sample is None:
            unread.append(held.tensor.name)
        else:
            taken.append(sample)
    return tuple(taken), tuple(unread)


def take_sample(held: Held, files: OpenFiles, density: Density) -> Sample | None:
    """Read a few numbers of one tensor; None where they cannot be read."""
    tensor = held.tensor
    grid = choose(*tensor.grid, density.rows, density.elements)
    values = read_at(held, files, grid.rows, grid.columns)
    return None if values is None else Sample(tensor.name, tensor.encoding, tensor.shape, tensor.grid, grid, values, held)


def read_at(held: Held, files: OpenFiles, rows: Indices, columns: Indices) -> Numbers | None:
    """Read the numbers at rows (in any order) and columns of a tensor; None where they cannot be read."""
    kept, places = np.unique(rows, return_inverse=True)
    try:
        values = read_elements(files.get(held.entry), held.tensor, kept, columns)
    except (Malformed, OSError):
        return None
    return None if values is None else values[places]


def compare_samples(original: Sample, suspect: Sample) -> Sums | None:
    """Sum over the numbers that both samples have; None where they share none. Rows may be more or fewer, columns are the same.

    A fingerprint keeps its numbers as BF16: what is held against it is rounded first.
    """
    sums = Sums(original.encoding, suspect.encoding)
    values = suspect.values if original.held is not None else round_to(suspect.values, "BF16")
    if original.folded[1] != suspect.folded[1] and len(original.shape) > 1:
        return None
    if original.folded == suspect.folded and original.values.shape == values.shape:
        sums.add(original.values.ravel(), values.ravel())
        return sums
    _, first_rows, second_rows = np.intersect1d(original.grid.rows, suspect.grid.rows, return_indices=True)
    _, first_columns, second_columns = np.intersect1d(original.grid.columns, suspect.grid.columns, return_indices=True)
    if not len(first_rows) or not len(first_columns):
        return None
    sums.add(original.values[np.ix_(first_rows, first_columns)].ravel(), values[np.ix_(second_rows, second_columns)].ravel())
    return sums


def by_name(samples: Iterable[Sample]) -> dict[str, Sample]:
    """Index samples by their names."""
    return {sample.name: sample for sample in samples}


def by_place(samples: Iterable[Sample]) -> dict[Place, Sample]:
    """Index samples by their places in a transformer, as far as these are known."""
    return {place: sample for sample in samples if (place := sample.place) is not None}
