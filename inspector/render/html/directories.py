"""Files by directory, as many as a page can hold: the first directories, the first files of each, and how many more there are."""

from collections import Counter
from html import escape

from inspector.model import FileRecord, Frozen
from inspector.render.holdings import spell_bytes
from inspector.render.html.evidence_tree import cut

MOST_DIRECTORIES = 1000
MOST_FILES = 300
MOST_CHARACTERS = 1_000_000  # of rows as they are written, so that names of many escapes make no page larger
ROW = 160  # characters of a row beside its name


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


class Tree(Frozen, frozen=True):
    """The directories below one directory at the top of a root, with their files and size together."""

    name: str
    count: int
    size: str
    directories: tuple[Directory, ...]


class Directories(Frozen, frozen=True):
    """The directories that are shown, and how many more there are."""

    trees: tuple[Tree, ...]
    more: int


def list_directories(files: tuple[FileRecord, ...]) -> Directories:
    """Group files by the directory they lie in, and these by the one at the top, in the order of names."""
    groups: dict[str, list[FileRecord]] = {}
    for record in files:
        groups.setdefault(f"{record.root}/{record.path}".rpartition("/")[0], []).append(record)
    trees: dict[str, list[Directory]] = {}
    sizes, counts, left = Counter[str](), Counter[str](), MOST_CHARACTERS
    for name in sorted(groups)[:MOST_DIRECTORIES]:
        records = groups[name]
        rows, left = _fill(records[:MOST_FILES], left)
        size, top = sum(record.size for record in records), "/".join(name.split("/")[:2])
        trees.setdefault(top, []).append(
            Directory(name=name, count=len(records), size=spell_bytes(size), rows=rows, more=len(records) - len(rows))
        )
        sizes[top] += size
        counts[top] += len(records)
    told = (Tree(name=name, count=counts[name], size=spell_bytes(sizes[name]), directories=tuple(found)) for name, found in trees.items())
    return Directories(trees=tuple(told), more=max(len(groups) - MOST_DIRECTORIES, 0))


def _fill(records: list[FileRecord], left: int) -> tuple[tuple[FileRow, ...], int]:
    """Write rows while there are characters left, and give how many are left then."""
    rows = []
    for record in records:
        row = _row(record)
        left -= ROW + len(escape(row.name))
        if left < 0:
            break
        rows.append(row)
    return tuple(rows), left


def _row(record: FileRecord) -> FileRow:
    return FileRow(
        name=cut(record.path.rpartition("/")[2]), size=spell_bytes(record.size), format=record.format or "", sha256=record.sha256 or ""
    )
