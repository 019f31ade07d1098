"""Two models held against each other: the relation of every tensor, and of the whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import msgspec
import numpy as np

from inspector.kinship.layers import tell_layers, tell_rows
from inspector.kinship.low_rank import find_rank
from inspector.kinship.pairing import Match, match_tensors
from inspector.kinship.relation import Kinship, Pair, Relation, Whole
from inspector.kinship.samples import Sample, read_at
from inspector.kinship.similarity import relate, thresholds
from inspector.kinship.sums import Sums
from inspector.kinship.turned_rows import turner
from inspector.model import Count
from inspector.tensors.weights import OpenFiles

MOST_RANKS = 400  # changed matrices whose change is decomposed
PIECE = 1 << 22  # elements that are held at once when all are compared
CHANGED = (Relation.TUNED, Relation.MERGED, Relation.PRUNED, Relation.QUANTIZED, Relation.CAST)
WHOLES = {
    Relation.TUNED: Whole.TUNED,
    Relation.MERGED: Whole.MERGED,
    Relation.PRUNED: Whole.PRUNED,
    Relation.QUANTIZED: Whole.QUANTIZED,
    Relation.CAST: Whole.CAST,
}
Progress = Callable[[int, int], None]


def unwatched(_done: int, _total: int) -> None:
    """Hear of progress and do nothing."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two models: its name, samples of its tensors, the names of tensors that cannot be read, and how it is packed: container and files."""

    name: str
    samples: tuple[Sample, ...]
    unread: tuple[str, ...] = ()
    packing: tuple[str, ...] = ()


def relate_models(suspect: Side, original: Side, files: OpenFiles, *, exact: bool = False, watch: Progress = unwatched) -> Kinship:
    """Hold a suspect against an original."""
    matches = match_tensors(suspect.samples, original.samples, turner(files))
    if exact:
        matches = _compare_fully(matches, files, watch)
    pairs = _rank_changes([_pair(match) for match in matches], matches, files)
    used = {pair.original for pair in pairs if pair.relation is not Relation.UNRELATED}
    notes = (*tell_layers(matches, original.samples), *tell_rows(matches))
    unread = ((suspect, "the suspect"), (original, "the original"))
    if any(sample.held is None for sample in original.samples):
        notes += ("the original is a fingerprint: a merged adapter cannot be told from other training",)
    notes += tuple(f"{len(side.unread)} tensors of {word} are in encodings that cannot be read" for side, word in unread if side.unread)
    weighed = [(pair, sample.elements) for pair, sample in zip(pairs, suspect.samples, strict=True) if not pair.trivial]
    cosines = [pair.cosine for pair, _ in weighed if len(pair.shape) > 1 and pair.relation is not Relation.UNRELATED]
    return Kinship(
        whole=_judge(weighed, suspect, original, bool(tell_layers(matches, original.samples)), bool(tell_rows(matches))),
        suspect=suspect.name,
        original=original.name,
        elements=sum(sample.elements for sample in suspect.samples),
        original_elements=sum(sample.elements for sample in original.samples),
        shares=_shares(weighed),
        median_cosine=round(median(cosines), 6) if cosines else 0.0,
        pairs=tuple(pairs),
        left_out=tuple(sample.name for sample in original.samples if sample.name not in used),
        notes=notes,
        exact=exact,
    )


def _pair(match: Match) -> Pair:
    original, sums = match.original, match.sums
    return Pair(
        name=match.suspect.name,
        original=original.name if original is not None else "",
        relation=match.relation,
        encoding=match.suspect.encoding,
        original_encoding=original.encoding if original is not None else "",
        shape=match.suspect.shape,
        original_shape=original.shape if original is not None else (),
        compared=sums.count,
        equal=round(sums.equal, 6),
        cosine=round(sums.cosine, 6),
        difference=round(sums.difference, 6),
        trivial=match.suspect.values.size < 2 or bool((match.suspect.values == match.suspect.values.flat[0]).all()),
    )


def _rank_changes(pairs: list[Pair], matches: Sequence[Match], files: OpenFiles) -> list[Pair]:
    """Look for low rank in the changes of matrices; where there are very many, in some that are spread over the model."""
    changed = [
        place
        for place, match in enumerate(matches)
        if match.relation is Relation.TUNED and len(match.suspect.shape) > 1 and match.original is not None
    ]
    for place in changed[:: max(1, -(-len(changed) // MOST_RANKS))]:
        match = matches[place]
        if match.original is not None and (rank := find_rank(match.original, match.suspect, files)) is not None:
            pairs[place] = msgspec.structs.replace(pairs[place], relation=Relation.MERGED, rank=rank)
    return pairs


def _compare_fully(matches: Sequence[Match], files: OpenFiles, watch: Progress) -> tuple[Match, ...]:
    told: list[Match] = []
    for match in matches:
        watch(len(told), len(matches))
        told.append(_compare_all(match, files))
    watch(len(told), len(matches))
    return tuple(told)


def _compare_all(match: Match, files: OpenFiles) -> Match:
    """Compare all numbers of two tensors of one shape, a piece at a time; what cannot be read keeps what the sample said."""
    original, suspect = match.original, match.suspect
    if original is None or original.held is None or suspect.held is None or original.folded != suspect.folded:
        return match
    sums, (rows, columns) = Sums(original.encoding, suspect.encoding), original.folded
    step, across = max(1, PIECE // columns), np.arange(columns)
    for start in range(0, rows, step):
        down = np.arange(start, min(rows, start + step))
        first = read_at(original.held, files, down, across)
        second = read_at(suspect.held, files, suspect.order.find(down) if suspect.order else down, across)
        if first is None or second is None:
            return match
        sums.add(first.ravel(), second.ravel())
    return Match(suspect, original, sums, relate(sums))


def _shares(weighed: Sequence[tuple[Pair, int]]) -> tuple[Count, ...]:
    total = sum(elements for _, elements in weighed)
    sums = {relation: sum(elements for pair, elements in weighed if pair.relation is relation) for relation in Relation}
    return tuple(Count(relation.value, round(1000 * elements / total)) for relation, elements in sums.items() if elements)


def _judge(weighed: Sequence[tuple[Pair, int]], suspect: Side, original: Side, layers: bool, rows: bool) -> Whole:
    """Choose the relation of the whole: the farthest that a notable share of the elements has."""
    limits, total = thresholds(), sum(elements for _, elements in weighed)
    if not total:
        return Whole.UNRELATED
    sums = {relation: sum(elements for pair, elements in weighed if pair.relation is relation) / total for relation in Relation}
    related = 1 - sums[Relation.UNRELATED]
    if related < limits.some:
        return Whole.UNRELATED
    if sums[Relation.MERGED] >= sums[Relation.TUNED]:
        sums[Relation.MERGED] += sums[Relation.TUNED]
        sums[Relation.TUNED] = 0.0
    farthest = next((relation for relation in CHANGED if sums[relation] >= limits.changed), Relation.IDENTICAL)
    kept = farthest in {Relation.IDENTICAL, Relation.CAST, Relation.QUANTIZED}
    if related < limits.most or (layers and kept):
        return Whole.SHARES
    if rows and kept:
        return Whole.EXTENDED
    if farthest is not Relation.IDENTICAL:
        return WHOLES[farthest]
    same_names = {sample.name for sample in suspect.samples} == {sample.name for sample in original.samples}
    return Whole.IDENTICAL if same_names and suspect.packing == original.packing else Whole.REPACKED
