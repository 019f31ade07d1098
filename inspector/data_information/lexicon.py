"""Lexicons: lists of words by stem, all searched in one pass over the words of a sentence.

An entry is a word, a stem (`record*`), or a phrase whose words are joined by an underscore (`taken_by`, `carr*_out`). A word with hyphens counts as
a whole without them, and as each of its parts. The cost is the number of words, whatever the lexicons hold.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

TOKEN = re.compile(r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![\w.,]*\d)\S*|\S+")
EDGES = "()[]{}<>\"'`\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019.,;:!?…*|"
PARTS = re.compile(r"[-\u2013\u2014/_.\u2019']+")
MAX_STEM = 16
MIN_STEM = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence without the punctuation at its ends: as written, its forms in lower case, its place, and what it is followed by."""

    text: str
    forms: tuple[str, ...]
    start: int
    end: int
    before: str
    after: str


@lru_cache(maxsize=4096)
def split_words(text: str) -> tuple[Word, ...]:
    """Split a sentence at its white space."""
    words = []
    for match in TOKEN.finditer(text):
        left = match[0].lstrip(EDGES)
        bare = left.rstrip(EDGES)
        start = match.end() - len(left)
        if bare:
            words.append(Word(bare, _forms(bare), start, start + len(bare), match[0][: start - match.start()], left[len(bare) :]))
    return tuple(words)


def _forms(word: str) -> tuple[str, ...]:
    lower = word.casefold()
    parts = [part for part in PARTS.split(lower) if part] if "://" not in lower and lower.count("/") < 2 else [lower]
    joined = "".join(parts)
    return tuple(dict.fromkeys((joined, lower, *parts)))


@dataclass(frozen=True, slots=True)
class _Phrase:
    rest: tuple[str, ...]
    name: str


class Lexicons:
    """Named lexicons, ready to be searched together."""

    def __init__(self, entries: Mapping[str, Iterable[str]]) -> None:
        """Index the entries by their first word."""
        self._whole: dict[str, list[_Phrase]] = {}
        self._stems: dict[str, list[_Phrase]] = {}
        for name, words in entries.items():
            for entry in words:
                first, *rest = entry.casefold().split("_")
                index = self._stems if first.endswith("*") else self._whole
                index.setdefault(first.removesuffix("*").replace("-", ""), []).append(_Phrase(tuple(rest), name))

    def find(self, words: tuple[Word, ...]) -> dict[str, dict[int, int]]:
        """List the places at which each lexicon is met: the first word of each, and the last of the longest phrase there."""
        found: dict[str, dict[int, int]] = {}
        for place, word in enumerate(words):
            for phrase in self._beginning(word):
                if _follows(phrase.rest, words, place):
                    ends = found.setdefault(phrase.name, {})
                    ends[place] = max(ends.get(place, place), place + len(phrase.rest))
        return found

    def _beginning(self, word: Word) -> Iterator[_Phrase]:
        for form in word.forms:
            yield from self._whole.get(form, ())
            for size in range(MIN_STEM, min(len(form), MAX_STEM) + 1):
                yield from self._stems.get(form[:size], ())


def _follows(rest: tuple[str, ...], words: tuple[Word, ...], place: int) -> bool:
    return all(place + step < len(words) and _is(entry, words[place + step]) for step, entry in enumerate(rest, 1))


def _is(entry: str, word: Word) -> bool:
    if entry.endswith("*"):
        return any(form.startswith(entry[:-1]) for form in word.forms)
    return entry.replace("-", "") in word.forms
