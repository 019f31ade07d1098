"""What is wrong with an archive whatever it holds: names that stand twice or lead elsewhere, bytes that belong to no member."""

from collections.abc import Iterable

from inspector.model import Severity
from inspector.sightings import Sightings


def judge_names(names: Iterable[str], sightings: Sightings) -> None:
    """Note names that stand twice, without regard to case, and names that lead out of the directory they are unpacked in."""
    seen: set[str] = set()
    for name in names:
        folded = name.casefold()
        if folded in seen:
            message = "a member stands twice: which of them counts depends on the reader"
            sightings.add("archive.duplicate-name", Severity.HIGH, message, name)
        seen.add(folded)
        if name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/"):
            sightings.add("archive.unsafe-name", Severity.HIGH, "a member's name leads out of the directory it is unpacked in", name)


def judge_gaps(gaps: Iterable[tuple[int, int]], sightings: Sightings) -> None:
    """Note ranges of bytes that belong to no member."""
    for begin, end in gaps:
        sightings.add("archive.gap", Severity.MEDIUM, "bytes between members belong to none of them", span=(begin, end))
