"""Croissant: the description of a data set as JSON-LD, in the vocabulary of Croissant or of schema.org.

What it sees: croissant.json, metadata.json, dataset.json and JSON-LD files that conform to Croissant, or whose type is schema.org's Dataset.
What it says: there is a data card, and of which set; the licence declared for the data; where its files are, with sizes and checksums; what its
properties say of collection, sources, processing and annotation, as specific as their words are, each with its JSON pointer; the paper it asks to be
cited.
What it cannot know: whether the data was used for training, and whether addresses still lead to it. A description that calls itself a benchmark or
an evaluation says nothing of training data.
Source: the Croissant format specification 1.0 and its vocabulary for responsible AI 1.0; schema.org, Dataset.
"""

from collections.abc import Iterator
from itertools import islice

from inspector.bundle import File, printable
from inspector.cards.citations import find_target
from inspector.cards.papers import is_worded, load_paper_words
from inspector.data_information.corpora import hub_id
from inspector.data_information.croissant import count_fields, get, is_data_set, key_of, list_distributions, tell_properties, texts_of
from inspector.data_information.named_sets import found_set
from inspector.data_information.patterns import found, load_patterns
from inspector.detector import Declared, Format, Found, Said, Wants, detector
from inspector.documents.prose import excerpt, sentences
from inspector.model import Certainty, Claim, Component, Constructs, Count, NamedSet, Reference, Scope
from inspector.serialization.strict_json import Json, escape, read_json
from inspector.sources.signals import has_role

MOST_SEEN = 40
MARKS = (b"mlcommons.org/croissant", b"schema.org")
CLAIMS = (Claim.DESCRIBED, Claim.MENTIONED, Claim.WITHHELD, Claim.LICENSED, Claim.NAMED)


@detector(
    "croissant",
    wants=Wants(names=("dataset.json",), suffixes=(".jsonld", "metadata.json"), globs=("*croissant*.json",)),
    formats=("croissant", "json-ld"),
    emits={
        (Component.DATA_CARD, Claim.PRESENT),
        (Component.RESEARCH_PAPER, Claim.REFERENCED),
        *((Component.DATASETS, claim) for claim in CLAIMS),
    },
)
def croissant(file: File) -> Iterator[Said]:
    """Look for the vocabulary in the first bytes, then read the whole strictly."""
    if not file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or not any(mark in file.head for mark in MARKS):
        return
    value = read_json(file)
    if not is_data_set(value):
        return
    yield Format("croissant" if MARKS[0] in file.head else "json-ld")
    if not has_role(file.path):
        return
    yield Found(Component.DATA_CARD, Claim.PRESENT, "json-ld", pointer="/name", excerpt=_name(value))
    yield from _terms(value)
    yield from _paper(value)
    if not _is_of_evaluation(value):
        if named := _named(value):
            yield found_set(named, 0, certainty=Certainty.READ)
        yield from _listing(file, value)
        yield from _properties(value)


def _name(value: dict[str, Json]) -> str | None:
    return excerpt(" ".join(texts_of(get(value, "name"))[:1])) or None


def _named(value: dict[str, Json]) -> NamedSet | None:
    """Read what the set is called, where it is had and its licence: this is its card."""
    name, url, terms = (printable(next(iter(texts_of(get(value, key))), ""))[:200] for key in ("name", "url", "license"))
    return NamedSet(name=name, id=hub_id(url), url=url, license=terms, card=True) if name else None


def _is_of_evaluation(value: dict[str, Json]) -> bool:
    """Say whether the name or the first sentences speak of a benchmark or an evaluation."""
    opening = [text for name in ("name", "alternateName") for text in texts_of(get(value, name))]
    opening += [sentence for text in texts_of(get(value, "description")) for sentence in islice(sentences(text), 2)]
    return is_worded(load_paper_words().words.elsewhere, " ".join(opening))


def _terms(value: dict[str, Json]) -> Iterator[Declared]:
    pointer = f"/{escape(key_of(value, 'license'))}"
    for text in texts_of(get(value, "license")):
        yield Declared(text[:1000], Component.DATASETS, Scope.TREE, pointer=pointer, excerpt=excerpt(text))


def _paper(value: dict[str, Json]) -> Iterator[Found]:
    for name in ("citeAs", "citation"):
        for text in texts_of(get(value, name))[:1]:
            if target := printable(find_target(text))[:200]:
                details = Reference(kind="paper", target=target)
                pointer = f"/{escape(key_of(value, name))}"
                yield Found(Component.RESEARCH_PAPER, Claim.REFERENCED, target, pointer=pointer, details=details, excerpt=excerpt(text))
                return


def _listing(file: File, value: dict[str, Json]) -> Iterator[Found]:
    """Say where the data is: the files with addresses, else the address of the data set where that is a place of data."""
    files = tuple(list_distributions(value))
    if files:
        summed = sum(bool(item.sha256) for item in files)
        words = f"{len(files)} files with addresses, {summed} with a SHA-256, {sum(bool(item.size) for item in files)} with a size"
        seen = tuple(Count(printable(item.address)[:200], _line(file, item.address)) for item in files[:MOST_SEEN])
        yield _told("public-listing", Claim.DESCRIBED, files[0].pointer, words, Constructs(seen=seen))
        sized = next((item for item in files if item.size), None)
        if sized:
            yield _told("scope", Claim.DESCRIBED, f"{sized.pointer}/contentSize", f"contentSize: {sized.size}")
    else:
        for address in texts_of(get(value, "url"))[:1]:
            kinds = load_patterns().links
            claim = Claim.DESCRIBED if found((kinds["dataset"], kinds["hub"]), address) else Claim.MENTIONED
            yield _told("public-listing", claim, f"/{escape(key_of(value, 'url'))}", address)
    if fields := count_fields(value):
        yield _told("scope", Claim.MENTIONED, f"/{escape(key_of(value, 'recordSet'))}", f"record sets with {fields} fields")


def _properties(value: dict[str, Json]) -> Iterator[Found]:
    for told in tell_properties(value):
        seen = Constructs(seen=tuple(Count(rule, 1) for rule in told.rules)) if told.rules else None
        yield _told(told.aspect, told.claim, told.pointer, told.words, seen, Certainty.MATCHED if told.rules else Certainty.READ)


def _told(
    aspect: str, claim: Claim, pointer: str, words: str, details: Constructs | None = None, certainty: Certainty = Certainty.READ
) -> Found:
    return Found(Component.DATASETS, claim, aspect, certainty, pointer=pointer, details=details, excerpt=excerpt(words) or None)


def _line(file: File, text: str) -> int:
    """Find the line that a text stands at; 1 when it is written with escapes."""
    return file.text.count("\n", 0, max(0, file.text.find(text))) + 1
