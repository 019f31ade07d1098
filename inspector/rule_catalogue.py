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
    """All rules, found by id. A family is read when one of its rules is asked for: a report has those of a few.

    Raises DataError, when a family is read, for an id that is written otherwise, stands twice, or stands in another family's file.
    """

    def __init__(self) -> None:
        self._files = frozenset(list_shipped(DIRECTORY))
        self._families: dict[str, dict[str, RuleEntry]] = {}

    @property
    def entries(self) -> tuple[RuleEntry, ...]:
        """All rules in the order of their ids."""
        return tuple(sorted((entry for name in self._files for entry in self._read(name).values()), key=lambda entry: entry.id))

    def get(self, rule: str) -> RuleEntry | None:
        """Give the rule of an id: its own entry, else the one that formats share."""
        family, _, what = rule.partition(".")
        return self._read(f"{family}.toml").get(rule) or self._read(f"{SHARED}.toml").get(f"*.{what}")

    def _read(self, name: str) -> dict[str, RuleEntry]:
        if name not in self._files:
            return {}
        if name not in self._families:
            known: dict[str, RuleEntry] = {}
            for entry in load_table(f"{DIRECTORY}/{name}", RuleFile).rule:
                check_entry(entry, name, known)
                known[entry.id] = entry
            self._families[name] = known
        return self._families[name]


@cache
def load_rules() -> RuleCatalogue:
    """Give the catalogue, the same each time."""
    return RuleCatalogue()


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
