"""What a document and its sections are about: data, a model or a program; training data, evaluation, or something else.

The expressions are `standards/data-topics.toml`.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from inspector.data_information.specifics import analyse
from inspector.documents.document import Document, Section
from inspector.documents.prose import sentences
from inspector.licensing.mentions import PLAIN
from inspector.model import Frozen
from inspector.tables import load_table

OPENING = 6
FIRST_SECTIONS = 2
SUMMARY_HEADINGS = 40


class Topics(Frozen, frozen=True):
    """What tells text about training data from all other text."""

    subjects: tuple[str, ...]
    tools: tuple[str, ...]
    headings: tuple[str, ...]
    excluded: tuple[str, ...]
    aside: tuple[str, ...]
    leaf: tuple[str, ...]
    kept: tuple[str, ...]
    spoken: tuple[str, ...]
    sentences: tuple[str, ...]
    skip: tuple[str, ...]
    placeholders: tuple[str, ...]
    merits: tuple[str, ...]
    summaries: tuple[str, ...]
    trials: tuple[str, ...]


class Subject(StrEnum):
    """What a document is about as a whole."""

    DATA = "data"
    MODEL = "model"
    TOOL = "tool"
    TRIAL = "trial"


class Stance(StrEnum):
    """How a section is read: it is about training data, it may be, only sentences that say so count, or nothing in it counts."""

    DATA = "data"
    OPEN = "open"
    SPOKEN = "spoken"
    CLOSED = "closed"


@lru_cache(maxsize=1)
def load_topics() -> Topics:
    """Read the table once."""
    return load_table("data-topics.toml", Topics)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I | re.M)


def found(patterns: Iterable[str], text: str) -> bool:
    """Say whether one of some expressions is found in a text."""
    return any(_compiled(pattern).search(text) for pattern in patterns)


def opening(document: Document) -> tuple[str, ...]:
    """Give the title and the first sentences of a document."""
    texts = [document.title]
    for section in document.sections[:FIRST_SECTIONS]:
        texts += [block.text for block in section.blocks[:OPENING] if block.kind in {"text", "item"}]
    return tuple(sentence for text in texts[:OPENING] for sentence in sentences(text))


def is_about_data(document: Document) -> bool:
    """Say whether the title or the first paragraphs call the document one about a data set."""
    return any(found(load_topics().subjects, text) for text in opening(document))


def subject_of(document: Document, *, about_data: bool = False, about_model: bool = False) -> Subject:
    """Tell what a document is about; `about_data` and `about_model` are what is known from elsewhere: its kind of card."""
    texts = opening(document)
    if any(found(load_topics().trials, text) for text in texts) and not any(is_training(text) for text in texts):
        return Subject.MODEL if about_model else Subject.TRIAL
    if about_data or is_about_data(document):
        return Subject.DATA
    return Subject.MODEL if about_model else Subject.TOOL


def is_training(text: str) -> bool:
    """Say whether a text speaks of training."""
    return re.search(r"\b(pre-?|fine-?)?(train|tun)(ing|ed|s)?\b", text, re.I) is not None


def is_about_tool(document: Document) -> bool:
    """Say whether the title or the first paragraphs speak of a program."""
    return any(found(load_topics().tools, text) for text in opening(document))


def is_summary(document: Document) -> bool:
    """Say whether a document is a filled template of the European public summary: categories, and now and then more than that."""
    texts = [document.title] + [section.heading for section in document.sections[:SUMMARY_HEADINGS]]
    return any(found(load_topics().summaries, text) for text in texts)


@lru_cache(maxsize=4096)
def is_promised(heading: str) -> bool:
    """Say whether a heading promises training data."""
    return found(load_topics().headings, heading)


def is_excluded(section: Section, title: str = "") -> bool:
    """Say whether a heading above the section, or its own, is about something else: evaluation, bias, citations, installation.

    The title of the document is what it calls the model: its words exclude nothing.
    """
    topics = load_topics()
    path = section.path[1:] if section.path[:1] == (title,) and _names_something(title) else section.path
    if any(found(topics.excluded, heading) and not found(topics.kept, heading) for heading in path):
        return True
    deciding = next((heading for heading in reversed(path) if found(topics.aside, heading) or is_promised(heading)), "")
    return found(topics.aside, deciding) and not is_promised(deciding)


def _names_something(title: str) -> bool:
    """Say whether a title has words beside those that exclude: the name of a model."""
    rest = title
    for pattern in load_topics().excluded:
        rest = _compiled(pattern).sub(" ", rest)
    return any(word not in PLAIN for word in re.findall(r"[^\W\d_]{3,}", rest.casefold()))


def stance_of(section: Section, subject: Subject, title: str, *, first: bool, own: bool) -> Stance:
    """Decide how a section is read.

    `first` says that it is the opening of the document, which introduces the model; `own` that its heading is that of an aspect.
    """
    if is_excluded(section, title) or found(load_topics().leaf, section.heading) or is_placeholder(section):
        return Stance.CLOSED
    if subject is Subject.TRIAL:
        return Stance.CLOSED if not any(is_training(heading) for heading in section.path) else Stance.SPOKEN
    if any(is_promised(heading) for heading in section.path):
        return Stance.DATA
    if not own and _tells_merits(section):
        return Stance.CLOSED
    if subject is Subject.DATA:
        return Stance.DATA
    told = first or not section.path or found(load_topics().spoken, section.heading)
    return Stance.OPEN if subject is Subject.MODEL and not told else Stance.SPOKEN


def is_placeholder(section: Section) -> bool:
    """Say whether a section begins with the words of a template that nobody filled in."""
    texts = [block.text for block in section.blocks if block.kind in {"text", "item", "html"}]
    return bool(texts) and found(load_topics().placeholders, texts[0])


def _tells_merits(section: Section) -> bool:
    return any(found(load_topics().merits, block.text) for block in section.blocks if block.kind in {"text", "item"})


def is_skipped(text: str) -> bool:
    """Say whether a sentence is advice, a plan, or a placeholder."""
    topics = load_topics()
    return found(topics.skip, text) or found(topics.placeholders, text)


SPECIFIC = frozenset({"amount", "count", "figure", "bound", "corpus", "id", "name", "place", "language", "catalogue", "address"})


def is_spoken(text: str) -> bool:
    """Say whether a sentence is about training data wherever it stands."""
    if found(load_topics().sentences, text):
        return True
    analysis = analyse(text)
    return analysis.has("trained") and (analysis.has("data-word") or any(item.kind in SPECIFIC for item in analysis.objects))
