"""Renderers: each writes one report in one format, from the report alone."""

from enum import StrEnum

from inspector.judgement import Report
from inspector.render import html, json, licenses, mot, terminal


class Format(StrEnum):
    """The formats a report can be written in."""

    TERMINAL = "terminal"
    LICENSES = "licenses"
    JSON = "json"
    MOT = "mot"
    HTML = "html"


def render(report: Report, form: Format = Format.JSON, *, width: int = 100, color: bool = False, verbose: bool = False) -> str:
    """Write a report; `width` (columns), `color` and `verbose` matter to the terminal format only."""
    match form:
        case Format.LICENSES:
            return licenses.render(report, width=width, color=color, verbose=verbose)
        case Format.TERMINAL:
            return terminal.render(report, width=width, color=color, verbose=verbose)
        case Format.JSON:
            return json.render(report)
        case Format.MOT:
            return mot.render(report)
        case Format.HTML:
            return html.render(report)
