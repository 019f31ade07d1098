"""What prose says about training data, aspect by aspect: described, only mentioned, or withheld.

The rules are a table, `standards/data-signals.toml`. It is strict on purpose: a sentence counts only where it speaks of training data, and describes
only with specific objects: names, amounts, times, limits, tools. Adjectives never do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from inspector.data_information.particulars import find_particulars
from inspector.data_information.rules import Hit, Place, find_hits
from inspector.data_information.signal_table import aspects_of_heading, load_signals
from inspector.data_information.spoken import is_of_another
from inspector.data_information.tables import find_table_hits, read_tables
from inspector.data_information.topics import Stance, Subject, is_about_data, is_excluded, is_promised, is_summary, stance_of, subject_of
from inspector.data_information.units import Unit, read_units
from inspector.documents.document import Document, Section
from inspector.documents.prose import excerpt
from inspector.licensing.mentions import name_words
from inspector.model import Claim, Count

__all__ = ["Signal", "is_about_data", "is_excluded", "is_summary", "read_signals", "read_tables"]

MAX_UNITS = 10_000
MAX_SHOWN = 8
RANK = {Claim.WITHHELD: 0, Claim.DESCRIBED: 1, Claim.MENTIONED: 2}


@dataclass(frozen=True, slots=True)
class Signal:
    """One aspect in one section: what is claimed, the section's lines, the sentence, and what was seen there.

    `seen` has each rule that was met with its line; where it is described, the objects that make it specific (`amount:3.2 TB`), and where it is only
    mentioned, what is missing.
    """

    aspect: str
    claim: Claim
    first: int
    last: int
    excerpt: str
    seen: tuple[Count, ...]


def read_signals(document: Document, *, about_data: bool = False, about_model: bool = False, name: str = "") -> tuple[Signal, ...]:
    """List what a document says of training data, at most once per section and aspect.

    `about_data` says that the whole document is about data: the card of a data set; `about_model` that it is the card of a model. `name` is what its
    root is called: what is said of models of other names says nothing here.
    """
    title = document.title
    called = name_words(title) | name_words(name)
    subject = subject_of(document, about_data=about_data, about_model=about_model)
    thin = is_summary(document)
    signals: list[Signal] = []
    units = 0
    for number, section in enumerate(document.sections):
        if units >= MAX_UNITS:
            break
        own = frozenset() if _is_title(section, document, subject) else aspects_of_heading(section.heading)
        stance = stance_of(section, subject, title, first=number == 0 or section.heading == title, own=bool(own))
        read = tuple(islice(read_units(section), MAX_UNITS - units))
        read = tuple(unit for unit in read if not is_of_another(unit, called))
        units += max(1, len(read))
        hits = [*find_hits(Place(stance, own, read, called))]
        if stance is not Stance.CLOSED:
            hits += find_table_hits(section, stance is Stance.DATA or (stance is Stance.OPEN and bool(own)))
        signals += _signals(section, _thinned(section, read, hits) if thin else hits)
    return _settle(signals)


def _is_title(section: Section, document: Document, subject: Subject) -> bool:
    """Say whether a heading is what a document that is not about data is called: "Voice Conversion" promises no aspect of data."""
    return (
        subject is not Subject.DATA
        and section.heading == document.title
        and section is document.sections[0]
        and not is_promised(section.heading)
    )


def _thinned(section: Section, read: tuple[Unit, ...], hits: list[Hit]) -> list[Hit]:
    """Weaken what a summary by categories seems to describe, and add what its answers say in particular."""
    weak = [replace(hit, claim=Claim.MENTIONED) if hit.claim is Claim.DESCRIBED else hit for hit in hits]
    answers = [(unit.text, unit.links, unit.line, unit.shown) for unit in read]
    # In a filled template a row is a question with its answer.
    answers += [(row.text, row.links, row.first, row.text) for row in section.rows]
    own = find_particulars(section.path, [(text, links) for text, links, _, _ in answers])
    return weak + [Hit(rule.aspect, Claim.DESCRIBED, rule.id, answers[index][2], answers[index][3]) for rule, index in own]


def _signals(section: Section, hits: list[Hit]) -> Iterator[Signal]:
    for aspect in sorted({hit.aspect for hit in hits}):
        best = min((hit.claim for hit in hits if hit.aspect == aspect), key=lambda claim: RANK[claim])
        chosen = [hit for hit in hits if hit.aspect == aspect and hit.claim is best]
        yield Signal(aspect, best, section.first, section.last, excerpt(chosen[0].shown), tuple(_seen(chosen, aspect, best)))


def _seen(chosen: list[Hit], aspect: str, claim: Claim) -> Iterator[Count]:
    """Give each rule with its line; then what is specific, at most eight objects, or what is missing."""
    yield from sorted({Count(hit.rule, hit.line) for hit in chosen}, key=lambda count: (count.number, count.name))
    if claim is Claim.DESCRIBED:
        objects = {f"{item.kind}:{excerpt(item.text)}": hit.line for hit in reversed(chosen) for item in reversed(hit.objects)}
        yield from islice((Count(name, line) for name, line in reversed(objects.items())), MAX_SHOWN)
    elif claim is Claim.MENTIONED:
        missing = next((item.missing for item in load_signals().aspects if item.id == aspect), "")
        yield from (Count(missing, chosen[0].line),) if missing else ()


def _settle(signals: list[Signal]) -> tuple[Signal, ...]:
    """Let labels contradict "no labels were used", and vendors "nothing was bought": then each is mentioned only."""
    against = {"self-supervised": "labeling", "no-third-party": "third-party-listing"}
    spoken = {signal.aspect for signal in signals if signal.claim is not Claim.WITHHELD}
    return tuple(_weaken(signal) if against.get(signal.aspect) in spoken else signal for signal in signals)


def _weaken(signal: Signal) -> Signal:
    claim = Claim.MENTIONED if signal.claim is Claim.DESCRIBED else signal.claim
    return Signal(signal.aspect, claim, signal.first, signal.last, signal.excerpt, signal.seen)
