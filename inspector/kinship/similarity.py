"""From numbers to a relation: thresholds are data, with what they were measured on in docs/lineage.md."""

from functools import cache
from math import sqrt

from inspector.kinship.relation import Relation
from inspector.kinship.sums import Sums
from inspector.model import Frozen
from inspector.tables import load_table
from inspector.tensors.encodings import is_quantized

USUAL = 0.9  # the cosine for an encoding that the table does not name


class Thresholds(Frozen, frozen=True):
    """The table of thresholds; see `standards/kinship.toml`."""

    same: float
    related: float
    related_vector: float
    deviations: float
    zeroed: float
    gap: float
    energy: float
    changed: float
    some: float
    most: float
    quantized: dict[str, float]


@cache
def thresholds() -> Thresholds:
    """Read the thresholds."""
    return load_table("kinship.toml", Thresholds)


def is_related(cosine: float, count: int, *, vector: bool = False) -> bool:
    """Say whether a cosine over some numbers is more than chance; vectors of unlike names have to be nearly the same."""
    limits = thresholds()
    least = limits.related_vector if vector else limits.related
    return cosine >= least and cosine * sqrt(count) >= limits.deviations


def relate(sums: Sums) -> Relation:
    """Name the relation that the numbers show."""
    limits = thresholds()
    same_encoding = sums.encoding == sums.original_encoding
    if sums.count and sums.same == sums.count:
        return Relation.IDENTICAL if same_encoding else Relation.CAST
    if sums.equal >= limits.same and not same_encoding:
        return Relation.CAST
    packed = [encoding for encoding in (sums.encoding, sums.original_encoding) if is_quantized(encoding)]
    if packed and not same_encoding and sums.cosine >= min(_floor(encoding) for encoding in packed):
        return Relation.QUANTIZED
    left = sums.count - sums.zeroed
    # Zeros of both were kept too, and are no evidence of it.
    if left and sums.zeroed >= limits.zeroed * sums.count and sums.kept >= limits.same * (left - sums.both_zero):
        return Relation.PRUNED
    return Relation.TUNED if is_related(sums.cosine, sums.count) else Relation.UNRELATED


def _floor(encoding: str) -> float:
    return next((least for start, least in thresholds().quantized.items() if encoding.startswith(start)), USUAL)
