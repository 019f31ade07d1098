"""Descriptions of data sets as JSON-LD, after Croissant or schema.org: what their properties say, each at its JSON pointer.

Keys are taken without their prefix (`rai:`, `cr:`, `sc:`), as the contexts of these files define them. Values are words, never code.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from inspector.data_information.signals import RANK, Signal, read_signals
from inspector.documents.document import Block, Document, Section
from inspector.documents.prose import BARE, Link
from inspector.model import Claim, Frozen
from inspector.serialization.strict_json import Json, escape
from inspector.tables import load_table

TYPE = re.compile(r"(https?://schema\.org/|sc:|schema:)?Dataset")
CROISSANT = re.compile(r"https?://mlcommons\.org/croissant/")
SIZE = re.compile(r"\s*\d[\d.,]*\s*([kmgtp]?i?b|bytes)?\s*", re.I)
YEAR = re.compile(r"\b(19|20)\d\d\b")
MOST_FILES = 10_000
MOST_TEXTS = 200
LONGEST_TEXT = 20_000
FEWEST_WORDS = 3
DIGEST = re.compile(r"[0-9a-fA-F]{64}")


class Property(Frozen, frozen=True):
    """Properties that answer the same question: their names, the aspect, the heading that their words are judged under."""

    names: tuple[str, ...]
    aspect: str
    heading: str


class PropertyTable(Frozen, frozen=True):
    """The whole table."""

    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a property says of an aspect: the claim, the words, where, and the rules that were met."""

    aspect: str
    claim: Claim
    words: str
    pointer: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Distribution:
    """A file of the data set: its address, its size as it is written, its SHA-256, and its place."""

    address: str
    size: str
    sha256: str
    pointer: str


@cache
def load_properties() -> tuple[Property, ...]:
    """Read the table once."""
    return load_table("croissant-properties.toml", PropertyTable).properties


def is_data_set(value: dict[str, Json]) -> bool:
    """Say whether an object is the description of a data set: by what it conforms to, or by schema.org's type and context."""
    if any(CROISSANT.match(text) for text in texts_of(get(value, "conformsTo"))):
        return True
    typed = any(TYPE.fullmatch(text) for text in texts_of(value.get("@type")))
    context = value.get("@context")
    vocabulary = context.get("@vocab") if isinstance(context, dict) else context
    return typed and any("schema.org" in text for text in texts_of(vocabulary))


def get(value: dict[str, Json], name: str) -> Json:
    """Give a property by its name, with or without a prefix."""
    return value.get(name, next((item for key, item in value.items() if key.rpartition(":")[2] == name), None))


def key_of(value: dict[str, Json], name: str) -> str:
    """Give the key that a property stands under."""
    return name if name in value else next((key for key in value if key.rpartition(":")[2] == name), name)


def texts_of(value: Json) -> tuple[str, ...]:
    """List the texts of a value: a text, a list of texts, or objects with an `@id`, `@value`, name or address."""
    items = value[:MOST_TEXTS] if isinstance(value, list) else [value]
    found: list[str] = []
    for item in items:
        inner = next((item[key] for key in ("@value", "@id", "name", "url") if key in item), None) if isinstance(item, dict) else item
        if isinstance(inner, str) and inner.strip():
            found.append(inner.strip()[:LONGEST_TEXT])
    return tuple(found)


def tell_properties(value: dict[str, Json]) -> Iterator[Told]:
    """Give what the properties of a description say of the data, each as specific as its words are."""
    for item in load_properties():
        for name in item.names:
            if texts := texts_of(get(value, name)):
                yield from _tell(item, texts, f"/{escape(key_of(value, name))}")


def _tell(item: Property, texts: tuple[str, ...], pointer: str) -> Iterator[Told]:
    text = " ".join(texts)
    found = judge_words(text, item.heading)
    for signal in found:
        yield Told(signal.aspect, signal.claim, signal.excerpt, pointer, tuple(count.name for count in signal.seen))
    if not item.aspect or any(signal.aspect == item.aspect for signal in found):
        return
    dated = item.aspect == "scope" and YEAR.search(text) is not None
    if dated or len(text.split()) >= FEWEST_WORDS:
        yield Told(item.aspect, Claim.DESCRIBED if dated else Claim.MENTIONED, text, pointer)


def judge_words(text: str, heading: str) -> tuple[Signal, ...]:
    """Judge the words of a value as the section of a card would be; the strongest signal of each aspect."""
    links = tuple(Link("", match[0].rstrip(".,;:!?"), 1) for match in BARE.finditer(text))
    section = Section((heading,), 1, 1, 1, (Block("text", text, 1, 1, links),))
    best: dict[str, Signal] = {}
    for signal in read_signals(Document((), (section,)), about_data=True):
        if signal.aspect not in best or RANK[signal.claim] < RANK[best[signal.aspect].claim]:
            best[signal.aspect] = signal
    return tuple(best.values())


def list_distributions(value: dict[str, Json]) -> Iterator[Distribution]:
    """List the files that a description says the data set is made of, at most 10,000: those that have an address elsewhere."""
    key = key_of(value, "distribution")
    items = value.get(key)
    for index, item in enumerate(items[:MOST_FILES] if isinstance(items, list) else [items]):
        if isinstance(item, dict):
            address = next(iter(texts_of(get(item, "contentUrl"))), "")
            if "://" in address:
                size, digest = (next(iter(texts_of(get(item, name))), "") for name in ("contentSize", "sha256"))
                place = f"/{escape(key)}/{index}" if isinstance(items, list) else f"/{escape(key)}"
                yield Distribution(address, size if SIZE.fullmatch(size) else "", digest if DIGEST.fullmatch(digest) else "", place)


def count_fields(value: dict[str, Json]) -> int:
    """Count the fields of all record sets."""
    sets = get(value, "recordSet")
    fields = [get(item, "field") for item in (sets if isinstance(sets, list) else [sets]) if isinstance(item, dict)]
    return sum(len(field) if isinstance(field, list) else 1 for field in fields if field)
