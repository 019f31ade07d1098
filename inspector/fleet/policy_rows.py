"""A policy over the bundles of a fleet: each report is held against it as `inspector audit --policy` does, and what does not hold is rows. Pure."""

from collections.abc import Iterator

import msgspec

from inspector.fleet.demand import Demand
from inspector.fleet.order import Status
from inspector.fleet.places import first_place, tell_lines
from inspector.gate import Breach, PolicyResult, Standing, Violation
from inspector.licensing.licenses import load_licenses
from inspector.policies.judgement import judge_policy
from inspector.policies.policy import Unread
from inspector.saved import ReportView

HOLDS, VIOLATED, UNJUDGED = "holds", "violated", "unjudged"
EXCUSED, LAPSED = "excused", "lapsed"


class ViolationRow(msgspec.Struct, frozen=True):
    """What a policy does not allow, at the first of its places; `owner` and `expires` are those of the exception that covers it."""

    bundle: str
    rule: str
    asked: str
    subject: str
    message: str
    settle: str
    severity: str
    component: str
    requirement: str
    root: str
    path: str
    first_line: int | None
    pointer: str | None
    places: int
    standing: str
    owner: str
    expires: str


def judge_bundle(demand: Demand | None, view: ReportView | None, status: Status, reason: str) -> PolicyResult | None:
    """Hold a bundle against a policy; of one without a report nothing is known, which is a violation where the policy forbids unread files."""
    if demand is None or demand.policy is None:
        return None
    policy = demand.policy
    if view is not None:
        return judge_policy(view, policy, demand.day, load_licenses())
    if status is Status.FAILED and policy.unread is Unread.FORBID:
        settle = "Download or repair the bundle, or remove it: what was not read is never called clean."
        asked = f"unread = {Unread.FORBID}"
        violation = Violation(rule=Breach.UNREAD, asked=asked, subject="unread", message=f"there is no report: {reason}", settle=settle)
        return PolicyResult(title=policy.title, file=policy.file, sha256=policy.sha256, day=demand.day, violations=(violation,))
    return None


def tell_standing(demand: Demand | None, result: PolicyResult | None) -> str:
    """Name what a policy says of a bundle; nothing where there is no policy."""
    if demand is None or demand.policy is None:
        return ""
    return UNJUDGED if result is None else HOLDS if result.holds else VIOLATED


def make_violation_rows(bundle: str, result: PolicyResult | None) -> Iterator[ViolationRow]:
    """Give the rows of what a policy does not allow, and of what exceptions cover that hold."""
    if result is None:
        return
    for violation in result.violations:
        yield _row(bundle, violation, LAPSED if violation.lapsed else VIOLATED)
    for item in result.exceptions:
        for violation in item.violations if item.standing is Standing.HOLDS else ():
            yield _row(bundle, violation, EXCUSED, item.exemption.owner, item.exemption.expires.isoformat())


def _row(bundle: str, item: Violation, standing: str, owner: str = "", expires: str = "") -> ViolationRow:
    place = first_place(item.locations)
    return ViolationRow(
        bundle=bundle,
        rule=item.rule,
        asked=item.asked,
        subject=item.subject,
        message=item.message,
        settle=item.settle,
        severity=item.severity or "",
        component=item.component or "",
        requirement=item.requirement,
        root=place.root,
        path=place.path,
        first_line=tell_lines(place)[0],
        pointer=place.pointer,
        places=len(item.locations),
        standing=standing,
        owner=owner,
        expires=expires,
    )
