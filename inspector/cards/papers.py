"""Papers: what an article or report is, whether it is about the system that it lies beside, and what it says of training data.

The words are `standards/paper-words.toml`. A paper that somebody keeps for reading describes another system: unless the user passed it as
documents of this one, its title or its first words must share a name with the root, else what it describes is only mentioned.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

import msgspec

from inspector.bundle import File
from inspector.cards.card import tell_data, tell_references
from inspector.data_information.named_sets import tell_named_sets
from inspector.data_information.topics import is_summary
from inspector.detector import Declared, Found, Said
from inspector.documents.document import Document, Section
from inspector.licensing.mentions import TELLING, name_words, share_name
from inspector.licensing.prose_terms import read_terms
from inspector.licensing.restrictions import read_restrictions
from inspector.model import Certainty, Claim, Component, Constructs, Frozen, Issue, Location, Role, Scope, Severity
from inspector.tables import load_table

OPENING = 3_000
SUMMARY = "training-content-summary"
NAME = re.compile(r"[A-Za-z][\w.+-]{1,40}")
# The headings of a data sheet. Source: Gebru et al., Datasheets for Datasets, arXiv:1803.09010.
SHEET = (
    re.compile(r"\bmotivation\b", re.I),
    re.compile(r"\bcomposition\b", re.I),
    re.compile(r"\bcollection process\b", re.I),
    re.compile(r"\bpre-?processing ?(/|,|and)? ?(cleaning)?.{0,20}\b(labell?ing)?\b", re.I),
    re.compile(r"^\W*(\d+\W+)?uses\b", re.I),
    re.compile(r"\bdistribution\b", re.I),
    re.compile(r"\bmaintenance\b", re.I),
)
# What a paper calls itself where it states terms, and licences of texts: under others, "this work" may be the code.
OF_ITSELF = re.compile(r"\bthis work\b[^.;]{0,40}\b(licen[cs]ed|distributed|published|available)\b", re.I)
OF_TEXTS = re.compile(r"\bcc\b|creative commons", re.I)
READ = frozenset({Component.RESEARCH_PAPER, Component.TECHNICAL_REPORT, Component.DATA_CARD, Component.MODEL_CARD})


class Kind(Frozen, frozen=True):
    """A kind of document: words of its title and of its file's name."""

    component: Component
    titles: tuple[str, ...]
    names: tuple[str, ...]


class Words(Frozen, frozen=True):
    """What tells papers, their sections and their subjects apart."""

    elsewhere: tuple[str, ...]
    aside: tuple[str, ...]
    headings: tuple[str, ...]
    references: tuple[str, ...]
    abstract: tuple[str, ...]
    introduction: tuple[str, ...]


