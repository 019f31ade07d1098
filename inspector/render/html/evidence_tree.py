"""Evidence as a tree: components, what is claimed of each, and the places; and the answers that rest on it."""

from collections.abc import Iterable

from inspector.judgement import Finding, Report, StandardResult
from inspector.model import Component, Evidence, Frozen, Inventory, printable
from inspector.render.tallies import spell_verdict, tally_element
from inspector.wording import spell_place

MOST_ROWS = 40
MOST_REASONS = 12
LONGEST = 300  # characters of a place or a value


class Row(Frozen, frozen=True):
    """A piece of evidence in words."""

    place: str
    claim: str
    value: str
    excerpt: str
    certainty: str
    detector: str


class Twig(Frozen, frozen=True):
    """What is claimed of a component: the first places, and how many more there are."""

    claim: str
    count: int
    rows: tuple[Row, ...]
    more: int


class Branch(Frozen, frozen=True):
    """A component with all that is claimed of it."""

    component: str
    count: int
    twigs: tuple[Twig, ...]


class Answer(Frozen, frozen=True):
    """A finding with the evidence it rests on."""

    finding: Finding
    word: str
    rows: tuple[Row, ...]
    more: int


class Section(Frozen, frozen=True):
    """An element of a standard with its answers."""

    title: str
    grade: str
    tally: str
    answers: tuple[Answer, ...]


def grow_tree(inventory: Inventory) -> tuple[Branch, ...]:
    """Group all evidence by component and claim."""
    groups: dict[Component, dict[str, list[Evidence]]] = {}
    for item in inventory.evidence:
        groups.setdefault(item.component, {}).setdefault(item.claim, []).append(item)
    return tuple(
        Branch(
            component=component,
            count=sum(map(len, claims.values())),
            twigs=tuple(
                Twig(claim=claim, count=len(items), rows=tell_rows(items[:MOST_ROWS]), more=max(len(items) - MOST_ROWS, 0))
                for claim, items in claims.items()
            ),
        )
        for component, claims in groups.items()
    )


def list_answers(result: StandardResult, report: Report) -> tuple[Section, ...]:
    """Give the elements of a standard, each with its findings and what they rest on."""
    evidence = report.inventory.evidence
    return tuple(
        Section(
            title=element.title,
            grade=element.verdict,
            tally=tally_element(element, result),
            answers=tuple(_answer(finding, evidence) for finding in result.findings if finding.element == element.id),
        )
        for element in result.elements
    )


def tell_rows(items: Iterable[Evidence]) -> tuple[Row, ...]:
    """Write evidence in words, in its order."""
    return tuple(
        Row(
            place=cut(spell_place(item.location)),
            claim=item.claim,
            value=cut(item.value),
            excerpt=item.excerpt or "",
            certainty=item.certainty,
            detector=item.detector,
        )
        for item in items
    )


def cut(text: str) -> str:
    """Shorten text that is longer than a page needs, with its escapes, and show that it is shortened."""
    shown = printable(text)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"


def _answer(finding: Finding, evidence: tuple[Evidence, ...]) -> Answer:
    rows = tell_rows(evidence[index] for index in finding.because[:MOST_REASONS])
    return Answer(finding=finding, word=spell_verdict(finding.verdict), rows=rows, more=len(finding.because) - len(rows))
