"""The report as one page for a browser."""

from inspector.render import html
from inspector.render.contract import ReportFormat

FORMAT = ReportFormat("report.html", "a page for a browser", lambda report, _: html.render(report))
