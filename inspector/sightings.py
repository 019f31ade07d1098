"""Gather what is wrong with a file by rule, so that a file with a thousand bad tensors raises one issue and not a thousand."""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.model import Issue, Location, Severity, Span, Unit, printable

MOST = 50
LONGEST = 200


class Sightings:
    """Places in one file at which rules were broken; at most 50 are kept for each rule, all are counted."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._places: dict[tuple[str, Severity, str], list[Location]] = {}
        self._counts: dict[tuple[str, Severity, str], int] = {}

    def add(self, rule: str, severity: Severity, message: str, pointer: str | None = None, span: tuple[int, int] | None = None) -> None:
        """Note one place: a name in the file's structure, a range of bytes (half open), or both."""
        bytes_of = None if span is None else Span(*span, Unit.BYTES)
        shown = None if pointer is None else printable(pointer[:LONGEST])
        self.add_at(rule, severity, message, Location(root=self._file.root.name, path=self._file.path, span=bytes_of, pointer=shown))

    def add_at(self, rule: str, severity: Severity, message: str, place: Location) -> None:
        """Note one place that is known: one inside of the file."""
        key = (rule, severity, message)
        self._counts[key] = self._counts.get(key, 0) + 1
        places = self._places.setdefault(key, [])
        if len(places) < MOST:
            places.append(place)

    def issues(self, settle: str) -> Iterator[Issue]:
        """Make one issue of each rule and message, in the order in which they were first seen."""
        for key, places in self._places.items():
            rule, severity, message = key
            many = f" ({self._counts[key]} times)" if self._counts[key] > 1 else ""
            yield Issue(rule=rule, severity=severity, message=message + many, locations=tuple(places), settle=settle)
