"""Split GGUF: whether the parts of a model say the same of it.

What it sees: the numbers that the parts of a GGUF model which is split over files give in their headers.
What it says: an issue where parts of one directory and name disagree on how many they are, where a part has another number than its name
says, and where all parts are here and hold more or fewer tensors than announced.
What it cannot know: whether a part belongs to the same model as the others.
Source: the split keys of llama.cpp (`split.no`, `split.count`, `split.tensors.count`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Evidence, Issue, Location, Severity, Sizes
from inspector.weights.shard_names import Series, read_part

SPLIT = "gguf-split"
MOST_LOCATIONS = 50
SETTLE = "Fetch all parts again from one revision of their origin."


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its number by its name (from 1), where its header says which it is, and the numbers there."""

    named: int
    location: Location
    numbers: dict[str, int]


@crosscheck("gguf-splits")
def gguf_splits(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold the parts of each split GGUF model against one another."""
    for series, parts in sorted(_series(gathered).items()):
        yield from _judge(series[2], parts)


def _series(gathered: Gathered) -> dict[tuple[str, str, Series], list[Part]]:
    groups: dict[tuple[str, str, Series], list[Part]] = {}
    for item in gathered.evidence:
        if (part := _read(item)) is not None:
            series, place = part
            pure = PurePosixPath(item.location.path)
            groups.setdefault((item.location.root, str(pure.parent), series), []).append(place)
    return groups


def _read(item: Evidence) -> tuple[Series, Part] | None:
    if item.value != SPLIT or not isinstance(item.details, Sizes):
        return None
    named = read_part(PurePosixPath(item.location.path).name)
    numbers = {size.name: size.number for size in item.details.sizes}
    return None if named is None else (named[0], Part(named[1], item.location, numbers))


def _judge(series: Series, parts: list[Part]) -> Iterator[Issue]:
    wrong = [part for part in parts if part.numbers.get("split.count") != series.count]
    if wrong:
        yield _issue("gguf.split-count", f"parts do not say that they are of {series.count}, as their names do", wrong)
    wrong = [part for part in parts if part.numbers.get("split.no", part.named - 1) != part.named - 1]
    if wrong:
        yield _issue("gguf.split-number", "a part has another number than its name says", wrong)
    announced = {part.numbers["split.tensors.count"] for part in parts if "split.tensors.count" in part.numbers}
    held = sum(part.numbers["tensors"] for part in parts)
    if len(parts) == series.count and announced and announced != {held}:
        numbers = ", ".join(map(str, sorted(announced)))
        yield _issue("gguf.split-tensors", f"the parts hold {held} tensors, their headers announce {numbers}", parts)


def _issue(rule: str, message: str, parts: list[Part]) -> Issue:
    places = tuple(part.location for part in parts)[:MOST_LOCATIONS]
    return Issue(rule=rule, severity=Severity.HIGH, message=message, locations=places, settle=SETTLE)
