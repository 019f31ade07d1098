"""What prose says about training data, aspect by aspect: described, only mentioned, or withheld.

The rules are a table, `standards/data-signals.toml`; this is the engine that applies them to the sections of a document. It is strict on
purpose: a sentence counts only where it speaks of training data, and describes only if it names an object.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from inspector.documents import Block, Document, Section
from inspector.mentions import TELLING, name_words, share_name
from inspector.model import Claim, Count
from inspector.particulars import find_particulars
from inspector.prose import Link, excerpt, sentences
from inspector.signal_table import Rule, TableRule, found, found_all, load_signals

MAX_UNITS = 20_000
MAX_CODE = 4000
OPENING = 6
LABEL = 40
OTHER_MODEL = re.compile(
    r"\W*([A-Z][\w.]*(?:[ -][A-Z\d][\w.]*){0,3})( itself| models?)? (was|were|is|are|has been|have been) (pre-?)?trained\b"
)
RANK = {Claim.WITHHELD: 0, Claim.DESCRIBED: 1, Claim.MENTIONED: 2}


@dataclass(frozen=True, slots=True)
class Signal:
    """One aspect in one section: what is claimed, the section's lines, the sentence, and each rule that was met with its line."""

    aspect: str
    claim: Claim
    first: int
    last: int
    excerpt: str
    seen: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, list item with its lead-in, table row or block of code; `topical` if its section is about training data."""

    text: str
    line: int
    links: tuple[Link, ...]
    topical: bool
    code: bool = False
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A section that is not about something else: whether it is about training data, its units, and those that speak of training data."""

    section: Section
    topical: bool
    units: tuple[Unit, ...]
    spoken: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that was met in a unit."""

    aspect: str
    claim: Claim
    rule: str
    unit: Unit


def read_signals(document: Document, *, about_data: bool = False, name: str = "") -> tuple[Signal, ...]:
    """List what a document says of training data, at most once per section and aspect.

    `about_data` says that the whole document is about data: the card of a data set. `name` is what its root is called: what is said of models of
    other names says nothing here.
    """
    thin = is_summary(document)
    signals: list[Signal] = []
    for part in read_spoken(document, about_data=about_data, name=name):
        hits = [hit for unit in part.spoken for hit in _hits(unit)]
        hits += [hit for unit in part.units for hit in _anywhere(unit)]
        hits += _table_hits(part.section, part.topical)
        signals += _signals(part.section, _thinned(part.section, part.units, hits) if thin else hits)
    return _settle(signals)


def read_spoken(document: Document, *, about_data: bool = False, name: str = "") -> Iterator[Spoken]:
    """Give the sections that can speak of training data, each with its units; what is about models of other names is left out."""
    called = name_words(document.title) | name_words(name)
    topic = load_signals().topic
    about, thin = about_data or is_about_data(document), is_summary(document)
    units = 0
    for section in document.sections:
        if units >= MAX_UNITS or is_excluded(section) or _is_placeholder(section):
            continue
        topical = about or any(found(topic.headings, heading) for heading in section.path)
        read = tuple(islice(chain(read_units(section, topical), _rows(section) if thin else ()), MAX_UNITS - units))
        read = tuple(unit for unit in read if not _is_of_another(unit, called))
        units += len(read)
        yield Spoken(section, topical, read, tuple(unit for unit in read if _speaks(unit)))


def is_about_data(document: Document) -> bool:
    """Say whether the title or the first paragraphs call the document one about a data set."""
    texts = [document.title]
    for section in document.sections[:3]:
        texts += [block.text for block in section.blocks[:OPENING] if block.kind in {"text", "item"}]
    return any(found(load_signals().topic.subjects, sentence) for text in texts[:OPENING] for sentence in sentences(text))


def is_summary(document: Document) -> bool:
    """Say whether a document is a filled template of the European public summary: categories, and now and then more than that."""
    texts = [document.title] + [section.heading for section in document.sections[:40]]
    return sum(found(load_signals().topic.summaries, text) for text in texts) >= 1


def is_excluded(section: Section) -> bool:
    """Say whether a heading above the section, or its own, is about something else: evaluation, bias, citations, installation."""
    topic = load_signals().topic
    if any(found(topic.excluded, heading) and not found(topic.kept, heading) for heading in section.path):
        return True
    deciding = next((heading for heading in reversed(section.path) if found(topic.aside + topic.headings, heading)), "")
    return found(topic.aside, deciding) and not found(topic.headings, deciding)


def _is_placeholder(section: Section) -> bool:
    texts = [block.text for block in section.blocks if block.kind in {"text", "item", "html"}]
    return bool(texts) and found(load_signals().topic.placeholders, texts[0])


def read_units(section: Section, topical: bool) -> Iterator[Unit]:
    """Cut a section into the units that rules are applied to."""
    lead = ""
    for block in section.blocks:
        if block.kind == "code":
            if topical or found(load_signals().topic.headings + load_signals().topic.sentences, lead):
                yield Unit(block.text[:MAX_CODE], block.first, (), topical=True, code=True)
        elif block.kind in {"text", "item", "html"}:
            yield from _sentences(block, lead if block.kind == "item" else "", topical)
            lead = block.text[-300:] if block.kind != "item" else lead


def _sentences(block: Block, lead: str, topical: bool) -> Iterator[Unit]:
    prefix = f"{lead} " if lead.endswith(":") else ""
    for sentence in sentences(block.text):
        links = tuple(link for link in block.links if _stands_in(link, sentence) or block.kind == "html")
        yield Unit(prefix + sentence, block.first, links, topical or _labelled(lead) or _labelled(sentence), shown=sentence)


def _stands_in(link: Link, sentence: str) -> bool:
    return link.text in sentence if link.text else link.target in sentence


def _labelled(text: str) -> bool:
    """Say whether a text begins with a short label that speaks of training data: `Data: ...`, `Datasets:`."""
    label, colon, _ = text[:LABEL].partition(":")
    return bool(colon) and found(load_signals().topic.headings, label) and not found(load_signals().topic.excluded, label)


def _speaks(unit: Unit) -> bool:
    topic = load_signals().topic
    return (unit.topical or found(topic.sentences, unit.text)) and not found(topic.skip + topic.placeholders, unit.text)


def _is_of_another(unit: Unit, called: frozenset[str]) -> bool:
    """Say whether a sentence begins with the name of another model: "GPT-3 was trained on"."""
    match = OTHER_MODEL.match(unit.shown or unit.text)
    return match is not None and bool(called) and bool(TELLING.search(match[1])) and not share_name(name_words(match[1]), called)


def _anywhere(unit: Unit) -> Iterator[Hit]:
    for rule in load_signals().anywhere if not unit.code else ():
        if _meets(rule, unit):
            yield Hit(rule.aspect, Claim.MENTIONED, rule.id, unit)


def _hits(unit: Unit) -> Iterator[Hit]:
    table = load_signals()
    refused = [rule for rule in table.refusals if not unit.code and _meets(rule, unit)]
    for refusal in refused:
        yield Hit(refusal.aspect, Claim.WITHHELD, refusal.id, unit)
    for aspect in () if refused else table.aspects:
        for claim, rules in ((Claim.DESCRIBED, aspect.strong), (Claim.MENTIONED, aspect.weak)):
            for rule in rules:
                if (rule.code or not unit.code) and (unit.topical or not rule.topical) and _meets(rule, unit):
                    yield Hit(aspect.id, claim, rule.id, unit)


def _meets(rule: Rule, unit: Unit) -> bool:
    if not found_all(rule.all, unit.text) or (rule.unless and found((rule.unless,), unit.text)):
        return False
    return not rule.needs or any(_holds(name, unit) for name in rule.needs)


def _holds(name: str, unit: Unit) -> bool:
    table = load_signals()
    if not name.endswith("link"):
        return found((table.objects[name],), unit.text)
    kind = name.removesuffix("link").removesuffix("-")
    targets = [link.target for link in unit.links if not link.target.startswith(("#", "mailto:"))]
    return any(not kind or found((table.links[kind],), target) for target in targets)


def _rows(section: Section) -> Iterator[Unit]:
    """Give the rows of tables as units: in a filled template a row is a question with its answer."""
    for row in section.rows:
        yield Unit(row.text, row.first, row.links, topical=True, shown=row.text)


def _thinned(section: Section, read: tuple[Unit, ...], hits: list[Hit]) -> list[Hit]:
    """Weaken what a summary by categories seems to describe, and add what its answers say in particular."""
    weak = [Hit(hit.aspect, Claim.MENTIONED, hit.rule, hit.unit) if hit.claim is Claim.DESCRIBED else hit for hit in hits]
    answers = [(unit.text, unit.links) for unit in read]
    own = [Hit(rule.aspect, Claim.DESCRIBED, rule.id, read[index]) for rule, index in find_particulars(section.path, answers)]
    return weak + own


def _table_hits(section: Section, topical: bool) -> Iterator[Hit]:
    for head, rows in read_tables(section):
        for rule in load_signals().tables:
            named = any(found((r"\btraining data\b",), cell) for cell in head.cells)
            if not (topical or named) or found((rule.unless,) if rule.unless else (), head.text):
                continue
            met = [row for row in rows if _row_meets(rule, row)]
            if all(any(found((pattern,), cell) for cell in head.cells) for pattern in rule.head) and len(met) >= rule.rows:
                claim = Claim.MENTIONED if rule.weak else Claim.DESCRIBED
                yield Hit(rule.aspect, claim, rule.id, Unit(met[0].text, met[0].first, met[0].links, topical, shown=met[0].text))


def _row_meets(rule: TableRule, row: Block) -> bool:
    if rule.links:
        table = load_signals()
        return any(not found((table.links["paper"],), link.target) and "://" in link.target for link in row.links)
    return any(found((rule.cell,), cell) for cell in row.cells)


def read_tables(section: Section) -> Iterator[tuple[Block, tuple[Block, ...]]]:
    """Give each table of a section: its head and its rows."""
    table = section.rows
    heads = [index for index, row in enumerate(table) if row.kind == "head"]
    for place, index in enumerate(heads):
        end = heads[place + 1] if place + 1 < len(heads) else len(table)
        yield table[index], table[index + 1 : end]


def _signals(section: Section, hits: list[Hit]) -> Iterator[Signal]:
    for aspect in sorted({hit.aspect for hit in hits}):
        best = min((hit.claim for hit in hits if hit.aspect == aspect), key=lambda claim: RANK[claim])
        chosen = [hit for hit in hits if hit.aspect == aspect and hit.claim is best]
        seen = tuple(sorted({Count(hit.rule, hit.unit.line) for hit in chosen}, key=lambda count: (count.number, count.name)))
        words = excerpt(chosen[0].unit.shown or chosen[0].unit.text)
        yield Signal(aspect, best, section.first, section.last, words, seen)


def _settle(signals: list[Signal]) -> tuple[Signal, ...]:
    """Let labels contradict "no labels were used", and vendors "nothing was bought": then each is mentioned only."""
    against = {"self-supervised": "labeling", "no-third-party": "third-party-listing"}
    spoken = {signal.aspect for signal in signals if signal.claim is not Claim.WITHHELD}
    return tuple(_weaken(signal) if against.get(signal.aspect) in spoken else signal for signal in signals)


def _weaken(signal: Signal) -> Signal:
    claim = Claim.MENTIONED if signal.claim is Claim.DESCRIBED else signal.claim
    return Signal(signal.aspect, claim, signal.first, signal.last, signal.excerpt, signal.seen)
