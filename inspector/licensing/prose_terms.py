"""Sentences that state terms and name what they cover: "the weights are released under the Apache 2.0 license".

One statement is given per component that a sentence names; what the words of a licence mean is decided elsewhere. A badge or "see LICENSE"
states nothing. A sentence with a condition or an exception in it grants nothing, but what it restricts counts.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from inspector.detector import Declared
from inspector.documents.document import Block, Document, Section
from inspector.documents.prose import Link, excerpt, sentences
from inspector.licensing.mentions import (
    HUB,
    Mention,
    compiled,
    find_licences,
    find_parts,
    is_found,
    load_terms,
    name_words,
    pair_mentions,
    share_name,
)
from inspector.licensing.table_terms import read_rows
from inspector.model import Component, Scope, Source, Span

ROOT_FILE = "LICENSE"
UNNAMED = "terms without a name"
MAX_STATEMENTS = 500
MAX_BLOCKS = 20_000
REACH = 40
BEGINNINGS = ("License ", "Licence ", "Released under ", "Licensed under ", "Distributed under ", "Available under ")
SYSTEM = frozenset({Component.PARAMETERS, Component.DATASETS})


def read_terms(document: Document, subject: Component | None = None) -> Iterator[Declared]:
    """List the statements of terms in the prose of a document, at most 500.

    `subject` is what a card describes: bare words of a licence under its heading "License" are the terms of that.
    """
    reader = _Reader(name_words(document.title), subject)
    seen: set[tuple[str, Component, int]] = set()
    blocks = 0
    for section in document.sections:
        blocks += len(section.blocks)
        for declared in reader.read(section) if blocks <= MAX_BLOCKS else ():
            key = (declared.text, declared.component, declared.span.start if declared.span else 0)
            if key not in seen and len(seen) < MAX_STATEMENTS:
                seen.add(key)
                yield declared


class _Reader:
    """Reads the sections of one document, which is called something and describes something."""

    def __init__(self, title: frozenset[str], subject: Component | None) -> None:
        self.title, self.subject = title, subject

    def read(self, section: Section) -> Iterator[Declared]:
        """List what a section states; the heading "License" of a card over words that name no licence states terms that nobody knows."""
        labelled = is_found(load_terms().labels, section.heading)
        silent, said, first = labelled, False, None
        for place, block in enumerate(section.blocks):
            if block.kind == "head":
                continue
            for sentence in sentences(block.text):
                speaks = block.kind != "code" and compiled(load_terms().needs).search(sentence) is not None
                found = tuple(self._sentence(section, place, block, sentence, labelled)) if speaks else ()
                yield from found
                said = said or bool(found) or (speaks and bool(find_licences(sentence)))
                silent = silent and not said and not is_found(load_terms().pointers, sentence)
                first = first or (block, sentence)
        for block, words, component in read_rows(section, self.title, self.subject):
            said = True
            yield _declare(words, component, block, block.text)
        if self.subject and first and (silent or (labelled and not said and any(_leads_away(link) for link in section.links))):
            yield _declare(UNNAMED, self.subject, first[0], first[1])

    def _sentence(self, section: Section, place: int, block: Block, sentence: str, labelled: bool) -> Iterator[Declared]:
        table = load_terms()
        if is_found(table.past, sentence):
            return
        hedged = is_found(table.hedges, sentence)
        label, colon, _ = sentence[:REACH].partition(":")
        alone = (bool(colon) and is_found(table.labels, label)) or sentence.startswith(BEGINNINGS)
        stated = tuple(self._statements(section, place, sentence, states=alone))
        for words, component, about in stated:
            yield replace(_declare(words, component, block, sentence), hedged=hedged, about=about)
        bare = labelled or alone
        if not stated and bare and self.subject and not find_parts(sentence):
            for licence in find_licences(sentence)[:1]:
                yield replace(_declare(licence.text, self.subject, block, sentence), hedged=hedged, scope=Scope.ROOT)

    def _statements(self, section: Section, place: int, sentence: str, *, states: bool) -> Iterator[tuple[str, Component, str]]:
        """Pair each licence of a sentence with the parts it is said of, and the model that they are of where that is another than the title's."""
        table = load_terms()
        if not states and not is_found((*table.verbs, *table.same), sentence):
            return
        licences = find_licences(sentence)
        parts = find_parts(sentence, self.subject) or self._named(sentence, licences) or _parts_of_heading(section)
        if not licences and parts and is_found(table.same, sentence):
            words = ROOT_FILE if is_found((r"\bsame (terms|licen[cs]e)\b",), sentence) else _antecedent(section, place)
            licences, parts = [Mention(len(sentence), len(sentence), words)], _extended(sentence, parts)
        pairs = [(licence, parts) for licence in licences] if is_found(table.hedges, sentence) else pair_mentions(licences, parts)
        for licence, covered in pairs:
            for component, about in dict.fromkeys((component, part.about) for part in covered for component in part.covers):
                named = about if component is Component.PARAMETERS and not share_name(name_words(about), self.title) else ""
                yield licence.text, component, named

    def _named(self, sentence: str, licences: list[Mention]) -> list[Mention]:
        """Take the card's own name at the beginning of a sentence for what the card describes."""
        if self.subject is None or not licences:
            return []
        before = " ".join(sentence[: licences[0].start].split()[:4])
        return [Mention(0, 1, before, (self.subject,))] if share_name(name_words(before), self.title) else []


def _declare(words: str, component: Component, block: Block, sentence: str) -> Declared:
    scope = Scope.SYSTEM if component in SYSTEM else Scope.ROOT
    link = next((link.target for link in block.links if _names(link, words)), None)
    span, told = Span(block.first, max(block.first, block.last)), excerpt(sentence)
    return Declared(words, component, scope, Source.PROSE, link=link, span=span, excerpt=told)


def _leads_away(link: Link) -> bool:
    """Say whether a link leads neither into the bundle nor to a file at its hub."""
    return "://" in link.target and not HUB.match(link.target)


def _names(link: Link, words: str) -> bool:
    text = link.text.casefold()
    return bool(text) and (text in words.casefold() or words.casefold() in text)


def _parts_of_heading(section: Section) -> list[Mention]:
    """Take the part from the section's own heading when that names exactly one."""
    named = find_parts(section.heading)
    return [Mention(0, 0, named[0].text, named[0].covers)] if len({mention.covers for mention in named}) == 1 else []


def _extended(sentence: str, parts: list[Mention]) -> list[Mention]:
    """Of "the models are under the same terms as the code" keep what stands before the comparison."""
    comparison = re.search(r"\bsame (terms|licen[cs]e)\b", sentence, re.I)
    before = [part for part in parts if comparison and part.end <= comparison.start()]
    return before or parts


def _antecedent(section: Section, place: int) -> str:
    """Find the licence that "this license" or "the following license" means: named before in the section, else after, else the root's file."""
    before = [licence.text for block in section.blocks[: place + 1] for licence in find_licences(block.text)]
    after = [licence.text for block in section.blocks[place + 1 :] for licence in find_licences(block.text)]
    return before[-1] if before else after[0] if after else ROOT_FILE
