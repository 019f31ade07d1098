"""What pairs show of whole layers: dropped, repeated, moved, added; and rows added to an embedding."""

from collections import Counter
from collections.abc import Iterable, Iterator

from inspector.kinship.pairing import Match
from inspector.kinship.relation import Relation
from inspector.kinship.samples import Sample


def tell_layers(matches: Iterable[Match], originals: Iterable[Sample]) -> tuple[str, ...]:
    """Say in sentences what became of the original's layers; nothing where each is where it was."""
    votes: dict[int, Counter[int]] = {}
    for match in matches:
        here = match.suspect.layer
        there = match.original.layer if match.original is not None and match.relation is not Relation.UNRELATED else None
        if here is not None:
            votes.setdefault(here, Counter())
            if there is not None and len(match.suspect.shape) > 1:
                votes[here][there] += 1
    known = sorted({layer for sample in originals if (layer := sample.layer) is not None})
    origin = {here: counter.most_common(1)[0][0] for here, counter in sorted(votes.items()) if counter}
    return tuple(_sentences(origin, known, sorted(votes))) if origin else ()


def _sentences(origin: dict[int, int], known: list[int], here: list[int]) -> Iterator[str]:
    used = list(origin.values())
    if dropped := [layer for layer in known if layer not in used]:
        yield f"of the original's {len(known)} layers {_numbers(dropped)} {'is' if len(dropped) == 1 else 'are'} not here"
    if repeated := sorted(layer for layer, times in Counter(used).items() if times > 1):
        yield f"of the original's layers {_numbers(repeated)} {'is' if len(repeated) == 1 else 'are'} here more than once"
    if used != sorted(used):
        yield "layers stand in another order than in the original"
    if added := [layer for layer in here if layer not in origin]:
        yield f"of the suspect's layers {_numbers(added)} {'is' if len(added) == 1 else 'are'} like none of the original"


def _numbers(layers: list[int]) -> str:
    """Write numbers, those that follow each other as a range."""
    runs: list[list[int]] = []
    for layer in layers:
        if runs and runs[-1][1] == layer - 1:
            runs[-1][1] = layer
        else:
            runs.append([layer, layer])
    return ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in runs)


def tell_rows(matches: Iterable[Match]) -> tuple[str, ...]:
    """Say which matched tensors have more, or fewer, rows than those of the original."""
    told: list[str] = []
    for match in matches:
        if match.original is not None and match.relation is not Relation.UNRELATED and match.suspect.folded[0] != match.original.folded[0]:
            more = match.suspect.folded[0] - match.original.folded[0]
            told.append(f"{match.suspect.name} has {abs(more):,} {'more' if more > 0 else 'fewer'} rows than {match.original.name}")
    return tuple(told)
