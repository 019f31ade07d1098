"""Thousands of fingerprints in one index: of every matrix the signs of its chosen numbers, so that near ones are found by counting bits.

Signs survive casts and quantization (nine in ten of them do at four bits), and of unrelated matrices half agree. Source: Charikar, Similarity
estimation techniques from rounding algorithms (2002), for signs as a sketch.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.kinship.samples import Sample

FEWEST = 128  # numbers; smaller tensors are alike by chance
MOST_ASKED = 96  # matrices of the suspect that are looked up
SPARSE = 0.5  # the share of zeros from which signs say little
Bits = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of matrices of one shape: a row of 32 bytes each, and the number of the model that each belongs to."""

    bits: Bits
    models: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Near:
    """A model by its number, and how far its matrices agree with the suspect's: 1 for the same signs, 0 for chance."""

    model: int
    agreement: float


def signs_of(samples: Iterable[Sample]) -> dict[tuple[int, ...], Bits]:
    """Give for each shape the signs of the matrices that have one, each less its mean; sparse and constant ones are left out."""
    rows: dict[tuple[int, ...], list[Bits]] = {}
    for sample in samples:
        values = np.nan_to_num(sample.values.ravel().astype(np.float32))
        usual = len(sample.shape) > 1 and values.size >= FEWEST and (values == 0).mean() < SPARSE
        if usual and values.min() != values.max():
            signs = np.packbits(values > values.mean(dtype=np.float64))
            rows.setdefault((*sample.folded, values.size), []).append(np.pad(signs, (0, 32 - len(signs))))
    return {shape: np.stack(found) for shape, found in rows.items()}


def join_signs(models: Sequence[Mapping[tuple[int, ...], Bits]]) -> dict[tuple[int, ...], Signs]:
    """Make one index of the signs of some models, which are known in it by their number."""
    parts: dict[tuple[int, ...], list[tuple[Bits, int]]] = {}
    for number, signs in enumerate(models):
        for shape, bits in signs.items():
            parts.setdefault(shape, []).append((bits, number))
    return {
        shape: Signs(
            np.concatenate([bits for bits, _ in found]),
            np.concatenate([np.full(len(bits), number, np.int32) for bits, number in found]),
        )
        for shape, found in parts.items()
    }


def find_near(samples: Sequence[Sample], index: dict[tuple[int, ...], Signs], count: int) -> tuple[Near, ...]:
    """Find the models whose matrices agree most with some samples, the nearest first: of each model the median over the matrices asked for."""
    votes: dict[int, list[float]] = {}
    asked = 0
    for shape, bits in signs_of(samples).items():
        if (signs := index.get(shape)) is None:
            continue
        # Spread over the model, and as many of each shape as there is room for.
        for row in bits[:: max(1, len(bits) * len(index) // MOST_ASKED)]:
            asked += 1
            differ = np.bitwise_count(np.bitwise_xor(signs.bits, row)).sum(axis=1, dtype=np.int32)
            nearest = np.full(int(signs.models.max()) + 1, np.iinfo(np.int32).max, np.int32)
            np.minimum.at(nearest, signs.models, differ)
            for model in np.unique(signs.models).tolist():
                votes.setdefault(model, []).append(1 - 2 * int(nearest[model]) / shape[-1])
    near = [Near(model, float(np.median(found)) * len(found) / asked) for model, found in votes.items()]
    return tuple(sorted(near, key=lambda item: (-item.agreement, item.model))[:count])
