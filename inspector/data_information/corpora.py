"""Well-known data sets: found by name in a text, by hub id, or by address. The facts are `standards/corpora.toml`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from inspector.errors import DataError
from inspector.judgement import Access
from inspector.model import Frozen
from inspector.tables import load_table

TABLE = "corpora.toml"
MAX_NAME = 200
_WORD = re.compile(r"[A-Za-z0-9]+")
_APART = re.compile(r"[^a-z0-9+]+")
_DATA = re.compile(r"['\u2019]?s?[ -](data ?-?sets?|corpus|corpora|dump|subset)\b", re.I)
# A version behind a name makes it the name of that version: "Common Voice 7.0", "Dolma v1.6", "Common Crawl 2019-30".
_VERSION = re.compile(r"[ -](v\.?\d[\w.]*\w|v\d|\d+\.\d[\w.]*|(?:19|20)\d\d[-_]\d\d)(?![\w-])", re.I)
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+]*:)?//(?:www\.)?", re.I)
_HUB = re.compile(r"^(?:huggingface\.co|hf\.co)/datasets/([\w.-]+(?:/[\w.-]+)?)(?:[/?#]|$)", re.I)


class Corpus(Frozen, frozen=True):
    """A well-known set: safe and loose spellings, hub ids, where it is had, its usual class and licence, and where these facts stand."""

    id: str
    name: str
    kind: str
    access: Access
    source: str
    license: str = ""
    names: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    hub: tuple[str, ...] = ()
    at: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where it is had: an address without its scheme; empty where the table has none."""
        return self.at[0] if self.at else f"huggingface.co/datasets/{self.hub[0]}" if self.hub else ""


class Table(Frozen, frozen=True):
    """The contents of `standards/corpora.toml`."""

    corpus: tuple[Corpus, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A well-known set in a text: as it is written, with a version that follows, and where it begins and ends (characters from 0)."""

    corpus: Corpus
    written: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Spelling:
    text: str
    corpus: Corpus
    loose: bool


class Corpora:
    """The table with its indexes. Raises DataError when a spelling, id or address stands for two sets."""

    def __init__(self, table: Table) -> None:
        self.by_id = {corpus.id: corpus for corpus in table.corpus}
        if len(self.by_id) != len(table.corpus):
            raise DataError(f"{TABLE}: an id stands twice")
        self._whole: dict[str, Corpus] = {}
        self._hub: dict[str, Corpus] = {}
        self._at: dict[str, Corpus] = {}
        self._first: dict[str, list[_Spelling]] = {}
        for corpus in table.corpus:
            for name in {_plain(text) for text in (corpus.name, *corpus.names, *corpus.loose)}:
                _claim(self._whole, name, corpus)
            for name in corpus.hub:
                _claim(self._hub, name.casefold(), corpus)
            for place in corpus.at:
                _claim(self._at, place.casefold(), corpus)
            for loose, texts in ((False, corpus.names), (True, corpus.loose)):
                for text in texts:
                    word = _WORD.search(text)
                    self._first.setdefault(word[0] if word else text, []).append(_Spelling(text, corpus, loose))
        for spellings in self._first.values():
            spellings.sort(key=lambda item: (-len(item.text), item.text))

    def named(self, text: str) -> Corpus | None:
        """Find the set that a whole name, a cell or an id without its owner stands for; one with a version the table does not list is none."""
        # A word such as "corpus" is a part of some names ("Book Corpus"), and may stand behind any other.
        return self._whole.get(_plain(text[:MAX_NAME])) or self._whole.get(fold(text[:MAX_NAME]))

    def with_id(self, text: str) -> Corpus | None:
        """Find the set with a hub id."""
        return self._hub.get(text.casefold())

    def at(self, address: str) -> Corpus | None:
        """Find the set that is had at an address or above it."""
        place = bare_address(address).casefold()
        while place:
            if place in self._at:
                return self._at[place]
            place = place.rpartition("/")[0]
        return None

    def sight(self, text: str) -> Iterator[Sighting]:
        """Find the sets that a sentence names, in order; of names that overlap the longest counts."""
        end = 0
        for word in _WORD.finditer(text):
            if word.start() < end:
                continue
            for spelling in self._first.get(word[0], ()):
                if (found := _stands_at(spelling, text, word.start())) is not None:
                    yield found
                    end = found.end
                    break


@cache
def load_corpora() -> Corpora:
    """Read the table of well-known sets, once; raises DataError when it is wrong."""
    return Corpora(load_table(TABLE, Table))


def fold(name: str) -> str:
    """Reduce a name to lower-case letters and digits with hyphens between, without an article before it or a word for data behind it."""
    folded = _plain(name)
    for word in ("-dataset", "-datasets", "-data-set", "-data-sets", "-corpus"):
        folded = folded.removesuffix(word)
    return folded


def _plain(name: str) -> str:
    folded = _APART.sub("-", name.casefold()).strip("-")
    return folded.removeprefix("the-") or folded


def bare_address(address: str) -> str:
    """Reduce an address to its host and path."""
    return re.split(r"[?#]", _SCHEME.sub("", address.strip(), count=1), maxsplit=1)[0].rstrip("/")


def hub_id(address: str) -> str:
    """Give the id in the address of a data set's page at the model hub; empty for any other address."""
    match = _HUB.match(_SCHEME.sub("", address.strip(), count=1))
    return match[1].rstrip(".") if match else ""


def _stands_at(spelling: _Spelling, text: str, word: int) -> Sighting | None:
    first = _WORD.search(spelling.text)
    start = word - (first.start() if first else 0)
    end = start + len(spelling.text)
    if start < 0 or not text.startswith(spelling.text, start) or _joins(text, start - 1, before=True) or _joins(text, end, before=False):
        return None
    if spelling.loose and not _DATA.match(text, end):
        return None
    version = _VERSION.match(text, end)
    if version:
        end = version.end()
    return Sighting(spelling.corpus, text[start:end], start, end)


def _joins(text: str, place: int, *, before: bool) -> bool:
    """Say whether the character beside a name makes it a part of a longer word, id or address."""
    if not 0 <= place < len(text):
        return False
    char = text[place]
    if char.isalnum() or char in "_@\\":
        return True
    other = place - 1 if before else place + 1
    near = 0 <= other < len(text) and text[other].isalnum()
    return near and (char in "-/." if before else char in "-/" or (char == "." and text[other].islower()))


def _claim(index: dict[str, Corpus], key: str, corpus: Corpus) -> None:
    if index.setdefault(key, corpus) is not corpus:
        raise DataError(f"{TABLE}: {key!r} stands for {index[key].id} and for {corpus.id}")
