"""Files that act by where they stand or by what they are called: data in `standards/placed-files.toml`."""

import re
from fnmatch import fnmatchcase
from functools import cache

from inspector.model import Frozen, Severity
from inspector.pure_paths import pure_path
from inspector.tables import load_table

ESCAPED = re.compile(r"\\u(?:202[a-e]|206[0-9]|200[b-f]|feff|00ad)|\\U000e00[0-7][0-9a-f]|\\xad")
WORD = re.compile(r"[^\W\d_]+")
TURNS = re.compile(r"\\u(?:202[a-e]|206[6-9])")


class Placed(Frozen, frozen=True):
    """A kind of file by its name or path, how much it matters, why, and what must stand in it for that."""

    severity: Severity
    why: str
    names: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    needs: str = ""


class PlacedTable(Frozen, frozen=True):
    """The table."""

    acting: tuple[str, ...]
    acting_after_documents: tuple[str, ...]
    documents: tuple[str, ...]
    texts: tuple[str, ...]
    alike: str
    placed: tuple[Placed, ...]


@cache
def load_placed() -> PlacedTable:
    """Read the table."""
    return load_table("placed-files.toml", PlacedTable)


def find_placed(path: str) -> Placed | None:
    """Give the kind of file that a path is, if it is one."""
    folded = path.casefold()
    name = folded.rpartition("/")[2]
    for item in load_placed().placed:
        if name in item.names or any(fnmatchcase(folded, glob) or fnmatchcase(folded, f"*/{glob}") for glob in item.globs):
            return item
    return None


def pretends(path: str) -> bool:
    """Say whether a name has the suffix of data or a document before one that a system runs."""
    table, suffixes = load_placed(), [suffix.casefold().rstrip() for suffix in pure_path(path).suffixes]
    if len(suffixes) < 2:
        return False
    before, last = suffixes[-2], suffixes[-1]
    return (last in table.acting and before in (*table.documents, *table.texts)) or (
        last in table.acting_after_documents and before in table.documents
    )


def hides(path: str) -> Severity | None:
    """Say how much it matters that a path holds characters that do not show; the walk has written them as escapes.

    High for those that turn the direction of what follows, so that `gpj.exe` is shown as `exe.jpg`.
    """
    if TURNS.search(path):
        return Severity.HIGH
    return Severity.MEDIUM if ESCAPED.search(path) else None


@cache
def _alike() -> frozenset[str]:
    return frozenset(load_placed().alike.replace(" ", ""))


def imitates(path: str) -> bool:
    """Say whether a word of a path puts letters of another script, which look like Latin ones, among Latin letters."""
    return not path.isascii() and any(
        not _alike().isdisjoint(word) and any(letter.isascii() for letter in word) for word in WORD.findall(path)
    )
