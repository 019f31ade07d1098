"""The nouns of a gate: what of a report a policy does not allow, what an exception covers, and what is new against an earlier report."""

import datetime as dt
from enum import StrEnum

from inspector.model import Component, Frozen, Issue, Location, Problem, Severity


class Breach(StrEnum):
    """The rules of a policy's own; a violation that is an issue has the issue's rule."""

    STANDARD = "policy.standard"
    TERMS = "policy.terms"
    FORMAT = "policy.format"
    FILE = "policy.file"
    UNREAD = "policy.unread"


class Violation(Frozen, frozen=True):
    """Something that the policy does not allow: where it stands, which key of the policy asks, and what to do.

    `subject` is what it is about: a requirement, an expression, a format, a pattern of paths, a message. `severity` is that of an issue. `lapsed`
    says that an exception covered it until it expired.
    """

    rule: str
    asked: str
    subject: str
    message: str
    settle: str
    locations: tuple[Location, ...] = ()
    requirement: str = ""
    component: Component | None = None
    severity: Severity | None = None
    lapsed: bool = False


class Exemption(Frozen, frozen=True):
    """An exception as the policy has it: what it covers (everything that it names must fit), why, who answers for it, and its last day."""

    reason: str
    owner: str
    expires: dt.date
    rule: str = ""
    requirement: str = ""
    component: Component | None = None
    path: str = ""


class Standing(StrEnum):
    """What became of an exception."""

    HOLDS = "holds"
    EXPIRED = "expired"
    UNUSED = "unused"


class Excused(Frozen, frozen=True):
    """An exception, what became of it, and what it covers, or covered until it expired."""

    exemption: Exemption
    standing: Standing
    violations: tuple[Violation, ...] = ()


class PolicyResult(Frozen, frozen=True):
    """What a policy says of a report on a day: what violates it, and its exceptions. `sha256` is that of the policy's file."""

    title: str
    file: str
    sha256: str
    day: dt.date
    violations: tuple[Violation, ...]
    exceptions: tuple[Excused, ...] = ()

    @property
    def holds(self) -> bool:
        """Say whether nothing violates the policy."""
        return not self.violations


class NewIssue(Frozen, frozen=True):
    """An issue that the earlier report does not have; its fingerprint does not change when lines move. `fails` says that it counts."""

    fingerprint: str
    fails: bool
    issue: Issue


class NewViolation(Frozen, frozen=True):
    """A violation that the same policy does not find in the earlier report."""

    fingerprint: str
    violation: Violation


class Worsening(Frozen, frozen=True):
    """A verdict or terms that are worse than in the earlier report."""

    kind: str
    subject: str
    before: str
    after: str


class BaselineResult(Frozen, frozen=True):
    """What is new against an earlier report, whose file has this digest; how many issues and violations were known, and how many are gone."""

    file: str
    sha256: str
    issues: tuple[NewIssue, ...]
    violations: tuple[NewViolation, ...]
    worse: tuple[Worsening, ...]
    problems: tuple[Problem, ...]
    known: int
    gone: int

    @property
    def holds(self) -> bool:
        """Say whether nothing that is new fails; what could newly not be read has an exit code of its own."""
        return not (self.violations or self.worse or any(item.fails for item in self.issues))


def unsettled_problems(problems: tuple[Problem, ...], policy: PolicyResult | None, baseline: BaselineResult | None) -> tuple[Problem, ...]:
    """List what could not be read, but for what an exception of the policy covers, and for what the earlier report could not read either."""
    excused = {
        (place, violation.message)
        for item in (policy.exceptions if policy else ())
        if item.standing is Standing.HOLDS
        for violation in item.violations
        if violation.rule == Breach.UNREAD
        for place in violation.locations
    }
    new = problems if baseline is None else baseline.problems
    return tuple(item for item in new if (item.location, item.reason) not in excused)
