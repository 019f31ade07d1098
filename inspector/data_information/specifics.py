"""Specific objects in a sentence: amounts, dates, names, ids, thresholds, people, tools, each with its kind and place.

The patterns are `standards/data-specifics.toml`, the words `standards/data-words.toml`. Adjectives are never objects.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from inspector.data_information.amounts import find_amounts
from inspector.data_information.lexicon import Lexicons, Word, split_words
from inspector.data_information.proper_names import find_names
from inspector.model import Frozen
from inspector.tables import load_table


class Pattern(Frozen, frozen=True):
    """A recogniser of one kind of object."""

    kind: str
    why: str
    find: str
    cased: bool = False


class PatternTable(Frozen, frozen=True):
    """All recognisers."""

    pattern: tuple[Pattern, ...]


class WordList(Frozen, frozen=True):
    """A lexicon as it stands in the table: entries split by white space."""

    name: str
    why: str
    words: str
    cased: bool = False


class WordTable(Frozen, frozen=True):
    """All lexicons."""

    lexicon: tuple[WordList, ...]


@dataclass(frozen=True, slots=True)
class Specific:
    """An object that makes a statement specific: its kind, its words, and where they begin in the sentence."""

    kind: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """What stands in a sentence: the words of lexicons by their places in characters, and the specific objects."""

    cues: dict[str, tuple[int, ...]]
    objects: tuple[Specific, ...]

    def has(self, *lexicons: str) -> bool:
        """Say whether a word of one of some lexicons stands in the sentence."""
        return any(name in self.cues for name in lexicons)


MAX_OBJECTS = 60
MAX_TEXT = 60
# Kinds that a lexicon gives as they stand.
BY_WORD = {"corpus": "corpus", "method": "method", "tongue": "language", "person": "role"}


@lru_cache(maxsize=1)
def _lexicons() -> tuple[Lexicons, Lexicons, frozenset[str]]:
    lists = load_table("data-words.toml", WordTable).lexicon
    plain = Lexicons({item.name: item.words.split() for item in lists if not item.cased})
    cased = Lexicons({item.name: item.words.split() for item in lists if item.cased})
    return plain, cased, frozenset(item.name for item in lists)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = load_table("data-specifics.toml", PatternTable).pattern
    return tuple((item.kind, re.compile(item.find, 0 if item.cased else re.I)) for item in table)


def lexicon_names() -> frozenset[str]:
    """List the names of all lexicons."""
    return _lexicons()[2]


def kind_names() -> frozenset[str]:
    """List all kinds of objects."""
    return (
        frozenset(kind for kind, _ in _patterns())
        | {"amount", "bound", "count", "figure", "people", "somebody", "name", "place", "mention"}
        | set(BY_WORD.values())
    )


@lru_cache(maxsize=8192)
def analyse(text: str) -> Analysis:
    """Find the words and the objects of a sentence; the cost grows with its length only."""
    words = split_words(text)
    plain, cased, _ = _lexicons()
    found = plain.find(words)
    for name, ends in cased.find(words).items():
        if kept := {place: end for place, end in ends.items() if _is_cased(words, place)}:
            found[name] = kept
    objects = sorted({*_by_pattern(text), *_by_words(words, found)}, key=lambda item: (item.start, item.kind, item.text))
    cues = {name: tuple(words[place].start for place in ends) for name, ends in found.items()}
    return Analysis(cues, tuple(objects[:MAX_OBJECTS]))


def _is_cased(words: tuple[Word, ...], place: int) -> bool:
    """Say whether a word is written as a name: a capital in it, or a digit or hyphen."""
    text = words[place].text
    return any(char.isupper() or char.isdigit() for char in text) or "-" in text or "/" in text or (text.isalpha() and len(text) > 7)


def _by_pattern(text: str) -> Iterator[Specific]:
    for kind, pattern in _patterns():
        for count, match in enumerate(pattern.finditer(text)):
            if count >= MAX_OBJECTS:
                break
            yield Specific(kind, _short(match[0]), match.start())


def _by_words(words: tuple[Word, ...], found: dict[str, dict[int, int]]) -> Iterator[Specific]:
    def made(kind: str, first: int, last: int) -> Specific:
        return Specific(kind, _short(" ".join(word.text for word in words[first : last + 1])), words[first].start)

    for lexicon, kind in BY_WORD.items():
        yield from (made(kind, place, end) for place, end in found.get(lexicon, {}).items())
    for amount in find_amounts(words, found):
        yield made(amount.kind, amount.first, amount.last)
    for name in find_names(words, found):
        yield made(("name" if name.strong else "place") if name.placed else "mention", name.first, name.last)


def _short(text: str) -> str:
    flat = " ".join(text.split()).strip(" ,;:()")
    return flat if len(flat) <= MAX_TEXT else flat[: MAX_TEXT - 1] + "…"
