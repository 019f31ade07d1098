"""Units of prose: sentences, list items with their lead-in, and blocks of code, each with what stands in it and beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from inspector.data_information.model_ids import is_no_origin, list_model_ids
from inspector.data_information.specifics import Analysis, Specific, analyse
from inspector.data_information.topics import is_promised, is_skipped, is_spoken
from inspector.documents.document import Block, Section
from inspector.documents.prose import Link, sentences
from inspector.model import Frozen
from inspector.tables import load_table

MAX_CODE = 4000
MAX_LEAD = 300
LABEL = 40
# Links stand in the order of the text: a sentence is searched for the next ones only.
MAX_AHEAD = 20
LOCAL = ("#", "mailto:")
# Kinds of objects that can be an origin by their name.
NAMES = frozenset({"name", "place", "mention", "address"})


class LinkTable(Frozen, frozen=True):
    """What an address is: a place where data can be had, a paper, or source code."""

    data: str
    paper: str
    code: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, list item or block of code: its text with its lead-in, as it is shown, its line and links, and the block it stands in.

    `spoken` says that it is about training data by itself; `objects` are what is specific in its text and its links.
    """

    text: str
    shown: str
    line: int
    block: int
    links: tuple[Link, ...] = ()
    code: bool = False
    spoken: bool = False
    objects: tuple[Specific, ...] = ()

    @property
    def analysis(self) -> Analysis:
        """What stands in it."""
        return analyse(self.text)


@lru_cache(maxsize=1)
def load_links() -> LinkTable:
    """Read the table once."""
    return load_table("data-links.toml", LinkTable)


@lru_cache(maxsize=8)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


@lru_cache(maxsize=4096)
def classify(target: str) -> str:
    """Say what an address is: `data-link`, `paper-link`, `code-link` or, as far as it is known, nothing."""
    table = load_links()
    kinds = (("data-link", table.data), ("paper-link", table.paper), ("code-link", table.code))
    return next((kind for kind, pattern in kinds if _compiled(pattern).search(target)), "")


def linked(links: tuple[Link, ...]) -> Iterator[Specific]:
    """Give links as objects: places of data, papers, code, and other pages."""
    for link in links:
        if link.target.startswith(LOCAL):
            continue
        kind = classify(link.target) or ("web-link" if "://" in link.target else "file-link")
        yield Specific(kind, link.target[:60], 0)


def read_units(section: Section) -> Iterator[Unit]:
    """Cut a section into the units that rules are applied to; advice, plans and placeholders are left out."""
    lead = ""
    for number, block in enumerate(section.blocks):
        if block.kind == "code":
            yield Unit(block.text[:MAX_CODE], "", block.first, number, code=True, spoken=is_spoken(lead) or _is_labelled(lead))
        elif block.kind in {"text", "item", "html"}:
            yield from _sentences(block, number, lead if block.kind == "item" else "")
            lead = block.text[-MAX_LEAD:] if block.kind != "item" else lead


def _sentences(block: Block, number: int, lead: str) -> Iterator[Unit]:
    prefix = f"{lead} " if lead.endswith(":") else ""
    place = 0
    for sentence in sentences(block.text):
        text = prefix + sentence
        ahead = block.links[place : place + MAX_AHEAD]
        links = tuple(link for link in ahead if _stands_in(link, sentence) or block.kind == "html")
        place += ahead.index(links[-1]) + 1 if links and block.kind != "html" else 0
        if is_skipped(text):
            continue
        spoken = is_spoken(text) or _is_labelled(lead) or _is_labelled(sentence)
        yield Unit(text, sentence, block.first, number, links, spoken=spoken, objects=(*_written(text, links), *linked(links)))


def _written(text: str, links: tuple[Link, ...]) -> Iterator[Specific]:
    """Give the objects in a text; an address is told from that of a paper or of code, and the id of a model from that of a data set."""
    found = analyse(text).objects
    ids = [(item.start, item.text) for item in found if item.kind == "id"]
    models = list_model_ids(text, ids, [link.target for link in links]) if ids else frozenset()
    taken = [(item.start, item.start + len(item.text)) for item in found if item.kind == "id" and item.start in models]
    for item in found:
        if item.kind in NAMES and is_no_origin(text, item.start, item.text):
            continue
        if item.kind == "address":
            yield replace(item, kind=classify(item.text) or item.kind)
        elif not any(start <= item.start < end for start, end in taken):
            yield item
        elif item.kind == "id":
            yield replace(item, kind="model")


def _stands_in(link: Link, sentence: str) -> bool:
    return link.text in sentence if link.text else link.target in sentence


def _is_labelled(text: str) -> bool:
    """Say whether a text begins with a short label that promises training data: `Data: ...`, `Datasets:`."""
    label, colon, _ = text[:LABEL].partition(":")
    return bool(colon) and is_promised(label)
