"""Sentences that restrict use in other languages than English: told by which words stand together, whatever their order.

The words are a table, `standards/restriction-tongues.toml`.
"""

import re
from functools import cache

from inspector.licensing.mentions import compiled, holds
from inspector.model import Component, Frozen
from inspector.tables import load_table

LONGEST = 600


class Tongue(Frozen, frozen=True):
    """The words of one language, or of some that share them, by what they say."""

    id: str
    noncommercial: str
    commercial: str
    research: str
    limits: str
    denies: str
    parameters: str
    code: str
    data: str
    unless: str


class TongueTable(Frozen, frozen=True):
    """The whole table."""

    tongue: tuple[Tongue, ...]


@cache
def load_tongues() -> tuple[Tongue, ...]:
    """Read the table once."""
    return load_table("restriction-tongues.toml", TongueTable).tongue


def find_limit(sentence: str) -> tuple[str, Component | None] | None:
    """Say in which language a sentence limits use, and of what; no component where it is about data alone. None when it limits nothing."""
    text = sentence[:LONGEST]
    if not _topics().search(text):
        return None
    for tongue in load_tongues():
        if _limits(tongue, text):
            return tongue.id, _covered(tongue, text)
    return None


def _limits(tongue: Tongue, text: str) -> bool:
    if text.rstrip().endswith(("?", "？")) or holds(tongue.unless, text):
        return False
    limited = holds(tongue.limits, text) and (holds(tongue.noncommercial, text) or holds(tongue.research, text))
    rest = compiled(tongue.noncommercial).sub(" ", text)
    return limited or (holds(tongue.commercial, rest) and holds(tongue.denies, text))


def _covered(tongue: Tongue, text: str) -> Component | None:
    if holds(tongue.parameters, text):
        return Component.PARAMETERS
    if holds(tongue.code, text):
        return Component.SUPPORTING
    return None if holds(tongue.data, text) else Component.UNSPECIFIED


@cache
def _topics() -> re.Pattern[str]:
    """Join the words that every sentence of this kind has one of: most are passed over after one look."""
    return re.compile(
        "|".join(words for item in load_tongues() for words in (item.noncommercial, item.commercial, item.research)), re.IGNORECASE
    )
