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
SHORT, ROOM, GAP = 14, 12, 2  # columns: a cell that is never broken, the least for one that is, and what stands between two
LONGEST_ALONE = 1000  # characters of a value that stands on lines of its own


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


def answer_table(answer: Answer, *, width: int | None, color: bool, whole: bool) -> str:
    """Write the rows as a table of `width` columns, whose long cells go on below; without a width a row is on one line.

    Where cells would have no room, or be cut, each row is a block of its own. Only the first 200 rows are shown unless all are asked for.
    """
    rows = answer.rows if whole else answer.rows[:MOST_ROWS]
    rest = len(answer.rows) - len(rows)
    notes = [Text(f"and {rest:,} rows more: --all shows them, --format csv writes them", "dim")] if rest else []
    longest = [max([len(name), *(len(_show(row[place], LONGEST_ALONE)) for row in rows)]) for place, name in enumerate(answer.columns)]
    shown = _table(answer.columns, rows, longest, width) if _has_room(longest, width) else _blocks(answer.columns, rows)
    asked = WIDEST if width is None else width
    return draw([shown, *notes] if rows else [Text("no rows", "dim")], asked, color, most=WIDEST)


def _has_room(longest: Sequence[int], width: int | None) -> bool:
    """Say whether a table fits with all that it says, long cells broken where that is needed."""
    least = (size if size <= SHORT else min(size, ROOM) for size in longest)
    return width is None or (max(longest) <= LONGEST and sum(least) + GAP * (len(longest) - 1) <= width)


def _table(names: Sequence[str], rows: Sequence[Sequence[object]], longest: Sequence[int], width: int | None) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, name in enumerate(names):
        is_whole = width is None or longest[place] <= SHORT
        table.add_column(
            clean(name),
            justify="right" if _is_number(rows, place) else "left",
            no_wrap=is_whole,
            overflow="fold",
            min_width=min(longest[place], LONGEST if is_whole else ROOM),
        )
    for row in rows:
        table.add_row(*(Text(clean(_show(value))) for value in row))
    return table


def _blocks(names: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """Write each row as a block: its first value, and below it a line for each of the others that is not empty."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for number, row in enumerate(rows):
        if number:
            table.add_row("", "")
        told = [(name, _show(value, LONGEST_ALONE)) for name, value in zip(names, row, strict=True)]
        for place, (name, text) in enumerate(told):
            if text or not place:
                table.add_row(Text(clean(name) if not place else f" {clean(name)}"), Text(clean(text), "bold" if not place else ""))
    return table


def _is_number(rows: Sequence[Sequence[object]], place: int) -> bool:
    return bool(rows) and all(
        row[place] is None or (isinstance(row[place], int | float) and not isinstance(row[place], bool)) for row in rows
    )


def _show(value: object, longest: int = LONGEST) -> str:
    text = "" if value is None else f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def _inert(value: object) -> object:
    """Give a value for a cell: text of a bundle that a spreadsheet would take for a formula is marked as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
