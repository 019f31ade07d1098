"""Two tensors held against each other number by number: running sums, so that a tensor of any size is compared piece by piece."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from inspector.tensors.encodings import Numbers, round_to

Doubles = npt.NDArray[np.float64]
TINY = 1e-12


@dataclass(slots=True)
class Sums:
    """Sums over pairs of numbers, the original's and the suspect's, in encodings that say how they were rounded."""

    original_encoding: str
    encoding: str
    count: int = 0
    same: int = 0
    down: int = 0  # the same once the original is rounded to the suspect's encoding
    up: int = 0  # the same once the suspect is rounded to the original's
    half: int = 0  # the same once both are rounded to BF16
    zeroed: int = 0
    kept: int = 0
    both_zero: int = 0
    first: float = 0.0
    second: float = 0.0
    first_squares: float = 0.0
    second_squares: float = 0.0
    products: float = 0.0
    change: float = 0.0

    def add(self, original: Numbers, suspect: Numbers) -> None:
        """Take in some numbers of both, in the same order; those of which one is not finite are left out."""
        fine = np.isfinite(original) & np.isfinite(suspect)
        a, b = original[fine], suspect[fine]
        down, half = round_to(a, self.encoding) == b, round_to(a, "BF16") == round_to(b, "BF16")
        self.count += len(a)
        self.same += int((a == b).sum())
        self.down += int(down.sum())
        self.up += int((round_to(b, self.original_encoding) == a).sum())
        self.half += int(half.sum())
        self.zeroed += int(((b == 0) & (a != 0)).sum())
        self.kept += int(((b != 0) & (down | half)).sum())
        self.both_zero += int(((b == 0) & (a == 0)).sum())
        self._multiply(a.astype(np.float64), b.astype(np.float64))

    def _multiply(self, a: Doubles, b: Doubles) -> None:
        self.first += float(a.sum())
        self.second += float(b.sum())
        self.first_squares += float(a @ a)
        self.second_squares += float(b @ b)
        self.products += float(a @ b)
        self.change += float((b - a) @ (b - a))

    @property
    def equal(self) -> float:
        """The share of numbers that are the same once both are rounded to the coarser encoding."""
        return max(self.same, self.down, self.up, self.half) / self.count if self.count else 0.0

    @property
    def cosine(self) -> float:
        """The cosine between the two, each less its mean; 1 for two constants that are the same, 0 for others."""
        if not self.count:
            return 0.0
        spreads = self.first_squares - self.first**2 / self.count, self.second_squares - self.second**2 / self.count
        if min(spreads) <= TINY * max(self.first_squares, self.second_squares):
            return 1.0 if self.same == self.count else 0.0
        return (self.products - self.first * self.second / self.count) / sqrt(spreads[0] * spreads[1])

    @property
    def difference(self) -> float:
        """The root mean square of the change over that of the original."""
        return sqrt(self.change / self.first_squares) if self.first_squares else float(self.change > 0)

    @property
    def is_constant(self) -> bool:
        """Say whether all numbers of the original are one: such tensors are alike in models that have nothing to do with each other."""
        return self.first_squares - self.first**2 / max(1, self.count) <= TINY * self.first_squares
