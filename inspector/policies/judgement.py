"""A report against a policy on a day: what the policy does not allow, where it stands, and what to do. Pure.

An exception covers what everything in it fits, to the end of its last day. Of a violation at several places a path covers those that match;
the rest stays. What an expired exception covered violates the policy again, and is marked.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from inspector.gate import Breach, Excused, Exemption, PolicyResult, Standing, Violation
from inspector.judgement import Finding, Grade, Resolution, StandardResult, Verdict
from inspector.licensing.licenses import Licenses
from inspector.model import CODE, Issue, Location, Role, RootRecord, Weights
from inspector.policies.path_patterns import matches_path
from inspector.policies.policy import CODE_WORD, FileDemand, FormatDemand, Limit, Policy, StandardDemand, TermsDemand, Unread
from inspector.rule_catalogue import RuleEntry, Subject, load_rules
from inspector.saved import ReportView
from inspector.scoring.fitness import is_fit
from inspector.scoring.ladder import satisfies
from inspector.wording import spell_component

POINTER = "git-lfs-pointer"
GRADES = (Grade.CONFORMS, Grade.TERMS_ONLY, Grade.INCOMPLETE)
FINE = {
    Grade.CONFORMS: (Verdict.MET, Verdict.NOT_APPLICABLE),
    Grade.TERMS_ONLY: (Verdict.MET, Verdict.NOT_APPLICABLE, Verdict.TERMS),
}


def judge_policy(view: ReportView, policy: Policy, today: dt.date, licenses: Licenses) -> PolicyResult:
    """List what the policy does not allow, what can act first, and what became of its exceptions."""
    found = tuple(dict.fromkeys(_Judge(view, policy, licenses).violations()))
    violations, exceptions = _apply(found, policy.exemptions, today)
    return PolicyResult(title=policy.title, file=policy.file, sha256=policy.sha256, day=today, violations=violations, exceptions=exceptions)


def limit_of(issue: Issue, policy: Policy) -> Limit | None:
    """Give the worst severity that may stand of what an issue is about; a rule that nobody knows counts as one of safety."""
    rule = load_rules().get(issue.rule)
    return dict(policy.about).get(rule.about if rule else Subject.SAFETY, policy.worst)


def is_covered(issue: Issue, exemptions: tuple[Exemption, ...], today: dt.date) -> bool:
    """Say whether exceptions that hold today cover all places of an issue."""
    left: tuple[Violation, ...] = (_of_issue(issue, "", ""),)
    for exemption in exemptions:
        if exemption.expires >= today:
            _, left = _split(left, exemption)
    return not left


@dataclass(frozen=True, slots=True)
class _Judge:
    view: ReportView
    policy: Policy
    licenses: Licenses

    def violations(self) -> Iterator[Violation]:
        for issue in self.view.issues:
            yield from self._issue(issue, load_rules().get(issue.rule))
        for kind in self.policy.formats:
            yield from self._format(kind)
        if self.policy.unread is Unread.FORBID:
            yield from self._unread()
        for item in self.view.terms:
            yield from self._terms(item)
        for files in self.policy.files:
            yield from _missing_files(self.view, files)
        for demand in self.policy.standards:
            yield from self._standard(demand)

    def _standard(self, demand: StandardDemand) -> Iterator[Violation]:
        asked = f"require.{demand.id} = {demand.wanted}"
        result = next((item for item in self.view.standards if item.id == demand.id), None)
        if result is None:
            yield Violation(rule=Breach.STANDARD, asked=asked, subject=demand.id, message="the report does not judge it", settle="")
            return
        if _is_enough(result, demand.wanted):
            return
        open_ = list(_open_findings(result, demand.wanted))
        for finding in open_:
            yield Violation(
                rule=Breach.STANDARD,
                asked=asked,
                subject=finding.requirement,
                message=f"{finding.title}: {finding.verdict}, {finding.reason}",
                settle=finding.missing,
                locations=self._places(finding.because),
                requirement=finding.requirement,
            )
        if not open_:
            yield Violation(rule=Breach.STANDARD, asked=asked, subject=demand.id, message=result.reason, settle="")

    def _terms(self, item: Resolution) -> Iterator[Violation]:
        demand = _demand_of(item, self.policy.terms)
        if demand is None or is_fit(item, demand.fitness, self.licenses):
            return
        terms = f"{item.expression} ({item.bucket})" if item.expression else "no terms are stated"
        name, many = spell_component(item.component), f"{item.files:,} file{'' if item.files == 1 else 's'}"
        why = "the terms contradict each other" if item.conflict else "that is not allowed"
        yield Violation(
            rule=Breach.TERMS,
            asked=demand.key,
            subject=item.expression or "",
            message=f"{name}, {many}: {terms}: {why}; {item.reason}",
            settle=demand.fitness.settle or "Ask for other terms, pass the document that grants them as a further root, or leave it out.",
            locations=self._places(item.because) or (Location(root=item.root, path="."),),
            component=item.component,
        )

    def _format(self, kind: FormatDemand) -> Iterator[Violation]:
        """Find a format as a file's, as a member's, by a rule that says so, and where a reader of it could not read on."""
        held = dict[tuple[str, str], tuple[str, Location]]()
        for file in self.view.files:
            if file.format in kind.formats or (kind.unrecognised and file.format is None):
                held[file.root, file.path] = (file.format or "of no format that is known", Location(root=file.root, path=file.path))
        for item in self.view.evidence:
            if isinstance(item.details, Weights) and item.details.format in kind.formats:
                held.setdefault((item.location.root, item.location.path.partition("!/")[0]), (item.details.format, _file_of(item.location)))
        for issue in self.view.issues:
            for place in issue.locations if issue.rule in kind.rules else ():
                held.setdefault((place.root, place.path.partition("!/")[0]), (f"{issue.rule}: {issue.message}", _file_of(place)))
        for problem in self.view.problems:
            if problem.detector in kind.formats:
                told = f"perhaps {problem.detector}, it could not be read: {problem.reason}"
                held.setdefault((problem.location.root, problem.location.path.partition("!/")[0]), (told, _file_of(problem.location)))
        for told, place in held.values():
            forbidden = told if told == kind.name else f"{told} ({kind.name} is forbidden)"
            yield Violation(
                rule=Breach.FORMAT,
                asked=f"formats.forbid = {kind.name}",
                subject=kind.name,
                message=f"a file of a forbidden format: {forbidden}",
                settle=kind.settle,
                locations=(place,),
            )

    def _issue(self, issue: Issue, rule: RuleEntry | None) -> Iterator[Violation]:
        limit, subject = limit_of(issue, self.policy), rule.about if rule else Subject.SAFETY
        if limit is not None and not limit.allows(issue.severity):
            key = f"about.{subject}" if subject in dict(self.policy.about) else "worst"
            yield _of_issue(issue, f"issues.{key} = {limit}", subject)

    def _unread(self) -> Iterator[Violation]:
        asked = f"unread = {Unread.FORBID}"
        settle = "Download or repair the file, or remove it: what was not read is never called clean."
        for problem in self.view.problems:
            yield Violation(
                rule=Breach.UNREAD, asked=asked, subject="unread", message=problem.reason, settle=settle, locations=(problem.location,)
            )
        for file in self.view.files:
            if file.format == POINTER:
                place = Location(root=file.root, path=file.path)
                message = "its content was not downloaded; this is a stand-in of git-LFS"
                yield Violation(rule=Breach.UNREAD, asked=asked, subject=POINTER, message=message, settle=settle, locations=(place,))
        for issue in self.view.issues:
            rule = load_rules().get(issue.rule)
            if rule is not None and rule.unread:
                yield _of_issue(issue, asked, "unread")

    def _places(self, because: tuple[int, ...]) -> tuple[Location, ...]:
        return tuple(dict.fromkeys(self.view.evidence[place].location for place in because))


def _of_issue(issue: Issue, asked: str, subject: str) -> Violation:
    return Violation(
        rule=issue.rule,
        asked=asked,
        subject=subject,
        message=issue.message,
        settle=issue.settle,
        locations=issue.locations,
        severity=issue.severity,
    )


def _file_of(place: Location) -> Location:
    return Location(root=place.root, path=place.path)


def _is_enough(result: StandardResult, wanted: str) -> bool:
    if wanted in FINE:
        return GRADES.index(result.grade) <= GRADES.index(Grade(wanted))
    return satisfies(result, wanted.casefold())


def _open_findings(result: StandardResult, wanted: str) -> Iterator[Finding]:
    """List the findings that stand between a result and what is wanted."""
    rung = next((item for item in result.ladder.rungs if item.id == wanted.casefold()), None) if result.ladder else None
    if wanted in FINE or rung is None:
        fine = FINE[Grade(wanted)] if wanted in FINE else FINE[Grade.CONFORMS]
        yield from (item for item in result.findings if not item.optional and item.verdict not in fine)
    else:
        yield from (item for item in result.findings if item.requirement in (*rung.missing, *rung.unfit))


def _demand_of(item: Resolution, demands: tuple[TermsDemand, ...]) -> TermsDemand | None:
    """Choose the demand that names the component, else `code` for one of code, else the one for the rest."""
    by_word = {word: demand for demand in demands for word in demand.components or ("",)}
    of_code = by_word.get(CODE_WORD) if item.component in CODE else None
    return by_word.get(item.component) or of_code or by_word.get("")


def _missing_files(view: ReportView, demand: FileDemand) -> Iterator[Violation]:
    """Find patterns that no file matches. A root whose role nobody said counts as one of weights."""
    roots = {root.name for root in view.system.roots if demand.role in {None, _role(root)}}
    where = f"a root of the role {demand.role}" if demand.role else "any root"
    first = next((root.name for root in view.system.roots if root.name in roots), view.system.name)
    for pattern in demand.require:
        if not any(file.root in roots and matches_path(file.path, pattern) for file in view.files):
            given = f"no file matches {pattern} in {where}" if roots else f"there is no root of the role {demand.role}, so no {pattern}"
            add = "Add the file, or ask the publisher for it."
            yield Violation(
                rule=Breach.FILE,
                asked=f"{demand.key}.require = {pattern}",
                subject=pattern,
                message=given,
                settle=add if roots else f"Pass the root: --with {demand.role}=PATH.",
                locations=(Location(root=first, path=pattern),),
            )


def _role(root: RootRecord) -> Role:
    return root.role or Role.WEIGHTS


def _apply(
    found: tuple[Violation, ...], exemptions: tuple[Exemption, ...], today: dt.date
) -> tuple[tuple[Violation, ...], tuple[Excused, ...]]:
    """Take away what exceptions cover that hold today; mark what those covered that do not hold any more."""
    left, covered = found, dict[int, tuple[Violation, ...]]()
    for number, exemption in enumerate(exemptions):
        if exemption.expires >= today:
            covered[number], left = _split(left, exemption)
    lapsed = set[Violation]()
    for number, exemption in enumerate(exemptions):
        if exemption.expires < today:
            covered[number], _ = _split(left, exemption)
            lapsed |= {violation for violation in left if _split((violation,), exemption)[0]}
    excused = []
    for number, exemption in enumerate(exemptions):
        holds = Standing.HOLDS if covered[number] else Standing.UNUSED
        standing = Standing.EXPIRED if exemption.expires < today else holds
        excused.append(Excused(exemption=exemption, standing=standing, violations=covered[number]))
    return tuple(msgspec.structs.replace(item, lapsed=True) if item in lapsed else item for item in left), tuple(excused)


def _split(found: tuple[Violation, ...], exemption: Exemption) -> tuple[tuple[Violation, ...], tuple[Violation, ...]]:
    """Part violations, and places of one, into what an exception covers and the rest."""
    covered, rest = list[Violation](), list[Violation]()
    for item in found:
        inside = _places_inside(item, exemption)
        if inside is None:
            rest.append(item)
        else:
            outside = tuple(place for place in item.locations if place not in inside)
            covered.append(msgspec.structs.replace(item, locations=inside) if outside else item)
            if outside:
                rest.append(msgspec.structs.replace(item, locations=outside))
    return tuple(covered), tuple(rest)


def _places_inside(item: Violation, exemption: Exemption) -> tuple[Location, ...] | None:
    """Give the places of a violation that an exception covers; None where it covers none of it."""
    asked = (
        (exemption.rule, item.rule),
        (exemption.requirement, item.requirement),
        (exemption.component or "", item.component or ""),
    )
    if any(wanted and wanted != is_ for wanted, is_ in asked):
        return None
    if not exemption.path:
        return item.locations
    inside = tuple(place for place in item.locations if matches_path(place.path, exemption.path))
    return inside or None