class PaperTable(Frozen, frozen=True):
    """The whole table."""

    kinds: tuple[Kind, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that is a paper, a report or a sheet: what it is, how that is known, and why."""

    component: Component
    certainty: Certainty
    reason: str


@cache
def load_paper_words() -> PaperTable:
    """Read the table once."""
    return load_table("paper-words.toml", PaperTable)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


def is_worded(patterns: Iterable[str], text: str) -> bool:
    """Say whether one of some expressions of the table is found in a text."""
    return any(_compiled(pattern).search(text) for pattern in patterns)


def judge_paper(name: str, document: Document, *, abstract: bool) -> Paper | None:
    """Say what a document is: by its title, by an abstract, else by the name of its file; None when nothing says so."""
    table = load_paper_words()
    for kind in table.kinds:
        if kind.titles and is_worded(kind.titles, document.title):
            return Paper(kind.component, Certainty.MATCHED, "title")
    if is_data_sheet(document):
        return Paper(Component.DATA_CARD, Certainty.MATCHED, "headings")
    if is_summary(document):
        return Paper(Component.DATA_CARD, Certainty.MATCHED, SUMMARY)
    if abstract:
        return Paper(Component.RESEARCH_PAPER, Certainty.MATCHED, "abstract")
    named = next((kind.component for kind in table.kinds if is_worded(kind.names, name)), None)
    return Paper(named, Certainty.NAMED, "name") if named else None


def is_data_sheet(document: Document) -> bool:
    """Say whether at least four of the seven headings of a data sheet are there, with text below them."""
    headings = [section.heading for section in document.sections if section.blocks]
    return sum(any(pattern.search(heading) for heading in headings) for pattern in SHEET) >= 4


def has_heading(document: Document, patterns: Iterable[str]) -> bool:
    """Say whether a section, its number aside, is called like one of some expressions."""
    return any(is_worded(patterns, section.heading.lstrip("0123456789. ").strip()) for section in document.sections)


def is_elsewhere(document: Document) -> bool:
    """Say whether a title announces a benchmark, a survey or an attack: such papers speak of data that no system here was trained on."""
    return is_worded(load_paper_words().words.elsewhere, document.title)


def is_of_root(file: File, document: Document) -> bool:
    """Say whether a paper is about the system it lies beside: it was passed as data or documents, or shares a name with the root."""
    if file.root.role in {Role.DATA, Role.DOCS}:
        return True
    opening = " ".join(block.text for section in document.sections[:3] for block in section.blocks[:3])[:OPENING]
    names = " ".join(word for word in NAME.findall(opening) if TELLING.search(word) or word.isupper())
    return share_name(name_words(file.root.name), name_words(document.title) | name_words(names))


def without_asides(document: Document) -> Document:
    """Leave out the sections that speak of other people's work or of experiments."""
    words = load_paper_words().words
    kept = tuple(section for section in document.sections if not _is_aside(section, words))
    return replace(document, sections=kept)


def _is_aside(section: Section, words: Words) -> bool:
    return any(is_worded(words.aside, heading) for heading in section.path)


def tell_paper(file: File, document: Document, paper: Paper) -> Iterator[Said]:
    """Give what a paper says of training data, its own papers and repositories, and the terms it states, with the lines of the document."""
    if is_elsewhere(document):
        return
    own, read = is_of_root(file, document), without_asides(document)
    told = tuple(tell_data(read, about_data=paper.component is Component.DATA_CARD, name=file.root.name))
    if own:
        yield from told
        about_data = paper.component is Component.DATA_CARD
        yield from tell_named_sets(read, file.root.name, file.path, about_data=about_data, name=file.root.name)
        yield from tell_references(read, own_paper_only=True)
        yield from _terms(read)
        return
    yield from (replace(found, claim=Claim.MENTIONED) if found.claim is Claim.DESCRIBED else found for found in told)
    if any(found.claim is Claim.DESCRIBED for found in told):
        yield Issue(
            rule="paper.names-another",
            severity=Severity.NOTE,
            message=f"{document.title[:120] or 'this paper'!r} describes training data, but nothing says that it is about {file.root.name}",
            locations=(Location(root=file.root.name, path=file.path),),
            settle="Pass it as documents of this system, if it is about it: `--with docs=PATH`.",
        )


def present(paper: Paper, told: Iterable[Said], value: str) -> Found:
    """Say that a paper is there; a public summary that describes nothing in particular is mentioned only."""
    described = any(isinstance(said, Found) and said.claim is Claim.DESCRIBED for said in told)
    claim = Claim.PRESENT if described or paper.reason != SUMMARY else Claim.MENTIONED
    return Found(paper.component, claim, SUMMARY if paper.reason == SUMMARY else value, paper.certainty)


def at_place(said: Said, place: str) -> Said:
    """Give a numbered place (`/pages/4`) where a document whose lines are such numbers gives lines: that of the sentence that was seen first."""
    if isinstance(said, Issue):
        return msgspec.structs.replace(said, locations=tuple(_at_place(location, place) for location in said.locations))
    if not isinstance(said, Found | Declared) or said.span is None:
        return said
    number = said.span.start
    if isinstance(said, Found) and isinstance(said.details, Constructs) and said.details.seen:
        number = said.details.seen[0].number
    return replace(said, span=None, pointer=f"{place}/{number}")


def _at_place(location: Location, place: str) -> Location:
    span = location.span
    return location if span is None else msgspec.structs.replace(location, span=None, pointer=f"{place}/{span.start}")


def _terms(document: Document) -> Iterator[Declared]:
    """Give the terms that a paper states, each once: its own, under which it tells of the data, and those of what was made.

    Of data only those of what its title names: "this corpus" is a source that the paper speaks of.
    """
    name, colon, _ = document.title.partition(":")
    seen: set[Declared] = set()
    for declared in read_terms(document):
        excerpt, said = declared.excerpt or "", declared
        if OF_ITSELF.search(excerpt) and OF_TEXTS.search(declared.text):
            said = replace(declared, component=Component.DATASETS, scope=Scope.FILE)
        elif declared.component is Component.DATASETS and not (colon and share_name(name_words(name), name_words(excerpt))):
            continue
        if said not in seen:
            seen.add(said)
            yield said
    yield from read_restrictions(document)
