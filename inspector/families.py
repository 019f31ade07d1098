"""Families of models: by what names, sizes and tokenizers they are known, and the terms that come down from upstream.

The table is `standards/families.toml`. A name is a claim that somebody made; sizes and a tokenizer are shared by models that were trained from
scratch, and never more than a question.
"""

import re
from collections.abc import Iterator
from functools import cache

from inspector.errors import DataError
from inspector.model import Frozen
from inspector.tables import load_table

LONGEST = 300
OTHER = re.compile(r"[^a-z0-9.]+")


class Family(Frozen, frozen=True):
    """A family: how its members are called and built, its terms by id, and whether and where they ask to be kept by derivatives.

    `shapes` are rows of hidden size, layers, attention heads and vocabulary; `tokenizers` are SHA-256 digests of files.
    """

    id: str
    title: str
    publisher: str
    since: str
    names: tuple[str, ...]
    terms: str
    unless: tuple[str, ...] = ()
    architectures: tuple[str, ...] = ()
    gguf: tuple[str, ...] = ()
    shapes: tuple[tuple[int, int, int, int], ...] = ()
    tokenizers: tuple[str, ...] = ()
    flows_down: bool = False
    clause: str = ""
    parent: str = ""


class FamilyTable(Frozen, frozen=True):
    """The contents of `standards/families.toml`."""

    family: tuple[Family, ...]


@cache
def load_families() -> tuple[Family, ...]:
    """Read the table once.

    Raises DataError for an id that stands twice, a parent that is no family, or terms that flow down by no clause.
    """
    families = load_table("families.toml", FamilyTable).family
    ids = [family.id for family in families]
    for family in families:
        if ids.count(family.id) > 1 or (family.parent and family.parent not in ids):
            raise DataError(f"families.toml: {family.id}: the id stands twice, or its parent {family.parent!r} is none")
        if family.flows_down != bool(family.clause):
            raise DataError(f"families.toml: {family.id}: terms that flow down name the clause, and others none")
    return families


def fold_model(text: str) -> str:
    """Reduce an id, an address or a name to its last part in lower case, with `-` for runs of other characters than letters, digits and dots."""
    last = text.strip()[:LONGEST].rstrip("/").removesuffix(".git").rpartition("/")[2]
    return OTHER.sub("-", last.casefold()).strip("-")


def find_family(name: str) -> Family | None:
    """Find the family that a name claims to be of; the special before the general."""
    folded = fold_model(name)
    return next((family for family in load_families() if _matches(family.names, folded) and not _matches(family.unless, folded)), None)


def trace_family(family: Family) -> Iterator[Family]:
    """List a family and those it was made from, the nearest first."""
    by_id = {item.id: item for item in load_families()}
    yield family
    while family.parent:
        family = by_id[family.parent]
        yield family


def find_shaped(hidden: int, layers: int, heads: int, vocabulary: int) -> tuple[Family, ...]:
    """List the families that have a member of these sizes."""
    return tuple(family for family in load_families() if (hidden, layers, heads, vocabulary) in family.shapes)


def find_tokenizer(sha256: str) -> tuple[Family, ...]:
    """List the families that ship a tokenizer with this digest."""
    return tuple(family for family in load_families() if sha256 in family.tokenizers)


def _matches(patterns: tuple[str, ...], folded: str) -> bool:
    return bool(patterns) and _compiled(patterns).search(folded) is not None


@cache
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:^|-)(?:{'|'.join(patterns)})(?:-|$)")
