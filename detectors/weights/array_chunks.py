"""Array chunks: whether the chunks of arrays are here.

What it sees: the grids that descriptions of arrays give, the arrays that checkpoints name, and the files below their directories.
What it says: which arrays have no chunk here, which have fewer than their grid, chunks of another size than the array's dtype and shape need,
and arrays that a checkpoint names and of which there is no description.
What it cannot know: whether a chunk that is not here was ever written: a reader takes the array's fill value for it, and writers leave out
chunks that hold nothing else. Missing chunks of parameters are called missing all the same, and those of an optimizer are only noted.
Source: the Zarr storage specifications, versions 2 and 3; TensorStore's `store_data_equal_to_fill_value`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import PurePosixPath

from inspector.beside import find_beside
from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Claim, Component, Evidence, FileRecord, Grid, Issue, Reference, Severity, Stored

MOST_LOCATIONS, MOST_CHUNKS = 50, 10_000
STORE = "manifest.ocdbt"
SPECS = frozenset({"tensorstore", "orbax"})
SETTLE = "Download the missing files, or ask whoever wrote the arrays whether chunks of zeros were left out."
PARTS = {(Component.PARAMETERS, Claim.MISSING), (Component.CHECKPOINTS, Claim.MISSING)}
STORED = {(component, Claim.REFERENCED) for component in (Component.PARAMETERS, Component.CHECKPOINTS)}


@dataclass(slots=True)
class Chunks:
    """An array's grid, where it was read, and the chunks that are here."""

    item: Evidence
    grid: Grid
    here: list[FileRecord] = field(default_factory=list)

    @property
    def wrong(self) -> bool:
        """Say whether a chunk has another size than its numbers need."""
        return self.grid.size is not None and any(record.size != self.grid.size for record in self.here)

    @property
    def absent(self) -> int:
        """Count the chunks that are not here."""
        return prod(self.grid.counts) - len(self.here)


@crosscheck("array-chunks", emits=PARTS | STORED)
def array_chunks(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold the grids against the files below the arrays' directories."""
    arrays: dict[tuple[str, str], Chunks] = {}
    for item in gathered.evidence:
        if isinstance(item.details, Grid):
            arrays[item.location.root, str(PurePosixPath(item.location.path).parent)] = Chunks(item, item.details)
    for record in gathered.files if arrays else ():
        _deal(record, arrays)
    for chunks in arrays.values():
        if chunks.here:
            files = tuple(record.path for record in chunks.here[:MOST_CHUNKS])
            size = sum(record.size for record in chunks.here[:MOST_CHUNKS])
            stored = Stored(files=files, size=size)
            yield Found(chunks.item.component, Claim.REFERENCED, "chunks", at=chunks.item.location, details=stored)
    yield from _judge(arrays)
    yield from _judge_names(gathered)


def _deal(record: FileRecord, arrays: Mapping[tuple[str, str], Chunks]) -> None:
    """Give a file to the array whose chunk its name says it is; an empty file is none."""
    parts = PurePosixPath(record.path).parts
    for depth in range(1, min(len(parts), 34) + 1):
        chunks = arrays.get((record.root, "/".join(parts[:-depth]) or "."))
        if chunks is not None:
            if record.size and record.format is None and _is_chunk("/".join(parts[-depth:]), chunks.grid):
                chunks.here.append(record)
            return


def _is_chunk(name: str, grid: Grid) -> bool:
    if grid.prefix:
        if name == grid.prefix:
            return not grid.counts
        if not name.startswith(grid.prefix + grid.joint):
            return False
        name = name[len(grid.prefix) + 1 :]
    numbers = name.split(grid.joint)
    if any(not word.isascii() or not word.isdigit() or len(word) > 19 for word in numbers):
        return False
    if not grid.counts:
        return name == "0" and not grid.prefix
    within = (int(word) < count for word, count in zip(numbers, grid.counts, strict=False))
    return len(numbers) == len(grid.counts) and all(within)


def _judge(arrays: Mapping[tuple[str, str], Chunks]) -> Iterator[Found | Issue]:
    """Say of each root and component once which arrays are not whole."""
    groups: dict[tuple[str, Component], list[Chunks]] = {}
    for (root, _), chunks in arrays.items():
        groups.setdefault((root, chunks.item.component), []).append(chunks)
    for (_, component), group in sorted(groups.items()):
        absent = [chunks for chunks in group if chunks.absent > 0]
        wrong = [chunks for chunks in group if chunks.wrong]
        nothing = not any(chunks.here for chunks in group)
        if nothing or component is Component.PARAMETERS:
            yield from (Found(component, Claim.MISSING, "chunks", at=chunks.item.location) for chunks in absent)
        yield from (Found(component, Claim.MISSING, "damaged", at=chunks.item.location) for chunks in wrong)
        if absent:
            message = (
                f"{sum(chunks.absent for chunks in absent):,} chunks of {len(absent)} arrays are not here: readers take zeros for them"
            )
            if nothing:
                message = f"no chunk of any of {len(absent)} arrays is here: there are descriptions without numbers"
            state = Severity.NOTE if component is Component.CHECKPOINTS else Severity.MEDIUM
            yield _issue("zarr.missing-chunks", Severity.HIGH if nothing else state, message, [chunks.item for chunks in absent])
        if wrong:
            message = "chunks that nothing packs have another size than their dtype and shape need"
            yield _issue("zarr.chunk-size", Severity.HIGH, message, [chunks.item for chunks in wrong])


def _judge_names(gathered: Gathered) -> Iterator[Found | Issue]:
    """Look for arrays that a checkpoint names and of which nothing describes any chunk."""
    here = {(record.root, record.path) for record in gathered.files}
    lost: dict[tuple[str, str], list[Evidence]] = {}
    for item in gathered.evidence:
        if item.detector in SPECS and isinstance(item.details, Reference) and item.details.kind == "file":
            root, target = item.location.root, item.details.target
            if (root, find_beside(item.location.path, STORE)) in here:
                continue  # metadata that says nothing of stores, beside one
            if not any((root, f"{target}/{name}") in here for name in (".zarray", "zarr.json")):
                lost.setdefault((root, item.location.path), []).append(item)
    for _, items in sorted(lost.items()):
        for item in items:
            yield Found(item.component, Claim.MISSING, "array", at=item.location, details=item.details)
        message = f"{len(items)} arrays that the checkpoint names are not here, or nothing describes them"
        yield _issue("tensorstore.missing-arrays", Severity.HIGH, message, items)


def _issue(rule: str, severity: Severity, message: str, items: list[Evidence]) -> Issue:
    places = tuple(item.location for item in items[:MOST_LOCATIONS])
    return Issue(rule=rule, severity=severity, message=message, locations=places, settle=SETTLE)
