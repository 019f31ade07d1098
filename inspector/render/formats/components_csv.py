"""The components of the system as a table: what is here of each in each root, under which terms, and how these were reached."""

from inspector.judgement import Report
from inspector.render.addresses import FileIndex
from inspector.render.cells import write_table
from inspector.render.contract import Page, ReportFormat
from inspector.render.materials import list_parts
from inspector.wording import spell_place

HEAD = ("component", "root", "files", "found", "terms", "bucket", "conflict", "restricts", "reason", "places")
MOST = 20


def render(report: Report, _: Page) -> str:
    """Write the table of components; one whose files lie under several terms has a row for each."""
    rows: list[tuple[str | int, ...]] = []
    for part in list_parts(report, FileIndex(report.inventory.files)):
        places = [spell_place(place) for place in part.places]
        shown = " | ".join(places[:MOST]) + (f" | and {len(places) - MOST} more" if len(places) > MOST else "")
        for item in part.terms:
            told = (item.expression or "", item.bucket, "yes" if item.conflict else "no", "; ".join(item.restricts), item.reason)
            rows.append((part.component, part.root, item.files, " | ".join(part.values), *told, shown))
        if not part.terms:
            rows.append(
                (part.component, part.root, part.files, " | ".join(part.values), "", "", "", "", "no standard asked for its terms", shown)
            )
    return write_table(HEAD, rows)


FORMAT = ReportFormat("components.csv", "components with their terms, for a spreadsheet", render)
