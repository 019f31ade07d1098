"""The bundles of a fleet as rows for its page: in the order in which somebody would look at them, with what they are looked for by."""

from collections.abc import Iterator, Mapping

from inspector.fleet.order import Status
from inspector.fleet.query import Tables
from inspector.fleet.site.policy import Held
from inspector.fleet.site.values import find_sql, read_records
from inspector.fleet.site.words import NO_REPORT, Word, name_grade, name_terms, name_worst
from inspector.model import Component, Frozen, printable

LONGEST = 300  # characters of a path, of its origin, of what it lies under
ROWS = 500  # that are read at a time, and that a page has
NOT_HELD: Mapping[str, Held] = {}


class TermRank(Frozen, frozen=True):
    """The rank of the strictest terms of a component."""

    component: str
    rank: int


class Graded(Frozen, frozen=True):
    """A grade by a standard, and the class that is reached."""

    standard: str
    grade: str
    reached: str | None


class Kept(Frozen, frozen=True):
    """A bundle as the tables have it."""

    bundle: str
    place: str
    store: str
    origin: str
    status: str
    reason: str
    files: int
    bytes: int
    worst: str
    issues: int
    problems: int
    license: str
    terms: tuple[TermRank, ...]
    grades: tuple[Graded, ...]
    rules: tuple[str, ...]


class Row(Frozen, frozen=True):
    """A bundle as the page shows it; `grades` are by the ids of standards, `terms` the words of each component, `rules` those that it breaks.

    `page` is the name of its own page; empty where there is none. `held` is what the policy says of it, if the run had one.
    """

    page: str
    place: str
    store: str
    origin: str
    reason: str
    files: int
    bytes: int
    worst: Word
    issues: int
    problems: int
    license: str
    weights: Word
    terms: dict[str, int]
    grades: dict[str, Word]
    rules: tuple[str, ...]
    held: Held | None = None


def walk_rows(tables: Tables, pages: frozenset[str], held: Mapping[str, Held] = NOT_HELD) -> Iterator[tuple[Row, ...]]:
    """Give the bundles, so many at a time; `pages` are the ids of those that have a page of their own.

    Raises UsageError where the tables hold what this program does not write.
    """
    columns = tuple(Kept.__struct_fields__)
    for rows in tables.walk(find_sql("bundles"), ROWS):
        yield tuple(_show(kept, pages, held.get(kept.bundle)) for kept in read_records(columns, rows, Kept))


def _show(kept: Kept, pages: frozenset[str], held: Held | None) -> Row:
    has_report = kept.status == Status.AUDITED
    terms = {item.component: item.rank for item in kept.terms}
    none = Word(text=NO_REPORT, tone="plain")
    weights = name_terms(terms[Component.PARAMETERS]) if Component.PARAMETERS in terms else Word(text="no weights", tone="plain")
    return Row(
        page=kept.bundle if kept.bundle in pages else "",
        place=cut(kept.place),
        store=cut(kept.store),
        origin=cut(kept.origin),
        reason=cut(kept.reason),
        files=kept.files,
        bytes=kept.bytes,
        worst=name_worst(kept.worst) if has_report else none,
        issues=kept.issues,
        problems=kept.problems,
        license=cut(kept.license),
        weights=weights if has_report else none,
        terms=terms,
        grades={item.standard: name_grade(item.standard, item.grade, item.reached or "") for item in kept.grades},
        rules=tuple(sorted(kept.rules)),
        held=held,
    )


def cut(text: str) -> str:
    """Shorten text that is longer than a row needs, with its escapes, and show that it is shortened."""
    shown = printable(text)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
