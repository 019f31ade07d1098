"""The parts of a document that can speak of training data, with what each sentence says left to others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from inspector.data_information.topics import is_about_data, is_excluded, is_placeholder, is_promised
from inspector.data_information.units import Unit, read_units
from inspector.documents.document import Document, Section
from inspector.licensing.mentions import TELLING, name_words, share_name

MAX_UNITS = 20_000
OTHER_MODEL = re.compile(
    r"\W*([A-Z][\w.-]*(?:[ -][A-Z\d][\w.-]*){0,3})( itself| models?)?"
    r"( (was|were|is|are|has been|have been) (pre-?)?trained\b|,? (is|are|was) (a|an|the|our)\b.{0,160}\b(pre-?|fine-?)?trained\b"
    r"|: (a|an) .{0,80}\b(pre-?|fine-?)?trained\b)"
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A section that is not about something else: whether it is about training data, its units, and those that speak of training data."""

    section: Section
    topical: bool
    units: tuple[Unit, ...]
    spoken: tuple[Unit, ...]


def read_spoken(document: Document, *, about_data: bool = False, name: str = "") -> Iterator[Spoken]:
    """Give the sections that can speak of training data, each with its units; what is about models of other names is left out."""
    called = name_words(document.title) | name_words(name)
    about, units = about_data or is_about_data(document), 0
    for section in document.sections:
        if units >= MAX_UNITS or is_excluded(section, document.title) or is_placeholder(section):
            continue
        topical = about or any(is_promised(heading) for heading in section.path)
        read = tuple(islice(read_units(section), MAX_UNITS - units))
        read = tuple(unit for unit in read if not is_of_another(unit, called))
        units += len(read)
        yield Spoken(section, topical, read, tuple(unit for unit in read if topical or unit.spoken))


def is_of_another(unit: Unit, called: frozenset[str]) -> bool:
    """Say whether a sentence begins with the name of another model: "GPT-3 was trained on"."""
    match = OTHER_MODEL.match(unit.shown or unit.text)
    return match is not None and bool(called) and bool(TELLING.search(match[1])) and not share_name(name_words(match[1]), called)
