"""What is new in the bundles of a fleet against an earlier run, as rows: each report is held against the one that the same bundle had then.

A bundle is known by its path. One that the earlier run does not have is new as a whole: whatever its policy does not allow, and each of its issues.
"""

from collections.abc import Iterator

import msgspec

from inspector.fleet.demand import Demand
from inspector.fleet.journal import Entry
from inspector.fleet.order import Status
from inspector.fleet.places import NOWHERE, first_place, tell_lines
from inspector.fleet.policy_rows import judge_bundle
from inspector.gate import BaselineResult, NewViolation
from inspector.licensing.licenses import load_licenses
from inspector.model import Location
from inspector.policies.novelty import Earlier, find_all, find_new
from inspector.saved import ReportView

KNOWN, ADDED = "known", "added"
VIOLATION, ISSUE, UNREAD, NO_REPORT = "violation", "issue", "unread", "no-report"


class NewsRow(msgspec.Struct, frozen=True):
    """Something that is new in a bundle, at the first of its places; `fails` says that it makes the command fail.

    `kind` is `violation`, `issue`, `verdict`, `terms` (these two with what was said before and is said now), `unread`, or `no-report`.
    """

    bundle: str
    kind: str
    fails: bool
    rule: str
    severity: str
    subject: str
    message: str
    before: str
    after: str
    root: str
    path: str
    first_line: int | None
    pointer: str | None
    fingerprint: str


def tell_known(demand: Demand, entry: Entry) -> str:
    """Say whether the earlier run has a bundle; nothing where there is no such run."""
    return "" if demand.earlier is None else ADDED if demand.earlier.find(entry) is None else KNOWN


def make_news_rows(demand: Demand, entry: Entry, view: ReportView | None) -> Iterator[NewsRow]:
    """Give the rows of what is new in a bundle; nothing where there is no earlier run."""
    earlier = demand.earlier
    if earlier is None:
        return
    before = earlier.find(entry)
    if view is None:
        yield from _tell_failure(demand, before, entry)
        return
    licenses = load_licenses()
    if before is None or before.status is Status.FAILED:
        result = find_all(view, demand.policy, demand.day, licenses)
    elif before.id == entry.id:
        # The same bytes: nothing can be new but what an exception covered until it expired.
        result = find_new(view, Earlier(view, earlier.name, ""), demand.policy, demand.day, licenses)
    else:
        result = find_new(view, earlier.read(before), demand.policy, demand.day, licenses)
    yield from _tell(entry.id, result)


def _tell_failure(demand: Demand, before: Entry | None, entry: Entry) -> Iterator[NewsRow]:
    """Tell of a bundle without a report, unless it had none before."""
    if before is not None and before.status is Status.FAILED:
        return
    held = judge_bundle(demand, None, entry.status, entry.reason)
    yield _row(entry.id, NO_REPORT, NOWHERE, message=entry.reason)
    for violation in held.violations if held else ():
        yield _tell_violation(entry.id, NewViolation(fingerprint="", violation=violation))


def _tell(bundle: str, result: BaselineResult) -> Iterator[NewsRow]:
    for item in result.violations:
        yield _tell_violation(bundle, item)
    for worse in result.worse:
        said = {"subject": worse.subject, "before": worse.before, "after": worse.after}
        yield _row(bundle, worse.kind, NOWHERE, fails=True, **said)
    for new in result.issues:
        told = {"rule": new.issue.rule, "severity": new.issue.severity, "message": new.issue.message, "fingerprint": new.fingerprint}
        yield _row(bundle, ISSUE, first_place(new.issue.locations), fails=new.fails, **told)
    for problem in result.problems:
        yield _row(bundle, UNREAD, problem.location, message=problem.reason, subject=problem.detector)


def _tell_violation(bundle: str, new: NewViolation) -> NewsRow:
    item = new.violation
    said = {"rule": item.rule, "subject": item.subject, "message": item.message, "fingerprint": new.fingerprint}
    return _row(bundle, VIOLATION, first_place(item.locations), fails=True, severity=item.severity or "", **said)


def _row(bundle: str, kind: str, place: Location, *, fails: bool = False, **said: str) -> NewsRow:
    line, _ = tell_lines(place)
    words = {name: said.get(name, "") for name in ("rule", "severity", "subject", "message", "before", "after", "fingerprint")}
    return NewsRow(bundle=bundle, kind=kind, fails=fails, root=place.root, path=place.path, first_line=line, pointer=place.pointer, **words)
