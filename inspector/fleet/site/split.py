"""A number of bundles in parts that add up to it: a bar, and the table that says the same in numbers."""

from collections.abc import Mapping

from inspector.fleet.site.words import NO_REPORT, Word
from inspector.model import Frozen

WIDTH = 1000.0


class Part(Frozen, frozen=True):
    """A part: its word with its tone, how many bundles, and the words that find them on the page; where it stands in the bar, and how wide it is."""

    word: str
    tone: str
    count: int
    find: str
    left: float = 0.0
    width: float = 0.0


class Split(Frozen, frozen=True):
    """All parts, and what they add up to."""

    parts: tuple[Part, ...]
    total: int


def split(counts: Mapping[Word, int], total: int, field: str) -> Split:
    """Part bundles by words; those that have none are without a report. `field` is what is looked at to find a part."""
    words = {**counts, Word(text=NO_REPORT, tone="plain"): total - sum(counts.values())}
    parts, left = list[Part](), 0.0
    for word, count in words.items():
        if count:
            width = WIDTH * count / total
            parts.append(Part(word=word.text, tone=word.tone, count=count, find=f"{field}={word.text}", left=left, width=width))
            left += width
    return Split(parts=tuple(parts), total=total)
