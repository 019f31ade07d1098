"""The runs of a directory of results, one after the other: how many bundles, by which grade; and what changed since the run before."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from inspector.fleet.journal import list_runs
from inspector.fleet.plan import Plan
from inspector.fleet.query import Tables
from inspector.fleet.site.split import Split, split
from inspector.fleet.site.values import ask_records
from inspector.fleet.site.words import Word
from inspector.model import Frozen

MOST_RUNS = 30
TONES = ("good", "warn", "bad", "plain")
SAID = {
    "grade worse": "Grade is worse",
    "issues worse": "Worst issue is worse",
    "report lost": "Had a report, and has none now",
    "new": "New",
    "gone": "Gone",
    "grade better": "Grade is better",
    "issues better": "Worst issue is less severe",
    "report came": "Had no report, and has one now",
}


class RunCount(Frozen, frozen=True):
    """A run: bundles, those with a report, those with an issue of high severity, those of which something could not be read."""

    run: str
    bundles: int
    audited: int
    high: int
    unread: int


class Run(Frozen, frozen=True):
    """A run as a row: when it began, by which version, whether it was over the same stores with the same options as the one shown, its grades."""

    name: str
    started: str
    program: str
    is_shown: bool
    is_alike: bool
    count: RunCount
    split: Split | None = None


class History(Frozen, frozen=True):
    """Runs, the last one first; the words of their grades; and how many older runs are not listed."""

    runs: tuple[Run, ...]
    words: tuple[Word, ...] = ()
    more: int = 0


class Moved(Frozen, frozen=True):
    """A bundle that changed: its id (empty for one that is gone), and what is said of it before and now."""

    what: str
    bundle: str
    place: str
    before: str
    now: str
    number: int


class Group(Frozen, frozen=True):
    """What changed in one way: how many bundles, and the first of them."""

    title: str
    count: int
    moved: tuple[Moved, ...]


class Change(Frozen, frozen=True):
    """What changed since a run that was over the same stores."""

    run: Run
    groups: tuple[Group, ...]


def list_history(results: Path, tables: Tables) -> History:
    """List the complete runs, without their grades."""
    plans = dict(list_runs(results))
    counts = {count.run: count for count in ask_records(tables, "runs", RunCount)}
    shown = plans[tables.run]
    runs = [
        Run(
            name=name,
            started=plans[name].started,
            program=plans[name].program,
            is_shown=name == tables.run,
            is_alike=_is_alike(plans[name], shown),
            count=counts.get(name, RunCount(run=name, bundles=0, audited=0, high=0, unread=0)),
        )
        for name in tables.complete
    ]
    return History(runs=tuple(runs[:MOST_RUNS]), more=max(len(runs) - MOST_RUNS, 0))


def gather_history(history: History, grades: Mapping[str, Mapping[Word, int]]) -> History:
    """Give the runs that were judged by one standard, with their grades."""
    runs = [
        msgspec.structs.replace(run, split=split(grades[run.name], run.count.bundles, "grade"))
        for run in history.runs
        if run.name in grades
    ]
    parts = [part for run in runs if run.split for part in run.split.parts]
    words = sorted(dict.fromkeys(Word(text=part.word, tone=part.tone) for part in parts), key=lambda word: TONES.index(word.tone))
    return History(runs=tuple(runs), words=tuple(words), more=history.more)


def gather_changes(tables: Tables, history: History) -> Change | None:
    """Tell what changed since the run before, if there is one over the same stores by the same standards."""
    place = next((place for place, run in enumerate(history.runs) if run.is_shown), len(history.runs))
    before = next((run for run in history.runs[place + 1 :] if run.is_alike), None)
    if before is None:
        return None
    moved: dict[str, list[Moved]] = {}
    for item in ask_records(tables, "changes", Moved, {"since": before.name}):
        moved.setdefault(item.what, []).append(item)
    groups = (Group(title=title, count=moved[what][0].number, moved=tuple(moved[what])) for what, title in SAID.items() if what in moved)
    return Change(run=before, groups=tuple(groups))


def _is_alike(plan: Plan, other: Plan) -> bool:
    return (plan.stores, plan.standards) == (other.stores, other.standards)
