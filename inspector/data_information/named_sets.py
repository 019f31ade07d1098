"""Data sets that a document names: in tables and lists of sources, in sentences on training data, by links, in headings and in commands.

Only what speaks of training data is read, as for the signals of it; what a sentence compares with, evaluates on or leaves out is none. A name counts
where the structure says that it is one, where it links to a page of a data set, or where it is well known (`standards/corpora.toml`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.data_information.corpora import hub_id, load_corpora
from inspector.data_information.open_lists import find_open_list
from inspector.data_information.set_lists import read_items
from inspector.data_information.set_words import (
    amount_in,
    expression,
    holds,
    is_data_place,
    is_of_data,
    is_platform,
    load_set_words,
    name_of_link,
)
from inspector.data_information.source_tables import Gap, read_source_tables
from inspector.data_information.spoken import Spoken, read_spoken
from inspector.data_information.topics import is_about_data, is_promised, is_skipped, is_spoken
from inspector.data_information.units import Unit
from inspector.detector import Found
from inspector.documents.document import Block, Document
from inspector.documents.prose import excerpt
from inspector.model import Certainty, Claim, Component, Issue, Location, NamedSet, Severity, Span

MOST = 1000
MOST_GAPS = 20
OPENING = 6
BESIDE = 100
RULE = "data.unnamed-sources"
CUT = "data.sets-not-listed"
SETTLE = "Name every source, or say how much of the data is not named and why."
IDS = re.compile(
    r"huggingface\.co/datasets/(?P<page>[\w.-]{1,100}/[\w.-]{1,100})"
    r"|\bload_dataset\(\s{0,20}[\"'](?P<loaded>[\w.-]{1,100}(?:/[\w.-]{1,100})?)[\"']"
    r"|repo_id\s?=\s?[\"'](?P<fetched>[\w.-]{1,100}/[\w.-]{1,100})[\"'],?\s{0,20}repo_type\s?=\s?[\"']dataset"
    r"|--dataset(?:_name)?[ =][\"']?(?P<option>[A-Za-z][\w.-]{1,100}/[\w.-]{1,100})(?![\w./-])"
)
FOLLOWING = re.compile(r"\s{0,2}(?:data ?-?set|corpus|data)?\s{0,2}\(([^()]{1,100})\)", re.I)
LOCAL = frozenset(
    {
        "data",
        "dataset",
        "datasets",
        "path",
        "local",
        "home",
        "mnt",
        "input",
        "raw",
        "tmp",
        "out",
        "output",
        "my",
        "your",
        "username",
        "user",
    }
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A data set that is named, at a line, with the words it stands in."""

    named: NamedSet
    line: int
    words: str = ""


def tell_named_sets(document: Document, root: str, path: str, *, about_data: bool = False, name: str = "") -> Iterator[Found | Issue]:
    """Give every data set that a document names for training, at most 1,000, and where it leaves others without a name."""
    if _is_of_evaluation(document):
        return
    seen: set[NamedSet] = set()
    gaps = 0
    about = about_data or is_about_data(document)
    for part in read_spoken(document, about_data=about_data, name=name):
        for item in (*read_source_tables(part), *_mentions(part, about=about)):
            place = Location(root=root, path=path, span=Span(item.line, item.line))
            if isinstance(item, Gap):
                gaps += 1
                if gaps <= MOST_GAPS:
                    yield _issue(item, place)
            elif len(seen) == MOST and item.named not in seen:
                yield Issue(
                    rule=CUT,
                    severity=Severity.LOW,
                    message=f"more than {MOST} data sets are named; not listed from here",
                    locations=(place,),
                )
                return
            elif item.named not in seen:
                seen.add(item.named)
                yield found_set(item.named, item.line, item.words if isinstance(item, Mention) else "")


def found_set(named: NamedSet, line: int, words: str = "", certainty: Certainty = Certainty.MATCHED) -> Found:
    """Make the evidence of a data set that is named at a line."""
    span = Span(line, line) if line else None
    return Found(Component.DATASETS, Claim.NAMED, named.name, certainty, span, details=named, excerpt=excerpt(words) or None)


