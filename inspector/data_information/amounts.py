"""Amounts of data in a sentence: a number with its unit, and people that are counted.

A number counts with a unit of data ("3.2 TB", "1.8 million articles"), or, from a hundred on, with any noun in the plural that is not a unit of
something else ("48,213 loans"). One that stands beside a comparison is a bound; it may be a limit and not an amount.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inspector.data_information.lexicon import Word

NUMBER = re.compile(r"[~≈+]?(\d{1,3}(?:[,.'\u2019\u202f\u00a0 ]\d{3})+|\d+(?:[.,]\d+)?)(k|m|b|t|bn|mio)?\+?", re.I)
ATTACHED = re.compile(r"[~≈]?\d[\d.,]*(kb|mb|gb|tb|pb|kib|mib|gib|tib|hours|h|hrs)", re.I)
SCALES = frozenset({"k", "m", "b", "t", "bn", "thousand", "million", "billion", "trillion", "mio", "hundred"})
COUNTS = frozenset(
    {
        *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"),
        *("sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "dozen", "hundred", "one"),
        *("a", "an", "another", "several"),
    }
)
BOUNDS = frozenset(
    {
        "least",
        "most",
        "than",
        "under",
        "over",
        "above",
        "below",
        "exceeding",
        "exceed",
        "exceeds",
        "maximum",
        "minimum",
        "max",
        "min",
        "up",
        "every",
        "within",
        "beyond",
    }
)
LARGE = frozenset({"million", "billion", "trillion", "bn", "mio"})
SINGLE = frozenset({"per", "each", "long", "apiece", "every"})
BEFORE = frozenset(
    {"per", "each", "length", "context", "window", "batch", "batches", "block", "blocks", "chunk", "chunks", "top", "first", "last"}
)
DIVISIBLE = frozenset(
    {
        "hours",
        "hrs",
        "h",
        "minutes",
        "min",
        "gb",
        "tb",
        "mb",
        "pb",
        "kb",
        "gib",
        "tib",
        "mib",
        "days",
        "gigabytes",
        "terabytes",
        "megabytes",
    }
)
REACH = 5
GENERIC = 100
FUNCTION = frozenset(
    {
        "from",
        "in",
        "on",
        "at",
        "by",
        "with",
        "for",
        "to",
        "and",
        "or",
        "that",
        "which",
        "were",
        "was",
        "are",
        "is",
        "have",
        "has",
        "had",
        "we",
        "if",
        "while",
        "when",
        "through",
        "the",
        "between",
        "into",
        "after",
        "before",
        "as",
        "than",
        "%",
        "percent",
    }
)
STOP = ".,;:!?)"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount by its words.

    Its kind is `amount`, `bound` beside a comparison, `count` with any other noun, `figure` without one, `people`, or `somebody` for one of them.
    """

    kind: str
    first: int
    last: int


def find_amounts(words: tuple[Word, ...], known: Mapping[str, Mapping[int, int]]) -> Iterator[Amount]:
    """List the amounts in a sentence; `known` are the places of lexicons in it."""
    units, others = frozenset(known.get("unit", ())), frozenset(known.get("other-unit", ()))
    people = frozenset(known.get("person", ()))
    for place, word in enumerate(words):
        lower = word.text.casefold()
        if ATTACHED.fullmatch(word.text):
            yield Amount(_bound("amount", words, place), place, place)
        elif match := NUMBER.fullmatch(word.text):
            yield from _counted(words, place, match, units, others)
            yield from _people(words, place, people, units)
        elif lower in COUNTS:
            yield from _people(words, place, people, units)


def _people(words: tuple[Word, ...], place: int, people: frozenset[int], units: frozenset[int]) -> Iterator[Amount]:
    for step in range(place + 1, min(place + REACH + 2, len(words))):
        before, lower = words[step - 1].text.casefold(), words[step].text.casefold()
        if (
            any(char in STOP for char in words[step - 1].after)
            or (lower in FUNCTION and not (lower == "the" and before == "of"))
            or not lower[0].isalnum()
        ):
            return
        if step in people:
            if step + 1 not in units or words[step].after:
                yield Amount("somebody" if words[place].text.casefold() in {"a", "an", "several", "another"} else "people", place, step)
            return


