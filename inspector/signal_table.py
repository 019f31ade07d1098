"""The table of signals of training data, `standards/data-signals.toml`: its types, and how its expressions are searched."""

import re
from collections.abc import Iterable
from functools import lru_cache

from inspector.model import Frozen
from inspector.tables import load_table


class Rule(Frozen, frozen=True):
    """One expression of the table: `all` must be found, one of the objects in `needs` too, `unless` must not."""

    id: str
    why: str
    all: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    unless: str = ""
    topical: bool = False
    code: bool = False


class Refusal(Rule, frozen=True, kw_only=True):
    """A rule for what is withheld, or spoken of anywhere: of one aspect, or of `all`."""

    aspect: str


class TableRule(Frozen, frozen=True):
    """A rule for a table: each of `head` is found in some cell of its head, and enough rows hold what is asked for."""

    id: str
    why: str
    aspect: str
    head: tuple[str, ...]
    rows: int
    unless: str = ""
    cell: str = ""
    links: bool = False
    weak: bool = False


class Aspect(Frozen, frozen=True):
    """One aspect of the data information, the headings that promise it, and its rules."""

    id: str
    headings: tuple[str, ...]
    strong: tuple[Rule, ...]
    weak: tuple[Rule, ...] = ()


class Topic(Frozen, frozen=True):
    """What tells text about training data from all other text."""

    headings: tuple[str, ...]
    excluded: tuple[str, ...]
    aside: tuple[str, ...]
    kept: tuple[str, ...]
    subjects: tuple[str, ...]
    sentences: tuple[str, ...]
    skip: tuple[str, ...]
    placeholders: tuple[str, ...]
    summaries: tuple[str, ...]


class SignalTable(Frozen, frozen=True):
    """The whole table."""

    topic: Topic
    objects: dict[str, str]
    links: dict[str, str]
    aspects: tuple[Aspect, ...]
    refusals: tuple[Refusal, ...]
    anywhere: tuple[Refusal, ...]
    tables: tuple[TableRule, ...]


@lru_cache(maxsize=1)
def load_signals() -> SignalTable:
    """Read the table of signals once."""
    return load_table("data-signals.toml", SignalTable)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    for name, expression in load_signals().objects.items():
        pattern = pattern.replace(f"<{name}>", expression)
    return re.compile(pattern, re.I | re.M)


def found(patterns: Iterable[str], text: str) -> bool:
    """Say whether one of some expressions is found in a text."""
    return any(_compiled(pattern).search(text) for pattern in patterns)


def found_all(patterns: Iterable[str], text: str) -> bool:
    """Say whether all of some expressions are found in a text."""
    return all(_compiled(pattern).search(text) for pattern in patterns)
