"""The page of `inspector licenses`: what governs what, every statement of terms with its places, and what is wrong with them."""

from collections.abc import Iterator

from rich.console import RenderableType

from inspector.judgement import Report
from inspector.render.contract import Page, ReportFormat
from inspector.render.parts import draw, show_issues, show_overview, show_problems, show_statements, show_terms

RULES = ("terms.", "lineage.")


def render(report: Report, page: Page) -> str:
    """Write the terms of a report for a terminal."""
    return draw(_parts(report, page.verbose), page.width, page.color)


def _parts(report: Report, verbose: bool) -> Iterator[RenderableType]:
    inventory = report.inventory
    yield from show_overview(inventory)
    yield from show_terms(report.terms, verbose)
    yield from show_statements(inventory.evidence, verbose)
    yield from show_issues(tuple(issue for issue in inventory.issues if issue.rule.startswith(RULES)), verbose)
    yield from show_problems(inventory.problems, verbose)


FORMAT = ReportFormat("licenses.txt", "the terms alone, for a person", render)
