"""What is new in a report against an earlier one: issues, violations, worse verdicts and terms, and what could newly not be read. Pure.

An issue is known by its fingerprint: its rule, what it says, and in which file, but not at which line or byte, so that it survives moved lines.
The same fingerprint at more places than before is new, and so is a higher severity. Roots are matched by name, else by their order.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from inspector.comparison import Kind, compare_reports
from inspector.gate import BaselineResult, Breach, NewIssue, NewViolation, Violation, Worsening
from inspector.judgement import Resolution
from inspector.licensing.licenses import Licenses
from inspector.model import Issue, Location, Problem, Severity
from inspector.policies.judgement import is_covered, judge_policy, limit_of
from inspector.policies.policy import Policy
from inspector.saved import ReportView

Key = tuple[str, ...]
SEVEREST_FIRST = tuple(Severity)
FAILING = (Severity.HIGH, Severity.MEDIUM)
_PLACE = re.compile(r"\b(lines?|byte) [\d,]+(?:(?:-| to | and )[\d,]+)?")
_TIMES = re.compile(r" \((\d+) times\)$")


class Earlier(NamedTuple):
    """An earlier report, with the name of its file and the SHA-256 of its bytes."""

    view: ReportView
    file: str
    sha256: str


class _Sighting(NamedTuple):
    """One place of an issue or violation, and its severity as a number, the severest first; `owner` is where it stands in its report's list."""

    key: Key
    rank: int
    owner: int


def find_new(view: ReportView, earlier: Earlier, policy: Policy | None, today: dt.date, licenses: Licenses) -> BaselineResult:
    """Hold a report, which has been held against the policy if there is one, against an earlier one, to which the same policy is applied.

    What an exception covered until it expired is new again, whatever the earlier report says: that is what a last day is for.
    """
    old = _align(earlier.view, view)
    before = judge_policy(old, policy, today, licenses).violations if policy else ()
    now = judge_policy(view, policy, today, licenses).violations if policy else ()
    issues, fewer_issues = _split_new(_sight_issues(view.issues), _sight_issues(old.issues))
    violations, fewer_violations = _split_new(_sight_violations(now), _sight_violations(before))
    violations |= {place for place, item in enumerate(now) if item.lapsed}
    unread = {(item.location.root, item.location.path, item.detector) for item in old.problems}
    return BaselineResult(
        file=earlier.file,
        sha256=earlier.sha256,
        issues=tuple(_new_issue(view.issues[place], policy, today) for place in sorted(issues)),
        violations=tuple(
            NewViolation(fingerprint=_digest(_violation_keys(now[place])), violation=now[place]) for place in sorted(violations)
        ),
        worse=tuple(_worsenings(old, view, policy, today)),
        problems=tuple(item for item in view.problems if (item.location.root, item.location.path, item.detector) not in unread),
        known=len(view.issues) - len(issues) + len(now) - len(violations),
        gone=len(fewer_issues) + len(fewer_violations),
    )


def find_all(view: ReportView, policy: Policy | None, today: dt.date, licenses: Licenses) -> BaselineResult:
    """Give everything of a report as new: there is no earlier one."""
    violations = judge_policy(view, policy, today, licenses).violations if policy else ()
    return BaselineResult(
        file="",
        sha256="",
        issues=tuple(_new_issue(item, policy, today) for item in view.issues),
        violations=tuple(NewViolation(fingerprint=_digest(_violation_keys(item)), violation=item) for item in violations),
        worse=(),
        problems=view.problems,
        known=0,
        gone=0,
    )


def fingerprint_issue(issue: Issue) -> str:
    """Give the fingerprint of an issue: 16 hexadecimal digits over its rule, what it says and its files, without lines and bytes."""
    return _digest(_issue_keys(issue))


def _new_issue(issue: Issue, policy: Policy | None, today: dt.date) -> NewIssue:
    """Say whether a new issue fails: where the policy limits its kind, the policy has decided; else from medium on, unless it is excepted."""
    decided = policy is not None and (limit_of(issue, policy) is not None or is_covered(issue, policy.exemptions, today))
    return NewIssue(fingerprint=fingerprint_issue(issue), fails=not decided and issue.severity in FAILING, issue=issue)


def _worsenings(old: ReportView, new: ReportView, policy: Policy | None, today: dt.date) -> Iterator[Worsening]:
    """List worse verdicts, but for those on requirements that are excepted; and worse terms, where no policy says which terms fit."""
    excepted = {item.requirement for item in policy.exemptions if item.expires >= today and not item.path} if policy else set[str]()
    kinds = (Kind.VERDICT,) if policy and policy.terms else (Kind.VERDICT, Kind.TERMS)
    for change in compare_reports(old, new):
        if change.worse and change.kind in kinds and not (change.kind is Kind.VERDICT and change.subject in excepted):
            yield Worsening(kind=change.kind, subject=change.subject, before=change.before, after=change.after)


