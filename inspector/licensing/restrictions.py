"""Sentences that restrict use: "for non-commercial purposes only". Beside an open licence they take away what it grants.

The words are a table, `standards/restrictions.toml`. A restriction never grants anything, and reaches the directory of its document and below. It
may be a sentence, in English or in a language of `restriction_tongues.py`, a heading, the words of a picture, an answer to a question, or a row.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from inspector.detector import Declared
from inspector.documents.document import Block, Document, Section
from inspector.documents.front_matter import FrontMatter, Leaf
from inspector.documents.prose import excerpt, sentences
from inspector.licensing.mentions import find_parts, holds, name_words, share_name
from inspector.licensing.restriction_tongues import find_limit
from inspector.model import Component, Frozen, Scope, Source, Span
from inspector.tables import load_table

MOST = 20
GATE = "extra_gated_"
SHUT_OUT = "extra_gated_eu_disallowed"
LONGEST = 4_000
LONGEST_QUESTION = 300
WIDE_STOP = re.compile(r"(?<=[。！？；])")


class Rule(Frozen, frozen=True):
    """Words that restrict, with the reason why they do, words that have to stand beside them, and words beside which they do not.

    One that stands `alone` needs no subject: it is about what its document is about.
    """

    id: str
    words: str
    why: str
    unless: str | None = None
    also: str | None = None
    alone: bool = False


class Subject(Frozen, frozen=True):
    """Words for what is restricted, the component they stand for, and whether it is anything that is judged here."""

    words: str
    covers: Component = Component.UNSPECIFIED
    here: bool = True


class Words(Frozen, frozen=True):
    """Words alone."""

    words: str


class Answers(Frozen, frozen=True):
    """Questions whether something is allowed, and the beginnings of answers that deny it."""

    id: str
    asks: str
    denies: str
    why: str


class Rows(Frozen, frozen=True):
    """Labels of tables with the cells that deny what they name, and labels of use with the cells that limit it."""

    id: str
    labels: str
    denies: str
    uses: str
    limits: str
    why: str


class RestrictionTable(Frozen, frozen=True):
    """The whole table."""

    needs: Words
    about: tuple[Subject, ...]
    unless: Words
    rules: tuple[Rule, ...]
    answers: Answers
    rows: Rows
    gate: tuple[Rule, ...]
    header: tuple[Rule, ...]


@cache
def load_restrictions() -> RestrictionTable:
    """Read the table once."""
    return load_table("restrictions.toml", RestrictionTable)


def read_restrictions(document: Document) -> Iterator[Declared]:
    """List the sentences of a document that restrict use, and what its gate asks people to agree to; at most 20."""
    yield from islice(_gates(document.front), MOST)
    yield from islice(_sentences(document), MOST)


def restrict_text(text: str, scope: Scope, *, first_line: int = 0, pointer: str | None = None) -> Iterator[Declared]:
    """List the sentences of a short text, such as a value of metadata or a comment, that restrict use; of its first 4,000 characters."""
    for sentence in split_sentences(text[:LONGEST]):
        if rule := find_restriction(sentence):
            span = Span(first_line, first_line + text.count("\n")) if first_line else None
            yield _declare(rule, sentence, Component.UNSPECIFIED, scope, span, pointer)


def find_restriction(sentence: str) -> Rule | None:
    """Give the rule by which a sentence restricts what it stands beside, whatever its subject is."""
    table = load_restrictions()
    rule = _first((*table.rules, *table.header), sentence) if holds(table.needs.words, sentence) else None
    limit = None if rule else find_limit(sentence)
    return _of_tongue(limit[0]) if limit and limit[1] else rule


def split_sentences(text: str) -> Iterator[str]:
    """Split a text into sentences, also at the full stops of Chinese and Japanese."""
    for sentence in sentences(text):
        yield from (part for part in WIDE_STOP.split(sentence) if part)


@cache
def _of_tongue(language: str) -> Rule:
    return Rule(f"limits-{language}", "", "words of this language that limit use stand together")


def _gates(blocks: tuple[FrontMatter, ...]) -> Iterator[Declared]:
    for block in blocks:
        for leaf in block.leaves:
            if leaf.key.casefold().startswith(GATE):
                for sentence in _asked(leaf):
                    if rule := _first_of_gate(sentence):
                        yield _declare(rule, sentence, Component.UNSPECIFIED, Scope.TREE, Span(leaf.line, leaf.line), leaf.pointer)


def _asked(leaf: Leaf) -> Iterator[str]:
    """List the sentences of a gate's field: its value, and the name of the field, which is what a box to tick says."""
    if leaf.key.casefold() == SHUT_OUT and leaf.text.casefold() == "true":
        yield "Must not be used in the European Union."
    yield from split_sentences(leaf.text)
    for part in leaf.pointer.split("/")[2:]:
        yield part.replace("~1", "/").replace("~0", "~")


