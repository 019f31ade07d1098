"""The Open Source Initiative's checklist for a terminal: a row a component, with what its terms allow."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from inspector.judgement import Allowance, Report
from inspector.render.parts import clean, heading
from inspector.wording import spell_place

WORDS = {
    Allowance.ALLOWED: ("yes", "green"),
    Allowance.RESTRICTED: ("no", "red"),
    Allowance.UNKNOWN: ("?", "yellow"),
    Allowance.UNSTATED: ("unstated", "yellow"),
    Allowance.NOTHING: ("-", "dim"),
}
FREEDOMS = ("use", "study", "modify", "share")


def show_checklist(report: Report, *, stacked: bool) -> Iterator[RenderableType]:
    """Show the rows; where columns are few, without the places."""
    if not report.checklist:
        return
    yield heading("Components", "as the Open Source Initiative's checklist asks for them", "dim")
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(width=max(len(row.title) for row in report.checklist))
    for _ in range(1 if stacked else 2):
        table.add_column(ratio=1, overflow="fold")
    shown = [WORDS[item][0] for row in report.checklist for item in (row.use, row.study, row.modify, row.share)]
    for name in FREEDOMS:
        table.add_column(width=max(map(len, (name, *shown))), no_wrap=True)
    table.add_row(*(Text(name, "dim") for name in ("", *(() if stacked else ("found at",)), "terms", *FREEDOMS)))
    for row in report.checklist:
        places = [spell_place(report.inventory.evidence[index].location) for index in row.because]
        told = f"{places[0]}{f' and {len(places) - 1} more' if len(places) > 1 else ''}" if places else "not here"
        terms = ", ".join(row.terms) or ("none stated" if row.use is Allowance.UNSTATED else "-")
        allowed = (Text(*WORDS[item]) for item in (row.use, row.study, row.modify, row.share))
        table.add_row(Text(row.title), *(() if stacked else (Text(clean(told), "dim"),)), Text(clean(terms)), *allowed)
    yield Padding(table, (0, 0, 0, 1))
