"""Sentences that state terms and name what they cover: "the weights are released under the Apache 2.0 license".

The words are a table, `standards/prose-terms.toml`. One statement is given per component that a sentence names; what the words of a licence mean
is decided elsewhere. A badge or "see LICENSE" states nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from inspector.detector import Declared
from inspector.documents import Block, Document, Section
from inspector.model import Component, Frozen, Scope, Source, Span
from inspector.prose import Link, excerpt, sentences
from inspector.tables import load_table

ROOT_FILE = "LICENSE"
MAX_STATEMENTS = 500
MAX_BLOCKS = 20_000
REACH = 40
SYSTEM = frozenset({Component.PARAMETERS, Component.DATASETS})


class Words(Frozen, frozen=True):
    """Words for a part of a system, and the components they stand for."""

    words: str
    covers: tuple[Component, ...]
    why: str


class TermsTable(Frozen, frozen=True):
    """The whole table."""

    verbs: tuple[str, ...]
    skip: tuple[str, ...]
    licences: tuple[str, ...]
    same: tuple[str, ...]
    labels: tuple[str, ...]
    components: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that a sentence names: a licence (`covers` is empty) or a part of the system, with its place in the sentence."""

    start: int
    end: int
    text: str
    covers: tuple[Component, ...] = ()


@lru_cache(maxsize=1)
def load_terms() -> TermsTable:
    """Read the table once."""
    return load_table("prose-terms.toml", TermsTable)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


def _found(patterns: Iterable[str], text: str) -> bool:
    return any(_compiled(pattern).search(text) for pattern in patterns)


def read_terms(document: Document, subject: Component | None = None) -> Iterator[Declared]:
    """List the statements of terms in the prose of a document, at most 500.

    `subject` is what a card describes: bare words of a licence under its heading "License" are the terms of that.
    """
    seen: set[tuple[str, Component, int]] = set()
    blocks = 0
    for section in document.sections:
        blocks += len(section.blocks)
        for declared in _section_terms(section, subject) if blocks <= MAX_BLOCKS else ():
            key = (declared.text, declared.component, declared.span.start if declared.span else 0)
            if key not in seen and len(seen) < MAX_STATEMENTS:
                seen.add(key)
                yield declared


def _section_terms(section: Section, subject: Component | None) -> Iterator[Declared]:
    labelled = _found(load_terms().labels, section.heading)
    for place, block in enumerate(section.blocks):
        if block.kind in {"code", "head"}:
            continue
        for sentence in sentences(block.text):
            stated = tuple(_statements(section, place, sentence))
            label, colon, _ = sentence[:REACH].partition(":")
            bare = labelled or (bool(colon) and _found(load_terms().labels, label)) or sentence.startswith(("License ", "Licence "))
            if stated:
                for words, component in stated:
                    scope = Scope.SYSTEM if component in SYSTEM else Scope.ROOT
                    yield _declare(words, component, scope, block, sentence)
            elif bare and subject and not _found(load_terms().skip, sentence) and not _parts(sentence):
                for licence in _licences(sentence)[:1]:
                    yield _declare(licence.text, subject, Scope.ROOT, block, sentence)


def _declare(words: str, component: Component, scope: Scope, block: Block, sentence: str) -> Declared:
    link = next((link.target for link in block.links if _names(link, words)), None)
    span = Span(block.first, max(block.first, block.last))
    return Declared(words, component, scope, Source.PROSE, link=link, span=span, excerpt=excerpt(sentence))


def _names(link: Link, words: str) -> bool:
    text = link.text.casefold()
    return bool(text) and (text in words.casefold() or words.casefold() in text)


def _statements(section: Section, place: int, sentence: str) -> Iterator[tuple[str, Component]]:
    """Pair each licence of a sentence with the parts it is said of."""
    table = load_terms()
    if not _found((*table.verbs, *table.same), sentence) or _found(table.skip, sentence):
        return
    parts = _parts(sentence) or _parts_of_heading(section)
    licences = _licences(sentence)
    if not licences and parts and _found(table.same, sentence):
        words = ROOT_FILE if _found((r"\bsame (terms|licen[cs]e)\b",), sentence) else _antecedent(section, place)
        covered = _extended(sentence, parts)
        licences, parts = [Mention(len(sentence), len(sentence), words)], covered
    for licence, covered in _pairs(licences, parts):
        for component in dict.fromkeys(component for part in covered for component in part.covers):
            yield licence.text, component


def _parts(sentence: str) -> list[Mention]:
    found = [
        Mention(match.start(), match.end(), match[0], words.covers)
        for words in load_terms().components
        for match in _compiled(words.words).finditer(sentence)
        if not _inside(match.start(), _licences(sentence))
    ]
    return sorted(found, key=lambda mention: mention.start)


def _parts_of_heading(section: Section) -> list[Mention]:
    """Take the part from the section's own heading when that names exactly one."""
    named = _parts(section.heading)
    return [Mention(0, 0, named[0].text, named[0].covers)] if len({mention.covers for mention in named}) == 1 else []


def _licences(sentence: str) -> list[Mention]:
    found: list[Mention] = []
    for pattern in load_terms().licences:
        for match in _compiled_as_written(pattern).finditer(sentence):
            if match[0].strip() and not any(match.start() < other.end and other.start < match.end() for other in found):
                found.append(Mention(match.start(), match.end(), match[0].strip()))
    return sorted(found, key=lambda mention: mention.start)


@lru_cache(maxsize=64)
def _compiled_as_written(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _inside(place: int, mentions: list[Mention]) -> bool:
    return any(mention.start <= place < mention.end for mention in mentions)


def _extended(sentence: str, parts: list[Mention]) -> list[Mention]:
    """Of "the models are under the same terms as the code" keep what stands before the comparison."""
    comparison = re.search(r"\bsame (terms|licen[cs]e)\b", sentence, re.I)
    before = [part for part in parts if comparison and part.end <= comparison.start()]
    return before or parts


def _antecedent(section: Section, place: int) -> str:
    """Find the licence that "this license" or "the following license" means: named before in the section, else after, else the root's file."""
    before = [licence.text for block in section.blocks[: place + 1] for licence in _licences(block.text)]
    after = [licence.text for block in section.blocks[place + 1 :] for licence in _licences(block.text)]
    return before[-1] if before else after[0] if after else ROOT_FILE


def _pairs(licences: list[Mention], parts: list[Mention]) -> Iterator[tuple[Mention, list[Mention]]]:
    """Give each licence the parts between the licence before it and itself, else those that follow up to the next licence."""
    end = 0
    for index, licence in enumerate(licences):
        before = [part for part in parts if end <= part.start < licence.start or (part.end == 0 and index == 0)]
        limit = licences[index + 1].start if index + 1 < len(licences) else 10**6
        after = [part for part in parts if licence.end <= part.start < limit]
        yield licence, before or after
        end = licence.end if before else limit