def _split_new(now: Iterable[_Sighting], before: Iterable[_Sighting]) -> tuple[set[int], set[int]]:
    """Give the owners of what is new, and of what is no more: of each key, the severest are matched with the severest."""
    ours, theirs = _group(now), _group(before)
    new, gone = set[int](), set[int]()
    for key in ours.keys() | theirs.keys():
        here, there = ours.get(key, []), theirs.get(key, [])
        new |= {item.owner for place, item in enumerate(here) if place >= len(there) or there[place].rank > item.rank}
        gone |= {item.owner for item in there[len(here) :]}
    return new, gone


def _group(sightings: Iterable[_Sighting]) -> Mapping[Key, list[_Sighting]]:
    groups: dict[Key, list[_Sighting]] = {}
    for item in sorted(sightings, key=lambda item: (item.key, item.rank, item.owner)):
        groups.setdefault(item.key, []).append(item)
    return groups


def _sight_issues(issues: tuple[Issue, ...]) -> Iterable[_Sighting]:
    return (_Sighting(key, SEVEREST_FIRST.index(item.severity), place) for place, item in enumerate(issues) for key in _issue_keys(item))


def _sight_violations(found: tuple[Violation, ...]) -> Iterable[_Sighting]:
    for place, item in enumerate(found):
        rank = SEVEREST_FIRST.index(item.severity) if item.severity else 0
        yield from (_Sighting(key, rank, place) for key in _violation_keys(item))


def _issue_keys(issue: Issue) -> tuple[Key, ...]:
    return _keys(issue.rule, issue.message, issue.locations)


def _violation_keys(item: Violation) -> tuple[Key, ...]:
    if item.severity is not None:
        return _keys(item.rule, item.message, item.locations)
    about = (item.rule, item.requirement, item.component or "", item.subject)
    if item.rule == Breach.STANDARD:
        return (about,)
    places = item.locations[:1] if item.rule == Breach.TERMS else item.locations
    return tuple((*about, place.root, "" if item.rule == Breach.TERMS else place.path) for place in places)


def _keys(rule: str, message: str, places: tuple[Location, ...]) -> tuple[Key, ...]:
    """Give one key a place; a message that counts more than the places that were kept has that many."""
    times = _TIMES.search(message)
    said = _PLACE.sub(r"\1", _TIMES.sub("", message))
    keys: list[Key] = [(rule, said, place.root, place.path, _PLACE.sub(r"\1", place.pointer or "")) for place in places] or [(rule, said)]
    more = int(times[1]) - len(keys) if times else 0
    return (*keys, *([(rule, said, "more")] * min(max(more, 0), 10_000)))


def _digest(keys: tuple[Key, ...]) -> str:
    return hashlib.sha256(repr(sorted(set(keys))).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _align(old: ReportView, new: ReportView) -> ReportView:
    """Give the roots of an earlier report the names that they have now, where there are as many under other names."""
    before, after = ([root.name for root in view.system.roots] for view in (old, new))
    if len(before) != len(after) or set(before) == set(after):
        return old
    names = dict(zip(before, after, strict=True))

    spelled = re.compile("|".join(rf"(?<=\bin ){name}(?![\w-])|(?<![\w./-]){name}(?=/)" for name in map(re.escape, names)))

    def issue(item: Issue) -> Issue:
        message = spelled.sub(lambda found: names[found[0]], item.message)
        return msgspec.structs.replace(item, message=message, locations=tuple(here(place) for place in item.locations))

    def here(place: Location) -> Location:
        return msgspec.structs.replace(place, root=names.get(place.root, place.root))

    def resolved(item: Resolution) -> Resolution:
        return msgspec.structs.replace(item, root=names.get(item.root, item.root))

    def problem(item: Problem) -> Problem:
        return msgspec.structs.replace(item, location=here(item.location))

    system = msgspec.structs.replace(
        old.system, roots=tuple(msgspec.structs.replace(root, name=names.get(root.name, root.name)) for root in old.system.roots)
    )
    return msgspec.structs.replace(
        old,
        system=system,
        terms=tuple(resolved(item) for item in old.terms),
        issues=tuple(issue(item) for item in old.issues),
        problems=tuple(problem(item) for item in old.problems),
        files=tuple(msgspec.structs.replace(item, root=names.get(item.root, item.root)) for item in old.files),
        evidence=tuple(msgspec.structs.replace(item, location=here(item.location)) for item in old.evidence),
    )
