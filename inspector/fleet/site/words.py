"""The words of a fleet's page for what a bundle can be: a grade or a class, a worst issue, the strictest terms of a component; each with its tone."""

from functools import cache

from inspector.errors import UsageError
from inspector.judgement import Grade
from inspector.model import Frozen, Severity
from inspector.render.html.tones import tone_of
from inspector.requirement import Standard
from inspector.scoring.catalogue import load_standard

NO_REPORT = "no report"
SEVERITIES = (*map(str, Severity), "none")
STRICTEST_FIRST = ("conflict", "restricted", "unstated", "unknown", "free", "osi-approved")  # their places are the ranks in fleet-page.toml


class Word(Frozen, frozen=True):
    """A word with its tone."""

    text: str
    tone: str


@cache
def name_standard(standard: str) -> str:
    """Give the title of a standard; the id of one that does not ship with the program."""
    known = _load(standard)
    return known.title if known else standard


@cache
def tell_disclaimer(standard: str) -> str:
    """Say what a standard's answer is not; nothing for one that does not ship with the program."""
    known = _load(standard)
    return known.disclaimer if known else ""


@cache
def name_grade(standard: str, grade: str, reached: str) -> Word:
    """Name a grade, or the class that is reached of a standard with classes."""
    known = _load(standard)
    if reached:
        titles = {element.id: element.title for element in known.elements} if known else {}
        return Word(text=titles.get(reached, reached).partition(" - ")[0], tone=tone_of(Grade.CONFORMS))
    if known and known.no_rung:
        return Word(text=known.no_rung.lower(), tone=tone_of(Grade.INCOMPLETE))
    return Word(text=grade, tone=tone_of(grade))


def name_worst(severity: str) -> Word:
    """Name the worst severity of a bundle's issues; no text stands for none."""
    return Word(text=severity or "none", tone=tone_of(severity))


def name_terms(rank: int) -> Word:
    """Name terms by their rank, the strictest first."""
    return Word(text=STRICTEST_FIRST[rank], tone=tone_of(STRICTEST_FIRST[rank]))


def _load(standard: str) -> Standard | None:
    try:
        return load_standard(standard) if standard.isalnum() else None
    except UsageError:
        return None
