"""Words that can change what a licence grants, wherever they stand outside of the text that explains them: `standards/license-words.toml`."""

import re
from functools import cache

from inspector.model import Frozen
from inspector.tables import load_table

# A word with a letter that is not plain: enough of them, and the passage is in another language.
FOREIGN = re.compile(r"[^\W\d_a-z]")
FEWEST_FOREIGN = 3
LAST_LATIN = "\u02ff"


class LicenseWords(Frozen, frozen=True):
    """The whole table: beginnings of words that restrict, words that do so in pairs, and words of grants."""

    restricting: tuple[str, ...]
    limiting: tuple[str, ...]
    granting: tuple[str, ...]


@cache
def load_words() -> LicenseWords:
    """Read the table once."""
    return load_table("license-words.toml", LicenseWords)


@cache
def _restricting() -> re.Pattern[str]:
    return re.compile("|".join(load_words().restricting))


@cache
def _limiting() -> frozenset[str]:
    return frozenset(load_words().limiting)


@cache
def _granting() -> frozenset[str]:
    return frozenset(load_words().granting)


def restricts(words: set[str]) -> bool:
    """Say whether words (in lower case) that no licence explains can restrict something; what is not English is taken to."""
    foreign = [word for word in words if FOREIGN.search(word)]
    letters = sum(len(word) for word in foreign if max(word) > LAST_LATIN)
    return (
        len(words & _limiting()) > 1
        or len(foreign) >= FEWEST_FOREIGN
        or letters > FEWEST_FOREIGN
        or any(_restricting().match(word) for word in words)
    )


def grants(word: str) -> bool:
    """Say whether a word (in lower case) is one of those by which licences grant something."""
    return word in _granting()