def _counted(words: tuple[Word, ...], place: int, match: re.Match[str], units: frozenset[int], others: frozenset[int]) -> Iterator[Amount]:
    scaled = bool(match[2]) or (place + 1 < len(words) and words[place + 1].text.casefold() in SCALES)
    start = place + 1 + (scaled and not match[2])
    last = start - 1
    if any(char in STOP for char in words[last].after) or last == len(words) - 1:
        if scaled and not _is_single(words, place):
            yield Amount(_bound("figure", words, place), place, last)
        return
    if _is_year(match[0]):
        return
    for step in range(start, min(start + REACH, len(words))):
        if _is_other(words, step, units, others):
            return
        if step in units and _is_single(words, place, step):
            return
        if step in units and _is_whole(match, scaled, words[step].text):
            yield Amount(_bound("amount", words, place), place, step)
            return
        if (scaled or _value(match[1]) >= GENERIC) and _is_plural(words[step].text) and not _is_single(words, place, step):
            yield Amount(_bound("count", words, place), place, step)
            return
        if any(char in STOP for char in words[step].after) or NUMBER.fullmatch(words[step].text):
            return


def _is_whole(match: re.Match[str], scaled: bool, unit: str) -> bool:
    """Say whether a number can count its unit: fractions only count what can be divided."""
    return scaled or bool(match[2]) or _value(match[1]).is_integer() or unit.casefold() in DIVISIBLE


def _is_other(words: tuple[Word, ...], step: int, units: frozenset[int], others: frozenset[int]) -> bool:
    """Say whether a word ends the search for a unit: one of something else, also behind a unit ("24 GB card"), or one that begins a new phrase."""
    lower = words[step].text.casefold()
    if (step in others and step not in units) or (lower in FUNCTION and not (lower == "the" and words[step - 1].text.casefold() == "of")):
        return True
    return step in units and not words[step].after and step + 1 in others and step + 1 not in units


def _is_year(text: str) -> bool:
    return text.isdigit() and len(text) == 4 and text[:2] in {"15", "16", "17", "18", "19", "20"}


def _value(text: str) -> float:
    digits = re.sub(r"[,.'\u2019\u202f\u00a0 ](?=\d{3}(\D|$))", "", text).replace(",", ".")
    return 0.0 if _is_year(text) or digits.count(".") > 1 else float(digits)


def _is_plural(word: str) -> bool:
    lower = word.casefold()
    return (len(lower) > 3 and lower.isalpha() and lower.endswith("s") and not lower.endswith(("ss", "us", "is", "ous"))) or lower in {
        "people",
        "children",
        "data",
    }


def _bound(kind: str, words: tuple[Word, ...], place: int) -> str:
    before = {word.text.casefold() for word in words[max(0, place - 2) : place]}
    if before & BOUNDS == {"over"} and _is_large(words, place):
        return kind
    return "bound" if before & BOUNDS or words[place].text[0] in "<>≥≤" else kind


def _is_large(words: tuple[Word, ...], place: int) -> bool:
    """Say whether a number is one of millions or more: "over 2 trillion tokens" tells how much there is, and limits nothing."""
    scale = words[place + 1].text.casefold() if place + 1 < len(words) else ""
    return scale in LARGE or bool(re.search(r"\d(b|t|bn)\+?$", words[place].text, re.I))


def _is_single(words: tuple[Word, ...], place: int, unit: int | None = None) -> bool:
    """Say whether an amount is that of one part: "200 words each", "per document", "chunks of 512 tokens"."""
    before = {word.text.casefold() for word in words[max(0, place - 2) : place]}
    after = words[unit + 1].text.casefold() if unit is not None and unit + 1 < len(words) else ""
    return bool(before & BEFORE) or after in SINGLE