def _first_of_gate(sentence: str) -> Rule | None:
    limit = find_limit(sentence)
    return _of_tongue(limit[0]) if limit else _first(load_restrictions().gate, sentence)


def _sentences(document: Document) -> Iterator[Declared]:
    called = name_words(document.title)
    for section in document.sections:
        told = [(sentence, block) for block in section.blocks for sentence in _said_in(block)]
        for place, (sentence, block) in enumerate(told):
            before = told[place - 1][0] if place else section.heading
            if found := judge_sentence(sentence, called) or _denied(before, sentence):
                rule, covers = found
                yield _declare(rule, sentence, covers, Scope.TREE, Span(block.first, max(block.first, block.last)), None)
        for block in section.blocks:
            yield from _pictures(block)
        yield from _heading(section)
        yield from _rows(section, called)


def _said_in(block: Block) -> Iterator[str]:
    """List the sentences of a block: of a row those of its cells."""
    for text in block.cells or (block.text,):
        yield from split_sentences(text)


def _pictures(block: Block) -> Iterator[Declared]:
    """List the pictures and badges whose words restrict: "License: CC BY-NC 4.0"."""
    for words in block.pictures:
        if (rule := find_restriction(words)) and is_about_here(words):
            yield _declare(rule, words, Component.UNSPECIFIED, Scope.TREE, Span(block.first, max(block.first, block.last)), None)


def _heading(section: Section) -> Iterator[Declared]:
    found = judge_sentence(section.heading) if section.heading else None
    if found and not section.heading.rstrip().endswith("?"):
        yield _declare(found[0], section.heading, found[1], Scope.TREE, Span(section.first, section.first), None)


def _denied(question: str, answer: str) -> tuple[Rule, Component] | None:
    table = load_restrictions().answers
    if len(question) > LONGEST_QUESTION or not holds(table.asks, question) or not holds(table.denies, answer):
        return None
    return (Rule(table.id, "", table.why), Component.UNSPECIFIED) if is_about_here(question) else None


def _rows(section: Section, called: frozenset[str]) -> Iterator[Declared]:
    """List the cells that deny what their row's label or their column's head names, or that limit the use which it names."""
    table = load_restrictions().rows
    rule = Rule(table.id, "", table.why)
    for block, number, cell, head in section.cells:
        label = block.cells[0]
        ours = bool(number) and (bool(find_parts(label)) or share_name(name_words(label), called))
        labels = (label if number == 1 and len(block.cells) == 2 else "", head[number] if ours and number < len(head) else "")
        denied = holds(table.denies, cell) and any(holds(table.labels, label) for label in labels)
        limited = any(holds(table.uses, label) for label in labels) and (holds(table.limits, cell) or find_limit(cell))
        if denied or (limited and is_about_here(label)):
            yield _declare(rule, block.text, Component.UNSPECIFIED, Scope.TREE, Span(block.first, block.last), None)


def judge_sentence(sentence: str, called: frozenset[str] = frozenset()) -> tuple[Rule, Component] | None:
    """Say by which rule a sentence restricts what; None when it restricts nothing here.

    `called` are the words that the document's title gives the model: a sentence that names it so is about its parameters.
    """
    table = load_restrictions()
    if (limit := find_limit(sentence)) and limit[1]:
        return _of_tongue(limit[0]), limit[1]
    if not holds(table.needs.words, sentence) or not (rule := _first(table.rules, sentence)) or holds(table.unless.words, sentence):
        return None
    subject = next((subject for subject in table.about if holds(subject.words, sentence)), None)
    if subject is None:
        if called and share_name(name_words(sentence), called):
            return rule, Component.PARAMETERS
        alone = rule if rule.alone else _first(tuple(other for other in table.rules if other.alone), sentence)
        return (alone, Component.UNSPECIFIED) if alone else None
    return (rule, subject.covers) if subject.here else None


def is_about_here(sentence: str) -> bool:
    """Say whether a sentence can be about what is judged here: not, where it names data alone."""
    subject = next((subject for subject in load_restrictions().about if holds(subject.words, sentence)), None)
    return subject is None or subject.here


def _declare(rule: Rule, sentence: str, covers: Component, scope: Scope, span: Span | None, pointer: str | None) -> Declared:
    return Declared(rule.id, covers, scope, source=Source.POLICY, span=span, pointer=pointer, excerpt=excerpt(sentence))


def _first(rules: tuple[Rule, ...], sentence: str) -> Rule | None:
    return next((rule for rule in rules if _applies(rule, sentence)), None)


def _applies(rule: Rule, sentence: str) -> bool:
    beside = rule.also is None or holds(rule.also, sentence)
    return beside and holds(rule.words, sentence) and not (rule.unless and holds(rule.unless, sentence))
