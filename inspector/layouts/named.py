"""Plain directories that a program or a library arranges in its own way: named by their key files, or by the store that they lie in.

They are walked as they are. What their place tells (publisher, version) is as good as the names of directories are.
Source: `standards/layouts.toml`; LM Studio's documentation, "Import Models"; kagglehub's cache; modelscope's download records.
"""

import re
from collections.abc import Set as AbstractSet
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import msgspec

from inspector.bundle import Root
from inspector.bundle.directories import Listing, list_directory
from inspector.bundle.roots import first_line
from inspector.model import RootRecord, printable
from inspector.tables import load_table

SPECIAL = frozenset("*?[")
STUDIOS = frozenset({".lmstudio", "lm-studio"})
MODELSCOPE_RECORDS = frozenset({".msc", ".mv", ".mdl"})
REVISION = re.compile(r"Revision:([\w./-]{1,100})")


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A layout by its key files: all of some patterns, and none of others."""

    id: str
    all: tuple[str, ...]
    source: str
    without: tuple[str, ...] = ()


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The layouts in the order in which they are tried."""

    layout: tuple[Layout, ...]


@cache
def _layouts() -> tuple[Layout, ...]:
    return load_table("layouts.toml", Table).layout


def name_layout(listing: Listing) -> str:
    """Name the layout of a directory by the files at its top."""
    names = frozenset(name.casefold() for name in listing.files)
    for layout in _layouts():
        if all(_has(names, glob) for glob in layout.all) and not any(_has(names, glob) for glob in layout.without):
            return layout.id
    return "directory"


def _has(names: AbstractSet[str], glob: str) -> bool:
    return any(fnmatchcase(name, glob) for name in names) if SPECIAL & set(glob) else glob in names


def name_root(root: Root) -> Root:
    """Give a plain directory the name of its layout, with the origin and revision that its place tells."""
    if root.record.layout != "directory":
        return root
    listing = list_directory(root.top)
    told = _tell_studio(root.top) or _tell_kaggle(root.top) or _tell_modelscope(root.top, listing)
    layout, origin, revision = told or (name_layout(listing), None, None)
    record: RootRecord = msgspec.structs.replace(root.record, layout=layout, origin=origin, revision=revision)
    return replace(root, record=record)


Told = tuple[str, str | None, str | None]


def _tell_studio(top: Path) -> Told | None:
    """Recognise PUBLISHER/MODEL below LM Studio's `models`."""
    studio = len(top.parts) > 4 and top.parts[-3] == "models" and top.parts[-4] in STUDIOS
    return ("lm-studio", printable("/".join(top.parts[-2:])), None) if studio else None


def _tell_kaggle(top: Path) -> Told | None:
    """Recognise a version by the marker that kagglehub leaves beside it."""
    if not (top.parent / f"{top.name}.complete").is_file():
        return None
    return "kagglehub", printable(name_kaggle(top.parent)), printable(top.name)


def name_kaggle(above: Path) -> str:
    """Spell what a directory of versions is of: the names below `kagglehub/models`, or its own name."""
    parts = above.parts
    start = len(parts) - parts[::-1].index("kagglehub") + 1 if "kagglehub" in parts else len(parts) - 1
    return "/".join(parts[start:])


def _tell_modelscope(top: Path, listing: Listing) -> Told | None:
    """Recognise a download by its records: the revision is text, the others are pickles, which nobody here loads."""
    if not MODELSCOPE_RECORDS & set(listing.files):
        return None
    revision = REVISION.match(first_line(top / ".mv") or "")
    return "modelscope", printable("/".join(top.parts[-2:])), revision[1] if revision else None
