"""The words around names of data sets, `standards/named-sets.toml`: its types, its expressions, and what is a name at all."""

import re
from collections.abc import Iterable
from functools import lru_cache

from inspector.data_information.corpora import Corpora, bare_address, fold, hub_id, load_corpora
from inspector.data_information.patterns import load_patterns
from inspector.model import Frozen
from inspector.tables import load_table

LONGEST = 80
MOST_WORDS = 8
TARGET = 300
NEAR = 40


class Columns(Frozen, frozen=True):
    """What the columns of a table of sources are called; a table with one of `other` is another kind of table."""

    name: tuple[str, ...]
    weak: tuple[str, ...]
    size: tuple[str, ...]
    share: tuple[str, ...]
    license: tuple[str, ...]
    link: tuple[str, ...]
    access: tuple[str, ...]
    other: tuple[str, ...]


class Lists(Frozen, frozen=True):
    """What stands before a list of sources, and before a list of other things."""

    leads: tuple[str, ...]
    against: tuple[str, ...]


class Sentences(Frozen, frozen=True):
    """What speaks of training anywhere, what a sentence must and must not say, what the opening of a document on evaluation says."""

    trains: tuple[str, ...]
    speaks: tuple[str, ...]
    against: tuple[str, ...]
    elsewhere: tuple[str, ...]


class Names(Frozen, frozen=True):
    """What names nothing, what makes a text a sentence, what stands beside a name of something else, how amounts and licences are written."""

    generic: tuple[str, ...]
    kinds: str
    platform: str
    total: str
    verbs: str
    tool: str
    pattern: str
    amount: str
    license: str


class AccessWords(Frozen, frozen=True):
    """What is said of who can get a set, and what it comes to."""

    words: str
    before: str
    unshareable: str
    obtainable: str
    doubtful: str
    public: str
    catalogues: tuple[str, ...]


class Rest(Frozen, frozen=True):
    """What leaves a rest open: before a name, behind one, as a row."""

    before: str
    behind: str
    row: str


class Places(Frozen, frozen=True):
    """Addresses that are pages or files of data sets."""

    data: tuple[str, ...]


class SetWords(Frozen, frozen=True):
    """The whole table."""

    columns: Columns
    lists: Lists
    sentences: Sentences
    names: Names
    access: AccessWords
    rest: Rest
    places: Places


@lru_cache(maxsize=1)
def load_set_words() -> SetWords:
    """Read the table once."""
    return load_table("named-sets.toml", SetWords)


@lru_cache(maxsize=512)
def expression(pattern: str) -> re.Pattern[str]:
    """Compile an expression of the table."""
    return re.compile(pattern, re.I)


def holds(patterns: Iterable[str], text: str) -> bool:
    """Say whether one of some expressions is found in a text."""
    return any(expression(pattern).search(text) for pattern in patterns)


def is_name(text: str) -> bool:
    """Say whether a text can be the name of a data set: short, with a letter, no generic word and no sentence."""
    words = load_set_words().names
    fits = 1 < len(text) <= LONGEST and len(text.split()) <= MOST_WORDS and any(char.isalpha() for char in text)
    return fits and not holds(words.generic, text) and not expression(words.verbs).search(text)


def is_platform(text: str) -> bool:
    """Say whether a text names a place where many things are kept, and no data set unless a list says so."""
    return expression(load_set_words().names.platform).search(text) is not None


def is_of_data(text: str, start: int, end: int) -> bool:
    """Say whether a name that stands in a text is that of data: no tool or model is called by it, and it is not the pattern of something else."""
    words = load_set_words().names
    return not expression(words.tool).match(text[end : end + 3 * NEAR]) and not expression(words.pattern).search(
        text[max(0, start - NEAR) : start]
    )


def amount_in(text: str) -> str:
    """Find an amount of data: bytes, tokens or hours first, else a number of anything with its unit; empty where there is none."""
    for pattern in (load_set_words().names.amount, load_patterns().objects["quantity"]):
        if match := expression(pattern).search(text):
            return match[0].strip()
    return ""


def is_data_place(address: str) -> bool:
    """Say whether an address is that of a data set: at a place that keeps them, or one that the table of well-known sets lists."""
    target = address[:TARGET]
    if "://" not in target:
        return False
    return holds(load_set_words().places.data, bare_address(target)) or load_corpora().at(target) is not None


def name_of_link(text: str, address: str) -> str:
    """Give the name of a data set by a link: the words of the link where they are a name, else what the address calls it."""
    owner_and_name = fold(hub_id(address))
    named = any(char.isupper() or char.isdigit() for char in text) or fold(text) in owner_and_name
    fits = is_name(text) and not is_platform(text)
    return text if fits and (named or not owner_and_name) else name_of_place(address)


def name_of_place(address: str) -> str:
    """Give the name of the data set at an address: its hub id, the well-known set that is had there, or the end of its path."""
    known: Corpora = load_corpora()
    if name := hub_id(address):
        return name
    if corpus := known.at(address):
        return corpus.name
    path = re.sub(r"/(index\.html?|README\.md|data|main|download)$", "", bare_address(address))
    last = path.rpartition("/")[2]
    return last[:LONGEST] if any(char.isalpha() for char in last) else path[-LONGEST:]
