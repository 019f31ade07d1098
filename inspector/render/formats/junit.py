"""A test case for each requirement, each severity of issues and each rule of a policy, as JUnit XML: for the test reports of any build server.

What is not met fails, and so do issues of high severity; what could not be read is an error. What only a person can judge, and what is optional
and not here, is skipped: it neither passes nor fails. Source: the schema of Jenkins' xUnit plugin, junit-10.xsd.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from inspector.gate import Violation
from inspector.judgement import Finding, Report, StandardResult, Verdict
from inspector.model import Issue, Severity, printable
from inspector.render.contract import Page, ReportFormat
from inspector.render.rule_help import BREACHES
from inspector.wording import join_sentences, spell_place

HOLDS = (Verdict.MET, Verdict.NOT_APPLICABLE)
ISSUES = "issues"
MOST = 200  # places and issues that one case lists


@dataclass(frozen=True, slots=True)
class Case:
    """A test case: its outcome (`failure`, `error`, `skipped`, or empty where it passed), a line on it, and the details."""

    group: str
    name: str
    outcome: str
    kind: str
    message: str
    details: str


def render(report: Report, _: Page) -> str:
    """Write a report as JUnit XML, always the same bytes for the same report."""
    suites = [(f"{item.title} {item.version}", tuple(_requirements(report, item)), item) for item in report.standards]
    others, held = (*_issues(report), _reading(report)), tuple(_policy(report))
    top = Element(
        "testsuites",
        {"name": printable(report.inventory.name), **_count([*held, *others, *(case for _, some, _ in suites for case in some)])},
    )
    if report.policy is not None:
        facts = {"file": report.policy.file, "sha256": report.policy.sha256, "day": report.policy.day.isoformat()}
        _suite(top, f"Policy {report.policy.title}", held, facts)
    for name, cases, result in suites:
        facts = {"standard": result.id, "version": result.version, "grade": result.grade, "reason": result.reason}
        if result.ladder:
            facts["class"] = result.ladder.title
        _suite(top, name, cases, {**facts, "disclaimer": result.disclaimer})
    facts = {"tool": report.tool.name, "tool-version": report.tool.version, "files": str(len(report.inventory.files))}
    _suite(top, "Issues", others, facts)
    indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(top, encoding="unicode") + "\n"


def _suite(top: Element, name: str, cases: tuple[Case, ...], facts: dict[str, str]) -> None:
    suite = SubElement(top, "testsuite", {"name": printable(name), **_count(cases), "skipped": str(_number(cases, "skipped"))})
    told = SubElement(suite, "properties")
    for key, value in facts.items():
        SubElement(told, "property", {"name": key, "value": printable(value)})
    for case in cases:
        shown = SubElement(suite, "testcase", {"name": printable(case.name), "classname": printable(case.group)})
        if case.outcome == "skipped":
            SubElement(shown, "skipped", {"message": printable(case.message)})
        elif case.outcome:
            SubElement(shown, case.outcome, {"type": case.kind, "message": printable(case.message)}).text = _lines(case.details)
        if not case.outcome and case.details:
            SubElement(shown, "system-out").text = _lines(case.details)


def _requirements(report: Report, result: StandardResult) -> Iterator[Case]:
    titles = {element.id: element.title for element in result.elements}
    for finding in result.findings:
        places = [spell_place(report.inventory.evidence[index].location) for index in finding.because]
        details = _list((join_sentences(finding.reason, finding.missing), *dict.fromkeys(places)))
        group = f"{result.id}.{titles.get(finding.element, finding.element)}"
        message = join_sentences(f"{finding.verdict}: {finding.reason}")
        yield Case(group, f"{finding.title} ({finding.requirement})", _outcome(finding), finding.verdict, message, details)


def _outcome(finding: Finding) -> str:
    if finding.verdict in HOLDS:
        return ""
    return "skipped" if finding.optional or finding.verdict is Verdict.REVIEW else "failure"


def _policy(report: Report) -> Iterator[Case]:
    """Give a case for each rule of a policy's own, and one for the issues that it does not allow; none where there is no policy."""
    found = report.policy.violations if report.policy else ()
    for rule in (*BREACHES, ISSUES) if report.policy else ():
        broken = [item for item in found if (item.rule if item.rule in BREACHES else ISSUES) == rule]
        message = f"{len(broken)} violation{'' if len(broken) == 1 else 's'}"
        yield Case("policy", rule, "failure" if broken else "", rule, message, _list(_tell_violation(item) for item in broken))


def _tell_violation(item: Violation) -> str:
    places = ", ".join(spell_place(place) for place in item.locations[:8])
    more = f" and {len(item.locations) - 8} more" if len(item.locations) > 8 else ""
    lapsed = " (an exception covered it until it expired)" if item.lapsed else ""
    return f"{item.rule}: {join_sentences(f'{item.message}{lapsed}', f'asked by {item.asked}', item.settle)} [{places}{more}]"


def _issues(report: Report) -> Iterator[Case]:
    for severity in Severity:
        issues = [item for item in report.inventory.issues if item.severity is severity]
        failed = bool(issues) and severity is Severity.HIGH
        message = f"{len(issues)} issue{'' if len(issues) == 1 else 's'} of severity {severity}"
        name = f"No issue of severity {severity}" if severity is Severity.HIGH else f"Issues of severity {severity}"
        yield Case("issues", name, "failure" if failed else "", severity, message, _list(_tell(item) for item in issues))


def _tell(issue: Issue) -> str:
    places = ", ".join(spell_place(place) for place in issue.locations[:8])
    more = f" and {len(issue.locations) - 8} more" if len(issue.locations) > 8 else ""
    return f"{issue.rule}: {join_sentences(issue.message, issue.settle)} [{places}{more}]"


def _reading(report: Report) -> Case:
    problems = report.inventory.problems
    message = f"{len(problems)} thing{'' if len(problems) == 1 else 's'} could not be read, and nothing is known of them"
    details = _list(f"{spell_place(item.location)}: {item.reason}" for item in problems)
    return Case("reading", "Everything could be read", "error" if problems else "", "unread", message, details)


def _list(lines: Iterable[str]) -> str:
    """Join lines, each of them fit to be shown; of very many only the first are listed, and the rest is counted."""
    shown = [printable(line) for line in lines]
    more = [f"and {len(shown) - MOST} more; the JSON report has all"] if len(shown) > MOST else []
    return "\n".join([*shown[:MOST], *more])


def _lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


def _count(cases: Iterable[Case]) -> dict[str, str]:
    listed = tuple(cases)
    return {"tests": str(len(listed)), "failures": str(_number(listed, "failure")), "errors": str(_number(listed, "error"))}


def _number(cases: Iterable[Case], outcome: str) -> int:
    return sum(case.outcome == outcome for case in cases)


FORMAT = ReportFormat("report.junit.xml", "a test case for each requirement and severity, for build servers (JUnit XML)", render)
