"""How records are read: each for itself, within bounds; what breaks is a problem with its place, and a path that leads out is an issue."""

from collections.abc import Callable, Iterable, Iterator

from inspector.bundle import Entry
from inspector.errors import Malformed, TooLarge
from inspector.model import Issue, Location, Problem, Severity, Span, printable
from inspector.serialization.strict_json import Json, read_json_value
from inspector.verification.integrity import Said

LARGEST = 64 * 2**20
MOST_ROWS = 1_000_000


def read_each(entries: Iterable[Entry], read: Callable[[Entry], Iterator[Said]]) -> Iterator[Said]:
    """Read records one after another; one that breaks is a problem, and what it said before is kept."""
    for entry in entries:
        try:
            yield from read(entry)
        except (Malformed, OSError) as error:
            yield Problem(location=place(entry), reason=f"this record cannot be read: {printable(str(error))}")


def place(entry: Entry, line: int | None = None, pointer: str | None = None) -> Location:
    """Give the place of a record, or of a line (from 1) or a pointer in it."""
    span = None if line is None else Span(line, line)
    return Location(root=entry.root.name, path=entry.path, span=span, pointer=None if pointer is None else printable(pointer[:500]))


def read_bytes(entry: Entry, limit: int = LARGEST) -> bytes:
    """Read a whole record, at most `limit` bytes.

    Raises TooLarge beyond that, Malformed and OSError where it cannot be read.
    """
    with entry.open() as file:
        return file.whole(limit)


def read_lines(entry: Entry, limit: int = LARGEST) -> list[str]:
    """Read the lines of a record as UTF-8; raises as `read_bytes` does, and TooLarge beyond a million lines."""
    lines = read_bytes(entry, limit).decode("utf-8", "surrogateescape").split("\n")
    if len(lines) > MOST_ROWS:
        raise TooLarge(f"{len(lines)} lines, the limit is {MOST_ROWS}")
    return [line.removesuffix("\r") for line in lines]


def read_value(entry: Entry, limit: int = LARGEST) -> Json:
    """Read a record that is JSON, strictly; raises as `read_bytes` does."""
    with entry.open() as file:
        return read_json_value(file, limit)


def refuse_path(record: Location, name: str) -> Issue:
    """Say that a record names a path outside of its directory, and that nothing was looked at there."""
    return Issue(
        rule="verify.unsafe-path",
        severity=Severity.HIGH,
        message=f"a record names a path that leads out of its directory: {printable(name[:200])!r}; nothing was looked at there",
        locations=(record,),
        settle="Find out who wrote this record; programs that keep them never write such a path.",
    )
