"""Terms with every statement they rest on: what kind of text it is, where it stands, whose it is, and what it was made from."""

from inspector.judgement import Report
from inspector.model import Claim, Component, Evidence, Frozen, Terms
from inspector.render.html.evidence_tree import Row, tell_rows
from inspector.render.parts import SOURCES
from inspector.render.term_groups import TermGroup, group_terms

MOST = 20


class Statement(Frozen, frozen=True):
    """A statement of terms: the kind of its text, its expression, and what else is known of it."""

    source: str
    expression: str
    row: Row
    notes: tuple[str, ...]


class Governed(Frozen, frozen=True):
    """An answer on terms with its statements, and how many more there are."""

    group: TermGroup
    statements: tuple[Statement, ...]
    more: int


def list_terms(report: Report) -> tuple[Governed, ...]:
    """Give each answer on terms with the statements that it rests on."""
    evidence = report.inventory.evidence
    found = []
    for group in group_terms(report.terms):
        told = [_tell(item) for item in (evidence[index] for index in group.because[:MOST])]
        found.append(Governed(group=group, statements=tuple(told), more=len(group.because) - len(told)))
    return tuple(found)


def list_parents(report: Report) -> tuple[Row, ...]:
    """Give what says that the weights are made from others."""
    found = [item for item in report.inventory.evidence if item.claim is Claim.DERIVED and item.component is Component.PARAMETERS]
    return tell_rows(found[:MOST])


def _tell(item: Evidence) -> Statement:
    (row,) = tell_rows((item,))
    details = item.details if isinstance(item.details, Terms) else None
    if details is None:
        return Statement(source=item.claim, expression=item.value, row=row, notes=())
    unexplained = ", ".join(
        str(span.start) if span.start == span.end else f"{span.start}-{span.end}" for span in details.unexplained[:MOST]
    )
    notes = (
        f"reaches the {details.scope}",
        "its whole text" if details.full else "",
        f"about {details.about}" if details.about else "",
        f"credit: {details.credit}" if details.credit else "",
        f"lines that no known text explains: {unexplained}" if unexplained else "",
    )
    return Statement(source=SOURCES[details.source], expression=details.expression, row=row, notes=tuple(filter(None, notes)))
