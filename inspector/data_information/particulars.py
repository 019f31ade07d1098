"""Particulars in a public summary of training content: answers that go further than the categories of the template.

The rules are `standards/training-summary.toml`.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from inspector.data_information.patterns import found, found_all, load_patterns
from inspector.documents.prose import Link
from inspector.model import Frozen
from inspector.tables import load_table


class Particular(Frozen, frozen=True):
    """A rule: under one of some headings, at least so many answers hold all expressions, and a link to data or to a list where that is asked for."""

    id: str
    aspect: str
    headings: tuple[str, ...]
    why: str
    all: tuple[str, ...] = ()
    links: str = ""
    least: int = 1


class SummaryTable(Frozen, frozen=True):
    """The whole table."""

    template: tuple[str, ...]
    particular: tuple[Particular, ...]


@cache
def load_particulars() -> SummaryTable:
    """Read the table once."""
    return load_table("training-summary.toml", SummaryTable)


def find_particulars(headings: Sequence[str], answers: Sequence[tuple[str, tuple[Link, ...]]]) -> Iterator[tuple[Particular, int]]:
    """Give the rules that the answers under some headings meet, and the index of the first answer that does."""
    table = load_particulars()
    own = [index for index, (text, _) in enumerate(answers) if not found(table.template, text)]
    for rule in table.particular:
        if any(found(rule.headings, heading) for heading in headings):
            met = [index for index in own if found_all(rule.all, answers[index][0]) and _leads(rule.links, answers[index][1])]
            if len(met) >= rule.least:
                yield rule, met[0]


def _leads(kind: str, links: tuple[Link, ...]) -> bool:
    """Say whether one of some links leads to what a rule asks for."""
    patterns = load_patterns().links
    wanted = {"data": (patterns["dataset"], patterns["hub"]), "list": (patterns["list"],)}.get(kind, ())
    return not kind or any(found(wanted, link.target) for link in links)
