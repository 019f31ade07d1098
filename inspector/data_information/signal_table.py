"""The table of signals of training data, `standards/data-signals.toml`: its types, and the headings of aspects."""

import re
from functools import lru_cache
from typing import Literal

from inspector.data_information.lexicon import Lexicons, split_words
from inspector.model import Frozen
from inspector.tables import load_table

Reach = Literal["told", "own", "data", "open"]


class Aspect(Frozen, frozen=True):
    """One aspect of the data information, the words of headings that promise it, and what is said to be missing where it is only mentioned."""

    id: str
    missing: str
    headings: str


class Rule(Frozen, frozen=True):
    """What has to stand in a sentence before it describes an aspect: words of lexicons and specific objects, or a phrase."""

    id: str
    aspect: str
    why: str
    where: Reach
    cue: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    count: int = 1
    near: bool = False
    after: bool = False
    within: int = 0
    begins: bool = False
    kinds: int = 1
    unless: tuple[str, ...] = ()
    find: str = ""
    never: str = ""


class Phrase(Frozen, frozen=True):
    """An expression that mentions an aspect or withholds it; `also` has to be found too, `never` must not."""

    id: str
    aspect: str
    why: str
    find: str
    also: str = ""
    never: str = ""


class TableRule(Frozen, frozen=True):
    """A rule for a table: each of `head` is found in some cell of its head, and enough rows hold objects of these kinds, or what `cell` finds."""

    id: str
    why: str
    aspect: str
    head: tuple[str, ...]
    rows: int
    unless: str = ""
    cell: str = ""
    needs: tuple[str, ...] = ()
    weak: bool = False


class SignalTable(Frozen, frozen=True):
    """The whole table."""

    aspects: tuple[Aspect, ...]
    rules: tuple[Rule, ...]
    mentions: tuple[Phrase, ...]
    refusals: tuple[Phrase, ...]
    anywhere: tuple[Phrase, ...]
    commands: tuple[Phrase, ...]
    tables: tuple[TableRule, ...]


@lru_cache(maxsize=1)
def load_signals() -> SignalTable:
    """Read the table of signals once."""
    return load_table("data-signals.toml", SignalTable)


@lru_cache(maxsize=1)
def _headings() -> Lexicons:
    return Lexicons({aspect.id: aspect.headings.split() for aspect in load_signals().aspects})


def aspects_of_heading(heading: str) -> frozenset[str]:
    """List the aspects that a heading promises."""
    return frozenset(_headings().find(split_words(heading)))


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I | re.M)


def is_found(pattern: str, text: str) -> bool:
    """Say whether an expression is found in a text."""
    return _compiled(pattern).search(text) is not None


def meets(phrase: Phrase, text: str) -> bool:
    """Say whether a phrase stands in a text."""
    if not is_found(phrase.find, text) or (phrase.also and not is_found(phrase.also, text)):
        return False
    return not (phrase.never and is_found(phrase.never, text))
