"""Sentences that restrict use: "for non-commercial purposes only". Beside an open licence they take away what it grants.

The words are a table, `standards/restrictions.toml`. A restriction never grants anything, and reaches the directory of its document and below.
"""

import re
from collections.abc import Iterator
from functools import cache

from inspector.detector import Declared
from inspector.documents import Document
from inspector.front_matter import FrontMatter
from inspector.model import Component, Frozen, Scope, Source, Span
from inspector.prose import excerpt, sentences
from inspector.tables import load_table

MOST = 20
GATES = ("extra_gated_prompt", "extra_gated_description", "extra_gated_heading")


class Rule(Frozen, frozen=True):
    """Words that restrict, with the reason why they do."""

    id: str
    words: str
    why: str


class RestrictionTable(Frozen, frozen=True):
    """The whole table."""

    about: str
    unless: str
    rules: tuple[Rule, ...]
    gate: tuple[Rule, ...]


@cache
def load_restrictions() -> RestrictionTable:
    """Read the table once."""
    return load_table("restrictions.toml", RestrictionTable)


def read_restrictions(document: Document) -> Iterator[Declared]:
    """List the sentences of a document that restrict use, and what its gate asks people to agree to; at most 20."""
    found = 0
    for declared in (*_gates(document.front), *_sentences(document)):
        if found < MOST:
            found += 1
            yield declared


def _gates(blocks: tuple[FrontMatter, ...]) -> Iterator[Declared]:
    for block in blocks:
        for key in GATES:
            for leaf in block.values(key):
                for sentence in sentences(leaf.text):
                    if rule := _first(load_restrictions().gate, sentence):
                        yield _declare(rule, sentence, Span(leaf.line, leaf.line), leaf.pointer)


def _sentences(document: Document) -> Iterator[Declared]:
    table = load_restrictions()
    for section in document.sections:
        for block in section.blocks:
            for sentence in sentences(block.text) if block.kind not in {"code", "head", "row"} else ():
                if not _holds(table.about, sentence) or _holds(table.unless, sentence):
                    continue
                if rule := _first(table.rules, sentence):
                    yield _declare(rule, sentence, Span(block.first, block.last), None)


def _declare(rule: Rule, sentence: str, span: Span, pointer: str | None) -> Declared:
    told = excerpt(sentence)
    return Declared(rule.id, Component.UNSPECIFIED, Scope.TREE, source=Source.POLICY, span=span, pointer=pointer, excerpt=told)


def _first(rules: tuple[Rule, ...], sentence: str) -> Rule | None:
    return next((rule for rule in rules if _holds(rule.words, sentence)), None)


def _holds(words: str, sentence: str) -> bool:
    return re.search(words, sentence, re.IGNORECASE) is not None
