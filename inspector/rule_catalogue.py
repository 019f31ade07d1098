"""The rules: what each issue means, how much it can matter, and what it is about. Data in `standards/rules/`, one file a family.

An id is `family.what-is-wrong`, and its family names the file. `*.what-is-wrong` in `any.toml` is what formats share that say it in the same way.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from inspector.errors import DataError
from inspector.model import Frozen, Severity
from inspector.tables import list_shipped, load_table

DIRECTORY = "rules"
SHARED = "any"
ID = re.compile(r"(?:\*|[a-z0-9]+(?:-[a-z0-9]+)*)\.[a-z0-9]+(?:-[a-z0-9]+)*")
SEVEREST_FIRST = tuple(Severity)


class Subject(StrEnum):
    """What a rule is about."""

    INTEGRITY = "integrity"  # the file is not what its format, or what is beside it, says
    SAFETY = "safety"  # to load, open or unpack it can act, read or write elsewhere
    TERMS = "terms"
    DOCUMENTATION = "documentation"
    LINEAGE = "lineage"


class RuleEntry(Frozen, frozen=True):
    """A rule: its id, its title, the highest severity it may have, what it is about, why it matters, where that is known from.

    `unread` says that an issue of it means: something here was not looked into.
    """

    id: str
    title: str
    severity: Severity
    about: Subject
    why: str
    references: tuple[str, ...] = ()
    unread: bool = False


class RuleFile(Frozen, frozen=True):
    """The rules of one family."""

    rule: tuple[RuleEntry, ...]


class RuleCatalogue:
    """All rules, found by id."""

    def __init__(self, entries: tuple[RuleEntry, ...]) -> None:
        self.entries = entries
        self._by_id = {entry.id: entry for entry in entries}

    def get(self, rule: str) -> RuleEntry | None:
        """Give the rule of an id: its own entry, else the one that formats share."""
        return self._by_id.get(rule) or self._by_id.get(f"*.{rule.partition('.')[2]}")


@cache
def load_rules() -> RuleCatalogue:
    """Read every family.

    Raises DataError for an id that is written otherwise, stands twice, or stands in another family's file.
    """
    entries: dict[str, RuleEntry] = {}
    for name in list_shipped(DIRECTORY):
        for entry in load_table(f"{DIRECTORY}/{name}", RuleFile).rule:
            check_entry(entry, name, entries)
            entries[entry.id] = entry
    return RuleCatalogue(tuple(entries[key] for key in sorted(entries)))


def check_entry(entry: RuleEntry, name: str, known: Mapping[str, RuleEntry]) -> None:
    """Hold an entry against its id, its file and the entries before it.

    Raises DataError where they do not fit.
    """
    if not ID.fullmatch(entry.id):
        raise DataError(f"{DIRECTORY}/{name}: {entry.id}: an id is `family.what-is-wrong`, in small letters")
    if entry.id in known:
        raise DataError(f"{DIRECTORY}/{name}: {entry.id} stands twice")
    family = entry.id.partition(".")[0]
    if f"{SHARED if family == '*' else family}.toml" != name:
        raise DataError(f"{DIRECTORY}/{name}: {entry.id} belongs into {family}.toml")
    if not entry.title.endswith(".") or not entry.why.endswith("."):
        raise DataError(f"{DIRECTORY}/{name}: {entry.id}: title and why are sentences")
