"""Files by directory, as many as a page can hold: the first directories, the first files of each, and how many more there are."""

from inspector.model import FileRecord, Frozen
from inspector.render.holdings import spell_bytes

MOST_DIRECTORIES = 300
MOST_FILES = 60
MOST_ROWS = 2000


class FileRow(Frozen, frozen=True):
    """A file below its directory."""

    name: str
    size: str
    format: str
    sha256: str


class Directory(Frozen, frozen=True):
    """A directory: the files that lie in it, those that are shown, and how many more there are."""

    name: str
    count: int
    size: str
    rows: tuple[FileRow, ...]
    more: int


class Directories(Frozen, frozen=True):
    """The directories that are shown, and how many more there are."""

    shown: tuple[Directory, ...]
    more: int


def list_directories(files: tuple[FileRecord, ...]) -> Directories:
    """Group files by the directory they lie in, in the order of names."""
    groups: dict[str, list[FileRecord]] = {}
    for record in files:
        groups.setdefault(f"{record.root}/{record.path}".rpartition("/")[0], []).append(record)
    shown, left = [], MOST_ROWS
    for name in sorted(groups)[:MOST_DIRECTORIES]:
        rows = groups[name][: min(MOST_FILES, left)]
        left -= len(rows)
        size = spell_bytes(sum(record.size for record in groups[name]))
        more = len(groups[name]) - len(rows)
        shown.append(Directory(name=name, count=len(groups[name]), size=size, rows=tuple(_row(record) for record in rows), more=more))
    return Directories(shown=tuple(shown), more=len(groups) - len(shown))


def _row(record: FileRecord) -> FileRow:
    return FileRow(
        name=record.path.rpartition("/")[2], size=spell_bytes(record.size), format=record.format or "", sha256=record.sha256 or ""
    )
