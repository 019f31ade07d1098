"""What a fleet comes to, for its page: totals that add up, terms by component, rules, runs, and what changed. Gathered from the tables alone."""

from collections import Counter
from collections.abc import Iterable, Mapping

from inspector.fleet.plan import Plan
from inspector.fleet.query import Tables
from inspector.fleet.site.history import Change, History, gather_changes, gather_history
from inspector.fleet.site.issues import RuleGroup, gather_rules
from inspector.fleet.site.listing import NOT_HELD
from inspector.fleet.site.policy import Held, PolicyView, gather_policy
from inspector.fleet.site.split import Part, Split, split
from inspector.fleet.site.values import ask_records
from inspector.fleet.site.words import (
    SEVERITIES,
    STRICTEST_FIRST,
    Word,
    name_grade,
    name_standard,
    name_terms,
    name_worst,
    tell_disclaimer,
)
from inspector.model import Component, Frozen
from inspector.wording import spell_component

WEIGHTS = f"weights ({Component.PARAMETERS})"


class Totals(Frozen, frozen=True):
    """How much there is: bundles, those with a report, files, bytes, bundles of which something could not be read, stores."""

    bundles: int
    audited: int
    files: int
    bytes: int
    unread: int
    stores: int


class GradeCount(Frozen, frozen=True):
    """Bundles of a run by a standard's grade, and the class that is reached."""

    run: str
    standard: str
    version: str
    grade: str
    reached: str
    bundles: int


class WorstCount(Frozen, frozen=True):
    """Bundles by the worst severity of their issues."""

    worst: str
    bundles: int


class TermCount(Frozen, frozen=True):
    """Bundles by the strictest terms of a component."""

    component: str
    rank: int
    bundles: int


class LicenseCount(Frozen, frozen=True):
    """Bundles that have a component under an expression; `kinds` counts all expressions and verdicts of the component."""

    component: str
    expression: str
    word: str
    bundles: int
    kinds: int


class Reason(Frozen, frozen=True):
    """Why there is no report of some bundles, and one of them."""

    told: str
    bundles: int
    example: str


class Judged(Frozen, frozen=True):
    """The grades by one standard, and the same over all runs."""

    id: str
    title: str
    version: str
    disclaimer: str
    split: Split
    history: History


class MatrixRow(Frozen, frozen=True):
    """A component: bundles by its strictest terms there, those without it, and the licences that most of them have."""

    component: str
    title: str
    cells: tuple[Part, ...]
    absent: int
    licenses: tuple[LicenseCount, ...]
    more: int
    find: str


class Overview(Frozen, frozen=True):
    """All of it."""

    run: str
    totals: Totals
    standards: tuple[Judged, ...]
    worst: Split
    weights: Split
    matrix: tuple[MatrixRow, ...]
    rules: tuple[RuleGroup, ...]
    reasons: tuple[Reason, ...]
    changes: Change | None
    policy: PolicyView | None = None


def gather_overview(tables: Tables, history: History, held: Mapping[str, Held] = NOT_HELD, plan: Plan | None = None) -> Overview:
    """Gather what the page tells of all bundles together; `history` has the runs without their grades, `held` what the policy says of each.

    Raises UsageError where the tables hold what this program does not write.
    """
    (totals,) = ask_records(tables, "totals", Totals)
    matrix = _gather_matrix(tables, totals)
    return Overview(
        run=tables.run,
        totals=totals,
        standards=_gather_standards(tables, totals, history),
        worst=_split_worst(tables, totals),
        weights=_split_weights(matrix, totals),
        matrix=matrix,
        rules=gather_rules(tables),
        reasons=ask_records(tables, "reasons", Reason),
        changes=gather_changes(tables, history),
        policy=gather_policy(tables, held, totals.bundles, plan),
    )


def _gather_standards(tables: Tables, totals: Totals, history: History) -> tuple[Judged, ...]:
    counts = ask_records(tables, "grades", GradeCount)
    found = []
    for standard in sorted({item.standard for item in counts if item.run == tables.run}):
        of = [item for item in counts if item.standard == standard]
        mine = _count_grades(item for item in of if item.run == tables.run)
        runs = {run: _count_grades(item for item in of if item.run == run) for run in {item.run for item in of}}
        found.append(
            Judged(
                id=standard,
                title=name_standard(standard),
                version=next(item.version for item in of if item.run == tables.run),
                disclaimer=tell_disclaimer(standard),
                split=split(mine, totals.bundles, f"grade.{standard}"),
                history=gather_history(history, runs),
            )
        )
    return tuple(found)


def _count_grades(counts: Iterable[GradeCount]) -> Counter[Word]:
    """Count bundles by the words of their grades, the best first."""
    found = Counter[Word]()
    order = ("conforms", "terms-only", "incomplete")
    for item in sorted(counts, key=lambda item: (not item.reached, item.reached, order.index(item.grade) if item.grade in order else 9)):
        found[name_grade(item.standard, item.grade, item.reached)] += item.bundles
    return found


def _split_worst(tables: Tables, totals: Totals) -> Split:
    counts = {item.worst or "none": item.bundles for item in ask_records(tables, "worst", WorstCount)}
    return split(Counter({name_worst("" if name == "none" else name): counts.get(name, 0) for name in SEVERITIES}), totals.bundles, "worst")


def _split_weights(matrix: tuple[MatrixRow, ...], totals: Totals) -> Split:
    row = next((row for row in matrix if row.component == Component.PARAMETERS), None)
    counts = Counter({Word(text=part.word, tone=part.tone): part.count for part in row.cells} if row else {})
    counts[Word(text="no weights", tone="plain")] = row.absent if row else totals.audited
    return split(counts, totals.bundles, f"terms.{Component.PARAMETERS}")


def _gather_matrix(tables: Tables, totals: Totals) -> tuple[MatrixRow, ...]:
    counts: dict[str, Counter[int]] = {}
    for item in ask_records(tables, "terms", TermCount):
        counts.setdefault(item.component, Counter())[item.rank] += item.bundles
    licenses: dict[str, list[LicenseCount]] = {}
    for held in ask_records(tables, "licenses", LicenseCount):
        licenses.setdefault(held.component, []).append(held)
    known = [component for component in Component if component in counts]
    return tuple(
        MatrixRow(
            component=component,
            title=WEIGHTS if component is Component.PARAMETERS else spell_component(component),
            cells=tuple(_cell(component, rank, counts[component][rank]) for rank in range(len(STRICTEST_FIRST))),
            absent=totals.audited - counts[component].total(),
            find=f"terms.{component}={'no weights' if component is Component.PARAMETERS else 'not here'}",
            licenses=tuple(licenses.get(component, ())),
            more=licenses[component][0].kinds - len(licenses[component]) if component in licenses else 0,
        )
        for component in known
    )


def _cell(component: str, rank: int, count: int) -> Part:
    word = name_terms(rank)
    return Part(word=word.text, tone=word.tone, count=count, find=f"terms.{component}={word.text}")