def named_by_id(text: str) -> NamedSet | None:
    """Make a data set of what code or settings fetch by id: `owner/name`, or the name of a well-known set; None for a path or anything else."""
    text = text.strip()
    owner, slash, name = text.partition("/")
    if not slash:
        return NamedSet(name=text) if load_corpora().with_id(text) else None
    fits = re.fullmatch(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", text)
    if (
        not fits
        or {owner.casefold(), name.casefold()} & LOCAL
        or re.search(r"\.(jsonl?|parquet|csv|txt|tsv|py|ya?ml|zst|gz|bin|npy|arrow)$", name, re.I)
    ):
        return None
    return NamedSet(name=text, id=text)


def _mentions(part: Spoken, *, about: bool) -> Iterator[Mention | Gap]:
    topical = about or any(is_promised(heading) for heading in part.section.path[:-1])
    if topical and part.section.level and load_corpora().named(part.section.heading) and not is_platform(part.section.heading):
        yield Mention(NamedSet(name=part.section.heading), part.section.first)
    units = tuple(_speaking(part))
    items = tuple(read_items(part, {unit.line for unit in units}))
    yield from (Mention(named, block.first, block.text) for named, block in items)
    whole = {(named.name, block.first) for named, block in items}
    for unit in units:
        if unit.code:
            yield from _commands(unit)
        else:
            yield from (item for item in _sentence(unit) if isinstance(item, Gap) or (item.named.name, item.line) not in whole)


def _speaking(part: Spoken) -> Iterator[Unit]:
    """Give the units that speak of training data, and those that say that something was trained on what they name."""
    spoken, trains = set(part.spoken), load_set_words().sentences.trains
    for unit in part.units:
        if unit in spoken or (not unit.code and holds(trains, unit.text) and not is_skipped(unit.text)):
            yield unit


def _sentence(unit: Unit) -> Iterator[Mention | Gap]:
    """Give the well-known sets and the pages of data sets in a sentence that says that they were used."""
    words, text = load_set_words(), unit.shown or unit.text
    lead = unit.text.removesuffix(text)
    against = holds(words.sentences.against, text) or holds(words.lists.against, lead)
    used = not against and holds(words.sentences.speaks, unit.text)
    linked = tuple(_links(unit, text, used=used))
    yield from (mention for mention, _ in linked)
    if not used:
        return
    places = {place for _, place in linked}
    for sighting in load_corpora().sight(text):
        place = (sighting.start, sighting.end)
        if is_of_data(text, *place) and not any(start <= place[0] and place[1] <= end for _, (start, end) in linked):
            places.add(place)
            size, access = _beside(text, *place)
            yield Mention(NamedSet(name=sighting.written, size=size, access=access), unit.line, text)
    if gap := find_open_list(text, sorted(places)):
        yield Gap(unit.line, gap)


def _links(unit: Unit, text: str, *, used: bool) -> Iterator[tuple[Mention, tuple[int, int]]]:
    """Give the links of a sentence to pages of data sets, with where they stand; in a sentence on something else, those called training data."""
    for link in unit.links[:40]:
        if not is_data_place(link.target) or not (used or is_spoken(link.text)):
            continue
        written = link.text or link.target
        place = (text.find(written), text.find(written) + len(written))
        size, access = _beside(text, *place)
        name = name_of_link(link.text, link.target)
        yield Mention(NamedSet(name=name, id=hub_id(link.target), url=link.target[:300], size=size, access=access), link.line, text), place


def _beside(text: str, start: int, end: int) -> tuple[str, str]:
    """Read the amount in parentheses behind a name, and what is said of who can get it, before the name or in the parentheses."""
    follows = FOLLOWING.match(text, end)
    inside = follows[1] if follows else ""
    words = load_set_words().access
    before = expression(words.before).search(text[max(0, start - 30) : max(0, start)])
    within = expression(words.words).search(inside)
    return (amount_in(inside), (before[1] if before else within[0] if within else "").strip())


def _commands(unit: Unit) -> Iterator[Mention]:
    """Give the data sets that commands in a section on training data fetch by their ids."""
    for match in IDS.finditer(unit.text):
        named = named_by_id(match[match.lastgroup or 0])
        if named:
            yield Mention(named, unit.line, match[0])


def _is_of_evaluation(document: Document) -> bool:
    texts: list[str] = [document.title]
    for section in document.sections[:2]:
        texts += [block.text for block in section.blocks[:OPENING] if _is_prose(block)]
    opening = texts[: OPENING // 2]
    return any(holds(load_set_words().sentences.elsewhere, text) and not re.search(r"\btrain", text, re.I) for text in opening)


def _is_prose(block: Block) -> bool:
    return block.kind in {"text", "item"}


def _issue(gap: Gap, place: Location) -> Issue:
    message = f'some sources are named and others are left open: "{excerpt(gap.words)}"'
    return Issue(rule=RULE, severity=Severity.NOTE, message=message, locations=(place,), settle=SETTLE)
