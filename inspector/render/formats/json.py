"""The report as JSON, and its schema."""

import msgspec

from inspector.judgement import Report
from inspector.render.contract import Page, ReportFormat
from inspector.render.json_text import write_json, write_schema
from inspector.saved import ReportView, view_report


def render(report: Report, _: Page) -> str:
    """Write a report as JSON, always the same bytes for the same report, with a newline at its end."""
    return write_json(view_report(report))


def report_schema() -> str:
    """Write the JSON Schema of the report."""
    schema = msgspec.json.schema(ReportView)
    return write_schema(schema)


FORMAT = ReportFormat("report.json", "everything, by a published schema; what `diff` and `recheck` read", render)
