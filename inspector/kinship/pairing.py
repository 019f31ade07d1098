"""Which tensor of the original each tensor of the suspect is nearest to: by name, by place, and where these fail by the numbers alone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.kinship.relation import Relation
from inspector.kinship.samples import Sample, by_name, by_place, compare_samples
from inspector.kinship.similarity import is_related, relate, thresholds
from inspector.kinship.sums import Sums

SURE = 0.5  # the cosine from which a pair of one name is not looked for anywhere else
CHUNK = 2_048  # samples whose cosines are computed at once
Floats = npt.NDArray[np.float32]
Turn = Callable[[Sample, Sample], tuple[Sample, Sums] | None]


@dataclass(frozen=True, slots=True)
class Match:
    """A tensor of the suspect, the nearest of the original, the sums over both, and the relation that these show."""

    suspect: Sample
    original: Sample | None
    sums: Sums
    relation: Relation


def match_tensors(suspects: Sequence[Sample], originals: Sequence[Sample], turn: Turn) -> tuple[Match, ...]:
    """Match every tensor of the suspect; `turn` reads one again with its rows in another order, where a container keeps them so."""
    names, places = by_name(originals), by_place(originals)
    matched: dict[str, Match] = {}
    for suspect in suspects:
        place = suspect.place
        candidate = names.get(suspect.name) or (places.get(place) if place is not None else None)
        if candidate is not None and (match := _hold(suspect, candidate, turn)) is not None:
            matched[suspect.name] = match
    lost = [item for item in suspects if item.name not in matched or _is_unsure(matched[item.name])]
    for suspect, original, cosine in _search(lost, originals):
        known = matched.get(suspect.name)
        if known is None or cosine > known.sums.cosine:
            sums = compare_samples(original, suspect)
            if sums is not None and is_related(sums.cosine, sums.count, vector=len(suspect.shape) < 2):
                matched[suspect.name] = Match(suspect, original, sums, relate(sums))
    return tuple(matched.get(item.name) or _nothing(item) for item in suspects)


def _hold(suspect: Sample, original: Sample, turn: Turn) -> Match | None:
    """Hold two tensors of one name or place against each other; None for shapes that have nothing in common."""
    sums = compare_samples(original, suspect)
    if sums is None:
        return None
    match = Match(suspect, original, sums, relate(sums))
    if sums.cosine < SURE and (turned := turn(suspect, original)) is not None:
        sample, other = turned
        if other.cosine > max(sums.cosine, thresholds().related):
            return Match(sample, original, other, relate(other))
    return match


def _is_unsure(match: Match) -> bool:
    return match.sums.cosine < SURE and match.relation in {Relation.UNRELATED, Relation.TUNED}


def _nothing(suspect: Sample) -> Match:
    return Match(suspect, None, Sums(suspect.encoding, suspect.encoding), Relation.UNRELATED)


def _search(suspects: Sequence[Sample], originals: Sequence[Sample]) -> Iterator[tuple[Sample, Sample, float]]:
    """Find for each suspect the original of the same shape whose numbers are nearest, with their cosine; constants are left out."""
    groups: dict[tuple[tuple[int, int], int], list[Sample]] = {}
    for sample in originals:
        groups.setdefault((sample.folded, sample.values.size), []).append(sample)
    asked: dict[tuple[tuple[int, int], int], list[Sample]] = {}
    for sample in suspects:
        if (sample.folded, sample.values.size) in groups:
            asked.setdefault((sample.folded, sample.values.size), []).append(sample)
    for key, wanted in asked.items():
        known, there = groups[key], _directions(groups[key])
        for start in range(0, len(wanted), CHUNK):
            some = wanted[start : start + CHUNK]
            cosines = _directions(some) @ there.T
            best = cosines.argmax(axis=1)
            for place, suspect in enumerate(some):
                yield suspect, known[int(best[place])], float(cosines[place, best[place]])


def _directions(samples: Sequence[Sample]) -> Floats:
    """Stack samples as rows of length one, each less its mean; a constant has no direction and is all zeros.

    Rows are scaled to at most one first: numbers near the largest of F32 or BF16 would have no sum and no length.
    """
    rows = np.nan_to_num(np.stack([sample.values.ravel().astype(np.float32) for sample in samples]), posinf=0, neginf=0)
    largest = np.abs(rows).max(axis=1, keepdims=True)
    rows /= np.where(largest > 0, largest, 1)
    rows -= rows.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    directions: Floats = np.where(lengths > 0, rows / np.where(lengths > 0, lengths, 1), 0).astype(np.float32)
    return directions
