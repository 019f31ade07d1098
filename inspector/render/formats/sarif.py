"""Issues, requirements that are not met, and what could not be read, as SARIF 2.1.0: for code scanning and for viewers of findings.

A finding keeps its fingerprint when lines move: it is made of the rule, the place of the root among the roots, the path, the pointer and the
message. Source: OASIS Standard, Static Analysis Results Interchange Format 2.1.0; GitHub, SARIF support for code scanning.
"""

from collections.abc import Iterator

from inspector.gate import Breach, Standing
from inspector.judgement import Report, Verdict
from inspector.model import Component, Location, Severity, printable
from inspector.render.accepted import Accepted, spell_exemption
from inspector.render.contract import Page, ReportFormat
from inspector.render.json_text import write_json
from inspector.render.rule_help import Help, explain_breach, explain_requirement, explain_rule, explain_unread
from inspector.render.sarif_places import Json, Places, base_ids, list_origins
from inspector.render.sarif_results import Result, render_results
from inspector.wording import join_sentences

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note", Severity.NOTE: "note"}
SCORES = {Severity.HIGH: "8.0", Severity.MEDIUM: "5.0", Severity.LOW: "3.0", Severity.NOTE: "1.0"}
OWN = (Breach.TERMS, Breach.FORMAT, Breach.FILE)  # requirements, issues and what was not read are results of their own
SETTLED = (Verdict.MET, Verdict.NOT_APPLICABLE)


def render(report: Report, _: Page) -> str:
    """Write a report as SARIF, always the same bytes for the same report."""
    results = (*_violations(report), *_issues(report), *_requirements(report), *_unread(report))
    places = Places(report)
    helps = {item.rule.id: item.rule for item in results}
    rules = [helps[key] for key in sorted(helps)]
    run: Json = {
        "tool": {"driver": {"name": report.tool.name, "version": report.tool.version, "rules": [_describe(item) for item in rules]}},
        "invocations": [_invocation(report, places)],
        "originalUriBaseIds": base_ids(report.inventory.roots),
        **list_origins(report.inventory.roots),
        "artifacts": places.list_artifacts(),
        "results": render_results(results, tuple(item.id for item in rules), places),
        "columnKind": "unicodeCodePoints",
        "properties": {
            "grades": {item.id: item.grade for item in report.standards},
            "system": printable(report.inventory.name),
            **_holds(report),
        },
    }
    return write_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _holds(report: Report) -> Json:
    """Say whether the policy holds; nothing where there is none."""
    return {"policy": {"title": printable(report.policy.title), "holds": report.policy.holds}} if report.policy else {}


def _violations(report: Report) -> Iterator[Result]:
    """Give what a policy does not allow, and what its exceptions cover, where it is none of the other results: terms, formats and files."""
    excused = [
        (violation, spell_exemption(item.exemption))
        for item in (report.policy.exceptions if report.policy else ())
        if item.standing is Standing.HOLDS
        for violation in item.violations
    ]
    for violation, accepted in (*((item, "") for item in (report.policy.violations if report.policy else ())), *excused):
        if violation.rule not in OWN:
            continue
        places = tuple(place for place in violation.locations if place.path not in ("", "."))
        yield Result(
            rule=explain_breach(violation.rule),
            level="error",
            message=join_sentences(f"{violation.message} (asked by {violation.asked})", violation.settle),
            places=places or _anywhere(report),
            subject=f"{violation.subject} {violation.message}",
            anchored=bool(places),
            accepted=accepted,
        )


def _issues(report: Report) -> Iterator[Result]:
    accepted = Accepted(report)
    for issue in report.inventory.issues:
        told = join_sentences(issue.message, issue.settle)
        rule = explain_rule(issue.rule, issue.severity)
        yield Result(
            rule=rule,
            level=LEVELS[issue.severity],
            message=told,
            places=issue.locations or _anywhere(report),
            subject=issue.message,
            accepted=accepted.of_issue(issue.rule, issue.locations),
        )


def _requirements(report: Report) -> Iterator[Result]:
    """Give each requirement that is not met; one that only a person can judge is no failure, and optional ones are left out."""
    accepted = Accepted(report)
    for result in report.standards:
        for finding in result.findings:
            if finding.verdict in SETTLED or finding.optional:
                continue
            review = finding.verdict is Verdict.REVIEW
            told = join_sentences(f"{finding.title}: {finding.verdict}; {finding.reason}", finding.missing)
            yield Result(
                rule=explain_requirement(finding, result),
                level="none" if review else "warning",
                kind="review" if review else "fail",
                message=told,
                places=tuple(report.inventory.evidence[index].location for index in finding.because) or _anywhere(report),
                subject="",
                anchored=False,
                accepted=accepted.of_requirement(finding.requirement),
            )


def _unread(report: Report) -> Iterator[Result]:
    for problem in report.inventory.problems:
        yield Result(rule=explain_unread(), level="warning", message=problem.reason, places=(problem.location,), subject=problem.reason)


def _anywhere(report: Report) -> tuple[Location, ...]:
    """Give a place for what is nowhere, for viewers show only what is in a file: the model's card, else the first file."""
    cards = (item.location for item in report.inventory.evidence if item.component is Component.MODEL_CARD)
    files = (Location(root=item.root, path=item.path) for item in report.inventory.files)
    found = next(cards, None) or next(files, None)
    return (Location(root=found.root, path=found.path),) if found else ()


def _describe(rule: Help) -> Json:
    references = "".join(f"\n- {text}" for text in rule.references)
    plain = rule.meaning + (f"\n\nSources:{references}" if references else "")
    described: Json = {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.meaning},
        "help": {"text": plain, "markdown": plain},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": list(rule.tags), **({"security-severity": SCORES[rule.severity]} if rule.security else {})},
    }
    return {**described, "helpUri": rule.address} if rule.address else described


def _invocation(report: Report, places: Places) -> Json:
    """Say that the program ran to its end, and what it could not read on the way."""
    told = []
    for problem in report.inventory.problems:
        by = f" ({problem.detector})" if problem.detector else ""
        told.append(
            {"level": "error", "message": {"text": printable(problem.reason) + by}, "locations": list(places.describe((problem.location,)))}
        )
    return {"executionSuccessful": True, "toolExecutionNotifications": told}


FORMAT = ReportFormat("report.sarif", "findings for code scanning and for viewers (SARIF 2.1.0)", render)
