"""The page of `inspector safety`: the answer first, then what was found, and what could not be looked into."""

from collections.abc import Iterator

import msgspec
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from inspector.model import Location
from inspector.render.json_text import write_json, write_schema
from inspector.render.parts import clean, draw, fold, heading, plural, show_issues, show_problems
from inspector.safety import Answer, SafetyReport
from inspector.wording import spell_place

STYLE = {Answer.FOUND: "bold red", Answer.NOT_ALL_READ: "bold yellow", Answer.NOTHING_FOUND: "bold green"}


def render_safety(report: SafetyReport, *, width: int, color: bool, verbose: bool = False) -> str:
    """Write the answer for a terminal of `width` columns."""
    return draw(_parts(report, verbose), width, color)


def safety_json(report: SafetyReport) -> str:
    """Write the answer as JSON, always the same bytes for the same report, with a newline at its end."""
    return write_json(report)


def safety_schema() -> str:
    """Write the JSON Schema of the answer."""
    return write_schema(msgspec.json.schema(SafetyReport))


def _parts(report: SafetyReport, verbose: bool) -> Iterator[RenderableType]:
    badge = f" {report.answer.replace('-', ' ').upper()} "
    yield Text.assemble((badge, f"{STYLE[report.answer]} reverse"), f"  {clean(report.name)}  ", (plural(report.files, "file"), "dim"))
    yield Padding(Text(_sentence(report)), (0, 0, 0, 1))
    yield from show_issues(tuple(concern.issue for concern in report.concerns), verbose)
    whys = {concern.issue.rule: concern.why for concern in report.concerns if concern.why}
    if whys:
        yield heading("What it means")
        for rule, why in whys.items():
            yield Padding(Text.assemble((rule, "bold"), "  ", why), (0, 0, 0, 1))
    yield from show_problems(report.unread, verbose)
    yield from _list_files("Not downloaded", report.not_here, "their content was not looked into", verbose)
    yield from _list_files("Not recognised", report.unrecognised, "only what can stand in any file was looked for", verbose)


def _list_files(title: str, places: tuple[Location, ...], note: str, verbose: bool) -> Iterator[RenderableType]:
    if places:
        yield heading(f"{title} ({plural(len(places), 'file')})", note)
        yield Padding(Text(clean(fold([spell_place(place) for place in places], verbose)), "dim"), (0, 0, 0, 1))


def _sentence(report: SafetyReport) -> str:
    """Say in words what the answer is, and what it is not."""
    missed = f"{plural(report.missed, 'thing')} could not be looked into" if report.missed else ""
    worse = f"of severity {report.threshold}" + ("" if report.threshold == "high" else " or higher")
    match report.answer:
        case Answer.FOUND:
            return f"There are issues {worse}{f'; besides, {missed}' if missed else ''}. Read them before anything here is loaded."
        case Answer.NOT_ALL_READ:
            return f"No issue {worse}, but {missed}: that is not the same as clean."
        case Answer.NOTHING_FOUND:
            return f"No issue {worse} by the rules that this program knows, and everything could be read. Nothing was run."
