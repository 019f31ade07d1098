"""The report as JSON, and its schema."""

import msgspec

from inspector.judgement import Report
from inspector.render.contract import Page, ReportFormat
from inspector.saved import ReportView, view_report


def render(report: Report, _: Page) -> str:
    """Write a report as JSON, always the same bytes for the same report, with a newline at its end."""
    return msgspec.json.format(msgspec.json.encode(view_report(report)), indent=2).decode() + "\n"


def report_schema() -> str:
    """Write the JSON Schema of the report."""
    schema = msgspec.json.schema(ReportView)
    return msgspec.json.format(msgspec.json.encode(schema, order="deterministic"), indent=2).decode() + "\n"


FORMAT = ReportFormat("report.json", "everything, by a published schema; what `diff` and `recheck` read", render)
