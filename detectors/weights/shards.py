"""Shard indexes: which file holds which tensor, and whether all of them are here.

What it sees: JSON files named `.index.json` with a `weight_map`; and, over all files, parts of models by index or by names like
`-00001-of-00003`.
What it says: which files the index names, each with the first tensor it promises; which parts are missing or could not be read as weights;
how many bytes the index says that the tensors have, and whether they do; parts beside an index that it does not name, and numbers above the
count that names announce.
What it cannot know: whether a part that is here is the right one; how many parts there should be where no name and no index says so.
Source: the index files of transformers and diffusers; the split names of llama.cpp.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

import msgspec

from inspector.bundle import File
from inspector.decoding import decode_json
from inspector.detector import Format, Found, Gathered, Said, Wants, crosscheck, detector
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.model import Certainty, Claim, Component, Issue, Location, Reference, Severity, printable
from inspector.sightings import Sightings
from inspector.weights.shard_names import Series, read_part

LARGEST_INDEX = 64 * 2**20
MOST_SHARDS = 10_000
MOST_NAMED = 1000
MOST_LOCATIONS = 50
PRESENT = ((Component.PARAMETERS, Claim.PRESENT), (Component.CHECKPOINTS, Claim.PRESENT))
NAMED = (*PRESENT, (Component.PARAMETERS, Claim.MISSING), (Component.CHECKPOINTS, Claim.MISSING))
INDEX = "shard-index"
SPLIT = "gguf-split"
TOTAL = "/metadata/total_size"
LARGEST_TOTAL = 1 << 60
SETTLE = "Download the missing files, and inspect again."


class Totals(msgspec.Struct):
    """What an index says of all its files together: how many bytes the tensors have."""

    total_size: object = None


class Index(msgspec.Struct):
    """The fields of an index that are needed."""

    weight_map: dict[str, str]
    metadata: Totals | None = None


@detector(
    INDEX,
    wants=Wants(suffixes=(".index.json",), globs=("*.safetensors.index.*.json", "*.bin.index.*.json")),
    formats=(INDEX,),
    emits={(Component.PARAMETERS, Claim.REFERENCED)},
)
def shard_index(file: File) -> Iterator[Said]:
    """List the files that an index names."""
    if is_pointer(file):
        return
    data = file.whole(LARGEST_INDEX)
    if b'"weight_map"' not in data:
        return
    yield Format(INDEX)
    try:
        index = decode_json(data, Index)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"no shard index: {str(error)[:200]}") from error
    first: dict[str, str] = {}
    for tensor, shard in index.weight_map.items():
        first.setdefault(shard, tensor)
    if len(first) > MOST_SHARDS:
        raise Malformed(f"an index of {len(first)} files, the limit is {MOST_SHARDS}")
    sightings = Sightings(file)
    for shard, tensor in sorted(first.items()):
        pointer = _pointer(tensor)
        if _is_unsafe(shard):
            sightings.add("shards.unsafe-name", Severity.HIGH, "the index names a file outside of its directory", pointer)
            continue
        target = str(PurePosixPath(file.path).parent / shard)
        yield Found(
            Component.PARAMETERS,
            Claim.REFERENCED,
            printable(shard[:500]),
            pointer=pointer,
            details=Reference(kind="file", target=printable(target[:1000])),
        )
    yield from _say_total(index)
    yield from sightings.issues("Make the index name plain files beside it.")


def _say_total(index: Index) -> Iterator[Found]:
    """Give the size that an index announces; some writers make it a float."""
    total = index.metadata.total_size if index.metadata else None
    if isinstance(total, int | float) and not isinstance(total, bool) and 0 < total < LARGEST_TOTAL:
        yield Found(Component.PARAMETERS, Claim.REFERENCED, f"{int(total)} bytes of tensors", pointer=TOTAL)


def _pointer(tensor: str) -> str:
    return printable("/weight_map/" + tensor[:200].replace("~", "~0").replace("/", "~1"))


def _is_unsafe(shard: str) -> bool:
    path = PurePosixPath(shard)
    return not shard or len(shard) > 500 or path.is_absolute() or ".." in path.parts or "\\" in shard or not shard.isprintable()


@crosscheck("shards", emits={(Component.PARAMETERS, Claim.MISSING)})
def shards(gathered: Gathered) -> Iterator[Found | Issue]:
    """Compare the parts that an index or a part's own name announces with the parts that were read as weights."""
    present = {(root, _file_of(path)) for root, path in gathered.by_file(*PRESENT)} | _headers(gathered)
    indexed: set[tuple[str, str]] = set()
    for (root, _), items in gathered.by_file((Component.PARAMETERS, Claim.REFERENCED)).items():
        missing: dict[str, Location] = {}
        for item in items:
            if item.detector == INDEX and isinstance(item.details, Reference):
                indexed.add((root, item.details.target))
                if (root, item.details.target) not in present:
                    missing[item.value] = item.location
        yield from _say_missing(missing, sum(item.details is not None for item in items))
    for (root, directory, series), (numbers, any_path) in _series(gathered).items():
        start = 0 if 0 in numbers else 1
        if any((root, str(PurePosixPath(directory) / series.name(number))) in indexed for number in numbers):
            continue
        absent = {
            series.name(number): Location(root=root, path=any_path, pointer=series.name(number))
            for number in range(start, start + min(series.count, MOST_SHARDS))
            if (root, str(PurePosixPath(directory) / series.name(number))) not in present
        }
        yield from _say_missing(absent, series.count)


def _headers(gathered: Gathered) -> set[tuple[str, str]]:
    """List the parts of split models that hold metadata: the first one may hold no tensor."""
    return {(item.location.root, item.location.path) for item in gathered.evidence if item.value == SPLIT}


def _file_of(path: str) -> str:
    """Leave out the member of an archive."""
    return path.partition("!/")[0]


def _series(gathered: Gathered) -> dict[tuple[str, str, Series], tuple[set[int], str]]:
    """Group what looks like parts of one model: the numbers that are here, and the path of the first of them."""
    groups: dict[tuple[str, str, Series], tuple[set[int], str]] = {}
    for root, path in sorted({*gathered.by_file(*NAMED), *_headers(gathered)}):
        pure = PurePosixPath(_file_of(path))
        if (part := read_part(pure.name)) is not None:
            numbers, _ = groups.setdefault((root, str(pure.parent), part[0]), (set(), str(pure)))
            numbers.add(part[1])
    return groups


def _say_missing(missing: dict[str, Location], count: int) -> Iterator[Found | Issue]:
    """Say of each part that it is missing, and of all of them once that the model is not complete."""
    for name in sorted(missing)[:MOST_NAMED]:
        reference = Reference(kind="file", target=str(PurePosixPath(missing[name].path).parent / name))
        yield Found(Component.PARAMETERS, Claim.MISSING, name, Certainty.READ, at=missing[name], details=reference)
    if not missing:
        return
    more = " or more" if count > MOST_SHARDS else ""
    yield Issue(
        rule="shards.missing",
        severity=Severity.HIGH,
        message=f"{len(missing)}{more} of {count} parts of the weights are not here, or could not be read as weights",
        locations=tuple(missing[name] for name in sorted(missing)[:MOST_LOCATIONS]),
        settle=SETTLE,
    )
