"""A run from its stores to its tables: found, audited where it was left, written down, and counted."""

import datetime as dt
import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from inspector import __version__
from inspector.errors import UsageError
from inspector.fleet.demand import Demand, open_earlier
from inspector.fleet.drive import drive
from inspector.fleet.executors import open_executor
from inspector.fleet.extra import load_extra
from inspector.fleet.journal import Entry, Journal, list_runs
from inspector.fleet.order import Order, Outcome, Settings, Status
from inspector.fleet.parts import write_tables
from inspector.fleet.plan import Plan, Shard, find_fleet, make_plan
from inspector.fleet.policy_rows import VIOLATED
from inspector.fleet.tally import Tally
from inspector.policies.policy import Policy
from inspector.scoring.catalogue import load_standard

Watch = Callable[[int, int, int], None]
WRITERS, MOST_WAITING = 16, 64
LAST = "last"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: stores, where results go, which run and shard, how bundles are audited and by whom; `started` is now, in UTC.

    The settings must have the standards that the policy asks for. `baseline` names the complete run that this one is held against; `last` is the
    last one before it.
    """

    stores: tuple[str, ...]
    results: Path
    settings: Settings
    started: str
    run: str | None = None
    shard: Shard = field(default_factory=Shard)
    scheduler: str | None = None
    jobs: int | None = None
    retry: bool = False
    policy: Policy | None = None
    baseline: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run: its name, what it comes to, how many bundles were done before, and the stores that were not looked into whole."""

    run: str
    tally: Tally
    before: int
    partial: tuple[str, ...]
    loose: int
    demand: Demand | None = None

    @property
    def is_compared(self) -> bool:
        """Say whether there was an earlier run to hold it against."""
        return self.demand is not None and self.demand.earlier is not None

    @property
    def is_violated(self) -> bool:
        """Say whether a policy does not hold for some bundle; against an earlier run, whether something is new that fails."""
        return self.tally.worse > 0 if self.is_compared else self.tally.policy[VIOLATED] > 0

    @property
    def is_unread(self) -> bool:
        """Say whether a bundle has no report (against an earlier run: had one, or is new), or a store could not be looked into whole."""
        return bool(self.partial) or (self.tally.lost if self.is_compared else self.tally.failed) > 0


def run_fleet(request: Request, say: Callable[[str], None], watch: Watch) -> Result:
    """Audit a fleet, or go on with it; `say` hears what is to be known at once, `watch` how many are done of how many, and how many failed.

    Raises UsageError for what cannot be done, NothingToInspect when there is no bundle.
    """
    load_extra("pyarrow.parquet", "inspector fleet")
    for standard in request.settings.standards:
        load_standard(standard)
    fleet = find_fleet(request.stores, request.shard)
    plan = make_plan(__version__, request.stores, request.settings, request.started, request.policy.sha256 if request.policy else "")
    run = request.run or _find_unfinished(request.results, plan, request.shard) or _name(request.started)
    journal = Journal(request.results, run)
    earlier = _find_earlier(request, run, say)
    plan = journal.begin(plan)
    entries = list(journal.read_entries(request.shard))
    known = {entry.order.key for entry in entries if not (request.retry and entry.status is Status.FAILED)}
    todo = tuple(order for order in fleet.orders if order.key not in known)
    before = len(fleet.orders) - len(todo)
    if before:
        say(f"the run {run} goes on: {before:,} of {len(fleet.orders):,} bundles are done")
    if todo:
        journal.unmark(request.shard)
        _audit(request, journal, todo, watch)
    today = dt.date.fromisoformat(request.started[:10])
    demand = Demand(request.policy, today, open_earlier(earlier)) if earlier else Demand(request.policy, today) if request.policy else None
    return Result(run, write_tables(journal, plan, request.shard, demand), before, fleet.partial, fleet.loose, demand)


def _audit(request: Request, journal: Journal, todo: Sequence[Order], watch: Watch) -> None:
    done = failed = 0
    # A disk takes as long to make one file safe as several: bundles are written down at once, and nobody waits for one of them alone.
    writers, waiting = ThreadPoolExecutor(WRITERS, thread_name_prefix="journal"), deque[Future[Entry]]()

    def told(order: Order, outcome: Outcome) -> None:
        nonlocal done, failed
        waiting.append(writers.submit(journal.record, order, outcome))
        if len(waiting) > MOST_WAITING:
            waiting.popleft().result()
        done, failed = done + 1, failed + (outcome.status is Status.FAILED)
        watch(done, len(todo), failed)

    watch(0, len(todo), 0)
    jobs = min(request.jobs or os.cpu_count() or 1, len(todo))
    with writers, open_executor(request.scheduler, jobs) as (executor, workers):
        try:
            drive(todo, request.settings, executor, workers, told)
            while waiting:
                waiting.popleft().result()
        except OSError as error:
            raise UsageError(f"{request.results}: results cannot be written there: {error.strerror}") from error


def _find_unfinished(results: Path, plan: Plan, shard: Shard) -> str | None:
    """Find the last run that was begun in the same way and of which this part is not done."""
    runs = ((name, begun) for name, begun in list_runs(results) if begun.is_same(plan))
    return next((name for name, _ in runs if not Journal(results, name).is_complete(shard)), None)


def _find_earlier(request: Request, run: str, say: Callable[[str], None]) -> Journal | None:
    """Find the run to hold this one against; none where the last one is asked for and there is none yet.

    Raises UsageError where there is no complete run of that name.
    """
    if request.baseline is None:
        return None
    runs = [name for name, _ in list_runs(request.results)]
    before = runs[runs.index(run) + 1 :] if run in runs else runs
    complete = [name for name in before if Journal(request.results, name).is_whole()]
    if request.baseline != LAST and request.baseline not in complete:
        told = f"there are {', '.join(complete)}" if complete else "there is none"
        raise UsageError(f"--baseline {request.baseline}: no complete run of this name before this one in {request.results}; {told}")
    if not complete:
        say(f"{request.results}: there is no complete run yet to hold this one against")
        return None
    return Journal(request.results, complete[0] if request.baseline == LAST else request.baseline)


def _name(started: str) -> str:
    """Name a run by the time it begins: 20260131T235959Z."""
    return started.replace("-", "").replace(":", "")
