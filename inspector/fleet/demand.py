"""What the bundles of a fleet are held against: a policy, an earlier run, or both, on one day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from inspector.fleet.journal import Entry, Journal
from inspector.fleet.plan import Shard
from inspector.policies.novelty import Earlier
from inspector.policies.policy import Policy
from inspector.saved import read_report


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """An earlier run: its name, and what became of each of its bundles."""

    name: str
    journal: Journal
    entries: Mapping[bytes, Entry] = field(repr=False)

    def find(self, entry: Entry) -> Entry | None:
        """Find what became of the same bundle then."""
        return self.entries.get(entry.order.key)

    def read(self, entry: Entry) -> Earlier:
        """Read the report that a bundle had."""
        data = self.journal.read_report(entry)
        return Earlier(read_report(data, entry.id), self.name, sha256(data).hexdigest())


def open_earlier(journal: Journal) -> EarlierRun:
    """Open an earlier run; all of its shards count."""
    return EarlierRun(journal.run, journal, {entry.order.key: entry for entry in journal.read_entries(Shard())})


class Demand(NamedTuple):
    """A policy and an earlier run, each where there is one, and the day (UTC) on which bundles are held against them."""

    policy: Policy | None
    day: dt.date
    earlier: EarlierRun | None = None
