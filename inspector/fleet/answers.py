"""Answers to questions of a fleet: as a table for a terminal, as JSON, and as CSV. Pure."""

import csv
from collections.abc import Sequence
from io import StringIO

import msgspec
from rich.table import Table
from rich.text import Text

from inspector.fleet.query import Answer
from inspector.render.parts import clean, draw

MOST_ROWS, LONGEST, WIDEST = 200, 80, 4000


def answer_json(answer: Answer) -> str:
    """Write the rows as a JSON array of objects, one a line."""
    lines = (msgspec.json.encode(dict(zip(answer.columns, row, strict=True)), enc_hook=str).decode() for row in answer.rows)
    return "[\n" + ",\n".join(lines) + "\n]\n" if answer.rows else "[]\n"


def answer_csv(answer: Answer) -> str:
    """Write the rows as CSV (RFC 4180) with a line of names."""
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow(answer.columns)
    writer.writerows([_inert(value) for value in row] for row in answer.rows)
    return stream.getvalue()


def answer_table(answer: Answer, *, color: bool, whole: bool) -> str:
    """Write the rows as a table, a row on one line, long texts shortened; the first 200 rows unless all are asked for."""
    shown = answer.rows if whole else answer.rows[:MOST_ROWS]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, name in enumerate(answer.columns):
        table.add_column(clean(name), justify="right" if _is_number(shown, place) else "left", no_wrap=True)
    for row in shown:
        table.add_row(*(Text(clean(_show(value))) for value in row))
    rest = len(answer.rows) - len(shown)
    notes = [Text(f"and {rest:,} rows more: --all shows them, --format csv writes them", "dim")] if rest else []
    return draw([table, *notes] if answer.rows else [Text("no rows", "dim")], WIDEST, color)


def _is_number(rows: Sequence[Sequence[object]], place: int) -> bool:
    return bool(rows) and all(
        row[place] is None or (isinstance(row[place], int | float) and not isinstance(row[place], bool)) for row in rows
    )


def _show(value: object) -> str:
    text = "" if value is None else f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _inert(value: object) -> object:
    """Give a value for a cell: text of a bundle that a spreadsheet would take for a formula is marked as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
