"""Shard totals: whether the parts of a model are those that its index and their own names announce, no more and no other.

What it sees: indexes of shards with the size they announce, and the headers of the parts that they name; over all files.
What it says: that the tensors of the parts have another number of bytes than the index says; parts of the same name beside an index that it
does not name; parts whose number is above the count that their own names announce.
What it cannot know: which of the two is right. Some writers count tensors that share their numbers twice.
Source: the index files of transformers and diffusers, whose `total_size` is the sum of the tensors' bytes.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from detectors.weights.shards import INDEX, PRESENT, TOTAL
from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Evidence, Issue, Location, Reference, Severity, Weights
from inspector.pickles.symbols import SIZES
from inspector.weights.shard_names import read_part

MOST_LOCATIONS = 50
Place = tuple[str, str]
SETTLE = "Fetch the index and all of its parts again from one revision, and remove what belongs to another."


@crosscheck("shard-totals")
def shard_totals(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold the tensors of the parts against the total of their index, and names of parts against indexes and counts."""
    held = gathered.by_file(*PRESENT)
    groups: dict[Place, list[Evidence]] = {}
    for item in gathered.evidence:
        if item.detector == INDEX:
            groups.setdefault((item.location.root, item.location.path), []).append(item)
    named = {place: _targets(items) for place, items in groups.items()}
    for place, items in groups.items():
        yield from _judge_total(items, [held.get((place[0], target), ()) for target in named[place]])
    yield from _judge_extra(sorted({(root, path.partition("!/")[0]) for root, path in held}), named)


def _targets(items: list[Evidence]) -> frozenset[str]:
    return frozenset(item.details.target for item in items if isinstance(item.details, Reference))


def _judge_total(items: list[Evidence], parts: list[tuple[Evidence, ...]]) -> Iterator[Issue]:
    totals = [item for item in items if item.location.pointer == TOTAL]
    sizes = [_bytes_of(part) for part in parts]
    known = [size for size in sizes if size is not None]
    if not totals or len(known) < len(sizes):
        return  # a part that is not here is an issue of its own
    said, here = int(totals[0].value.partition(" ")[0]), sum(known)
    if said != here:
        fewer = here < said
        message = f"the index announces {said:,} bytes of tensors, its parts have {here:,}"
        severity = Severity.MEDIUM if fewer else Severity.LOW
        yield Issue(rule="shards.total-size", severity=severity, message=message, locations=(totals[0].location,), settle=SETTLE)


def _bytes_of(part: tuple[Evidence, ...]) -> int | None:
    """Add up the bytes of a part's tensors; `None` where it is not here, or has a dtype whose elements are no whole bytes."""
    weights = [item.details for item in part if isinstance(item.details, Weights)]
    dtypes = [count for item in weights for count in item.dtypes]
    if not weights or any(count.name not in SIZES for count in dtypes):
        return None
    return sum(count.number * SIZES[count.name] for count in dtypes)


def _judge_extra(places: list[Place], named: dict[Place, frozenset[str]]) -> Iterator[Issue]:
    """Look for parts that no index of their directory names, though it names others of their kind, and for numbers above the count."""
    indexed = {(root, target) for (root, _), targets in named.items() for target in targets}
    kinds = {(root, _kind_of(target)) for root, target in indexed} - {(root, None) for root, _ in indexed}
    beside, above = list[Location](), list[Location]()
    for root, path in places:
        part = read_part(PurePosixPath(path).name)
        if part is None or (root, path) in indexed:
            continue
        if (root, _kind_of(path)) in kinds:
            beside.append(Location(root=root, path=path))
        elif part[1] > part[0].count:
            above.append(Location(root=root, path=path))
    for locations, what in ((beside, "parts beside an index that does not name them"), (above, "parts with a number above their count")):
        if locations:
            message = f"{len(locations)} {what}: a program that loads all files of the directory reads them too"
            yield Issue(
                rule="shards.extra", severity=Severity.MEDIUM, message=message, locations=tuple(locations[:MOST_LOCATIONS]), settle=SETTLE
            )


def _kind_of(path: str) -> tuple[str, str, str] | None:
    """Give what the names of all parts of one model in one directory have in common, but for the count."""
    pure = PurePosixPath(path)
    part = read_part(pure.name)
    return None if part is None else (str(pure.parent), part[0].before, part[0].after)
