"""What was read in one file: while it is gathered, and as a record that can be kept and read again under another root's name."""

from concurrent.futures import Future
from dataclasses import dataclass, field

from msgspec.structs import replace

from inspector.bundle import Entry
from inspector.licensing.statements import Statement
from inspector.model import Evidence, FileRecord, Frozen, Issue, Location, Problem
from inspector.uses import FileUses, Use


class Record(Frozen, frozen=True):
    """All that was read in a file, with every place in it; the root's name is left out, so that another bundle can use it."""

    size: int
    format: str | None
    evidence: tuple[Evidence, ...]
    issues: tuple[Issue, ...]
    problems: tuple[Problem, ...]
    uses: tuple[Use, ...] = ()


@dataclass(slots=True)
class Reading:
    """What a scan has gathered of one file. `lasting` says that the same bytes will always be read like this."""

    entry: Entry
    size: int
    format: str | None = None
    sha256: str | None = None
    evidence: list[Evidence] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    digest: Future[str] | None = None
    hashed: bool = False
    remembered: bool = False
    lasting: bool = True

    @property
    def place(self) -> Location:
        """The file as a location."""
        return Location(root=self.entry.root.name, path=self.entry.path)

    @property
    def file(self) -> FileRecord:
        """The file as the inventory lists it."""
        return FileRecord(root=self.entry.root.name, path=self.entry.path, size=self.size, sha256=self.sha256, format=self.format)

    @property
    def used(self) -> FileUses:
        """What the file uses of others."""
        return FileUses(root=self.entry.root.name, path=self.entry.path, uses=tuple(self.uses))

    def record(self) -> Record:
        """Give what is worth keeping, without the root's name."""
        return Record(
            size=self.size,
            format=self.format,
            evidence=tuple(replace(item, location=replace(item.location, root="")) for item in self.evidence),
            issues=tuple(replace(item, locations=_under(item.locations, "")) for item in self.issues),
            problems=tuple(replace(item, location=replace(item.location, root="")) for item in self.problems),
            uses=tuple(self.uses),
        )


def recall_reading(entry: Entry, record: Record, sha256: str | None) -> Reading:
    """Make a reading of a record that was kept, under the root that the file lies in now."""
    root = entry.root.name
    return Reading(
        entry,
        record.size,
        record.format,
        sha256,
        [replace(item, location=replace(item.location, root=root)) for item in record.evidence],
        [replace(item, locations=_under(item.locations, root)) for item in record.issues],
        [replace(item, location=replace(item.location, root=root)) for item in record.problems],
        list(record.uses),
        remembered=True,
    )


def _under(places: tuple[Location, ...], root: str) -> tuple[Location, ...]:
    return tuple(replace(place, root=root) for place in places)
