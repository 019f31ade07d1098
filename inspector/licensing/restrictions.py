"""Sentences that restrict use: "for non-commercial purposes only". Beside an open licence they take away what it grants.

The words are a table, `standards/restrictions.toml`. A restriction never grants anything, and reaches the directory of its document and below.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from inspector.detector import Declared
from inspector.documents.document import Document
from inspector.documents.front_matter import FrontMatter, Leaf
from inspector.documents.prose import excerpt, sentences
from inspector.licensing.mentions import name_words, share_name
from inspector.model import Component, Frozen, Scope, Source, Span
from inspector.tables import load_table

MOST = 20
GATE = "extra_gated_"
LONGEST = 4_000


class Rule(Frozen, frozen=True):
    """Words that restrict, with the reason why they do, and words beside which they do not."""

    id: str
    words: str
    why: str
    unless: str | None = None


class Subject(Frozen, frozen=True):
    """Words for what is restricted, the component they stand for, and whether it is anything that is judged here."""

    words: str
    covers: Component = Component.UNSPECIFIED
    here: bool = True


class Words(Frozen, frozen=True):
    """Words alone."""

    words: str


class RestrictionTable(Frozen, frozen=True):
    """The whole table."""

    needs: Words
    about: tuple[Subject, ...]
    unless: Words
    rules: tuple[Rule, ...]
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
    table = load_restrictions()
    for sentence in sentences(text[:LONGEST]):
        if rule := _first((*table.rules, *table.header), sentence):
            span = Span(first_line, first_line + text.count("\n")) if first_line else None
            yield _declare(rule, sentence, Component.UNSPECIFIED, scope, span, pointer)


def _gates(blocks: tuple[FrontMatter, ...]) -> Iterator[Declared]:
    for block in blocks:
        for leaf in block.leaves:
            if leaf.key.casefold().startswith(GATE):
                for sentence in _asked(leaf):
                    if rule := _first(load_restrictions().gate, sentence):
                        yield _declare(rule, sentence, Component.UNSPECIFIED, Scope.TREE, Span(leaf.line, leaf.line), leaf.pointer)


def _asked(leaf: Leaf) -> Iterator[str]:
    """List the sentences of a gate's field: its value, and the name of the field, which is what a box to tick says."""
    yield from sentences(leaf.text)
    for part in leaf.pointer.split("/")[2:]:
        yield part.replace("~1", "/").replace("~0", "~")


def _sentences(document: Document) -> Iterator[Declared]:
    called = name_words(document.title)
    for section in document.sections:
        for block in section.blocks:
            for sentence in sentences(block.text) if block.kind not in {"head", "row"} else ():
                if found := judge_sentence(sentence, called):
                    rule, covers = found
                    yield _declare(rule, sentence, covers, Scope.TREE, Span(block.first, max(block.first, block.last)), None)


def judge_sentence(sentence: str, called: frozenset[str] = frozenset()) -> tuple[Rule, Component] | None:
    """Say by which rule a sentence restricts what; None when it restricts nothing here.

    `called` are the words that the document's title gives the model: a sentence that names it so is about its parameters.
    """
    table = load_restrictions()
    if not _holds(table.needs.words, sentence) or not (rule := _first(table.rules, sentence)) or _holds(table.unless.words, sentence):
        return None
    subject = next((subject for subject in table.about if _holds(subject.words, sentence)), None)
    if subject is None:
        return (rule, Component.PARAMETERS) if called and share_name(name_words(sentence), called) else None
    return (rule, subject.covers) if subject.here else None


def _declare(rule: Rule, sentence: str, covers: Component, scope: Scope, span: Span | None, pointer: str | None) -> Declared:
    return Declared(rule.id, covers, scope, source=Source.POLICY, span=span, pointer=pointer, excerpt=excerpt(sentence))


def _first(rules: tuple[Rule, ...], sentence: str) -> Rule | None:
    return next((rule for rule in rules if _holds(rule.words, sentence) and not (rule.unless and _holds(rule.unless, sentence))), None)


def _holds(words: str, sentence: str) -> bool:
    return _compiled(words).search(sentence) is not None


@cache
def _compiled(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)
