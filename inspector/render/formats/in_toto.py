"""The report as an in-toto statement to be signed: its subjects are the files by their SHA-256, its predicate says how they were judged.

It is not signed here. What was not hashed is no subject, and is counted in the predicate. Source: in-toto Attestation Framework, Statement v1.
"""

from collections import Counter

from inspector.errors import UsageError
from inspector.judgement import Report
from inspector.model import Severity, printable
from inspector.render.contract import Page, ReportFormat
from inspector.render.json_text import write_json
from inspector.render.materials import describe_model, file_name, origin_address

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:preferred-form:attestation:audit:v1"


def render(report: Report, page: Page) -> str:
    """Write a statement, always the same bytes for the same report and time.

    Raises UsageError when no file has a digest, for a statement needs a subject.
    """
    subjects = [{"name": file_name(item), "digest": {"sha256": item.sha256}} for item in report.inventory.files if item.sha256]
    if not subjects:
        raise UsageError("a statement is of files by their SHA-256, and none was computed: leave out --no-digest")
    statement = {"_type": STATEMENT, "subject": subjects, "predicateType": PREDICATE, "predicate": _predicate(report, page)}
    return write_json(statement)


def _predicate(report: Report, page: Page) -> dict[str, object]:
    inventory, model = report.inventory, describe_model(report)
    severities = Counter(item.severity for item in inventory.issues)
    told: dict[str, object] = {
        "tool": {"name": report.tool.name, "version": report.tool.version},
        "detectors": {item.id: item.version for item in report.tool.detectors},
        "system": printable(inventory.name),
        "roots": [_root(item.name, item.role, item.revision, origin_address(item)) for item in inventory.roots],
        "grades": [_grade(report, number) for number in range(len(report.standards))],
        "terms": {"parametersConcluded": model.concluded or None, "parametersStated": [item.expression for item in model.stated]},
        "issues": {"bySeverity": {level: severities[level] for level in Severity}, "byRule": _by_rule(report)},
        "unread": len(inventory.problems),
        "unrecognised": len(inventory.unclaimed),
        "notHashed": [file_name(item) for item in inventory.files if not item.sha256],
    }
    return {**told, "timeCreated": page.created} if page.created else told


def _root(name: str, role: str | None, revision: str | None, address: str) -> dict[str, object]:
    told = {"name": printable(name), "role": role, "revision": printable(revision or ""), "address": address}
    return {key: value for key, value in told.items() if value}


def _grade(report: Report, number: int) -> dict[str, object]:
    result = report.standards[number]
    told: dict[str, object] = {
        "standard": result.id,
        "version": result.version,
        "grade": result.grade,
        "reason": printable(result.reason),
        "elements": {element.id: element.verdict for element in result.elements},
        "findings": {finding.requirement: finding.verdict for finding in result.findings},
        "attested": [finding.requirement for finding in result.findings if finding.attested],
        "disclaimer": result.disclaimer,
    }
    return {**told, "class": result.ladder.title} if result.ladder else told


def _by_rule(report: Report) -> dict[str, int]:
    return dict(sorted(Counter(item.rule for item in report.inventory.issues).items()))


FORMAT = ReportFormat("report.intoto.json", "a statement over the files by their digests, to be signed (in-toto Statement v1)", render)
