"""What a run has done so far: one file a finished bundle, written whole or not at all, so that a run can be ended at any moment and continued.

The results of a fleet lie in one directory:

    reports/ID.json                    a report; the id comes from the bundle's path and the report's own digest
    runs/RUN/plan.json                 how the run was begun
    runs/RUN/journal/KEY.json          a bundle that is done, by a digest of its path
    runs/RUN/complete[-KofN].json      the run (or one shard of it) is done, and its tables are written
    TABLE/run=RUN/part-N.parquet       the tables, made of the journal and the reports

A report is on the disk before the entry that speaks of it. An entry without its report, or cut short, does not count: its bundle is audited again.
"""

import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from inspector.decoding import decode_json
from inspector.errors import UsageError
from inspector.fleet.order import Order, Outcome, Status
from inspector.fleet.plan import Plan, Shard

T = TypeVar("T")
LEFT_SECONDS = 3600  # after which a file that is half written has lost its writer
SHARDED = re.compile(r"complete-\d+of(\d+)\.json")


class Entry(msgspec.Struct, frozen=True):
    """A bundle that is done: its id, what came of it, the size of its report in bytes, and what it cost."""

    order: Order
    id: str
    status: Status
    reason: str = ""
    size: int = 0
    seconds: float = 0.0
    peak: int = 0


class Complete(msgspec.Struct, frozen=True):
    """A run, or one shard of it, that is done: when it was begun, and how many bundles it has."""

    started: str
    bundles: int


class Journal:
    """The journal of one run, and the reports beside it."""

    def __init__(self, results: Path, run: str) -> None:
        self.results, self.run = results, run
        self._top = results / "runs" / run
        self._plan, self._entries, self._reports = self._top / "plan.json", self._top / "journal", results / "reports"

    def begin(self, plan: Plan) -> Plan:
        """Begin the run, or continue it: give its plan.

        Raises UsageError when it was begun otherwise, or when nothing can be written there.
        """
        try:
            self._entries.mkdir(parents=True, exist_ok=True)
            self._reports.mkdir(exist_ok=True)
            if (begun := self.read_plan()) is None:
                replace_file(self._plan, msgspec.json.encode(plan))
                return plan
        except OSError as error:
            raise UsageError(f"{self.results}: results cannot be written there: {error.strerror}") from error
        if not begun.is_same(plan):
            raise UsageError(f"the run {self.run} was begun with other stores or options, or another version; name another with --run")
        return begun

    def read_plan(self) -> Plan | None:
        """Give the plan of the run; None where there is none, or none that can be read."""
        return _decode(self._plan, Plan)

    def is_whole(self) -> bool:
        """Say whether the run is done: at once, or in as many shards as there are of it."""
        shards = [SHARDED.fullmatch(path.name) for path in self._top.glob("complete-*.json")]
        counts = Counter(match[1] for match in shards if match)
        return self.is_complete(Shard()) or any(found >= int(count) for count, found in counts.items())

    def is_complete(self, shard: Shard) -> bool:
        """Say whether the run, or this shard of it, is done."""
        return _decode(self._mark(shard), Complete) is not None

    def mark_complete(self, shard: Shard, complete: Complete) -> None:
        """Say that a run, or one shard of it, is done, and remove what writers that were killed left half written."""
        replace_file(self._mark(shard), msgspec.json.encode(complete))
        for directory in (self._reports, self._entries, *self.results.glob(f"*/run={self.run}")):
            for left in directory.glob(".*.tmp"):
                with suppress(OSError):
                    if time.time() - left.stat().st_mtime > LEFT_SECONDS:
                        remove_file(left)

    def unmark(self, shard: Shard) -> None:
        """Take back that it is done: something is added to it."""
        remove_file(self._mark(shard))

    def read_entries(self, shard: Shard) -> Iterator[Entry]:
        """Give the bundles of a shard that are done, by their paths; what was cut short or has lost its report is left out."""
        entries = (_decode(path, Entry) for path in self._entries.glob("*.json"))
        kept = [entry for entry in entries if entry is not None and shard.holds(entry.order) and self._has_report(entry)]
        yield from sorted(kept, key=lambda entry: entry.order.path)

    def read_report(self, entry: Entry) -> bytes:
        """Give the report of a bundle that was audited."""
        with self._report(entry.id).open("rb") as stream:
            return stream.read()

    def record(self, order: Order, outcome: Outcome) -> Entry:
        """Write down what came of a bundle: first its report, then the entry that speaks of it."""
        digest = sha256(outcome.report).hexdigest() if outcome.report else ""
        name = sha256(order.key + b"\0" + digest.encode()).hexdigest()[:32]
        entry = Entry(order, name, outcome.status, outcome.reason, len(outcome.report), outcome.seconds, outcome.peak)
        if outcome.report and not self._has_report(entry):
            replace_file(self._report(name), outcome.report)
        key = sha256(order.key).hexdigest()[:32]
        replace_file(self._entries / f"{key}.json", msgspec.json.encode(entry), sync=False)
        return entry

    def _has_report(self, entry: Entry) -> bool:
        if entry.status is Status.FAILED:
            return True
        try:
            return self._report(entry.id).stat().st_size == entry.size
        except OSError:
            return False

    def _report(self, name: str) -> Path:
        return self._reports / f"{name}.json"

    def _mark(self, shard: Shard) -> Path:
        return self._top / f"complete{f'-{shard.name}' if shard.name else ''}.json"


def list_runs(results: Path) -> tuple[tuple[str, Plan], ...]:
    """List the runs by the time they began, the last one first."""
    names = [path.parent.name for path in results.glob("runs/*/plan.json")]
    plans = [(name, plan) for name in names if (plan := Journal(results, name).read_plan()) is not None]
    return tuple(sorted(plans, key=lambda item: (item[1].started, item[0]), reverse=True))


def replace_file(path: Path, data: bytes, *, sync: bool = True) -> None:
    """Write a file whole or not at all; with `sync` its bytes are on the disk before its name is."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with beside.open("wb") as stream:
        stream.write(data)
        if sync:
            stream.flush()
            os.fsync(stream.fileno())
    beside.replace(path)


def remove_file(path: Path) -> None:
    """Remove a file of ours, if it is there."""
    path.unlink(missing_ok=True)


def _decode(path: Path, kind: type[T]) -> T | None:
    try:
        with path.open("rb") as stream:
            return decode_json(stream.read(), kind)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
