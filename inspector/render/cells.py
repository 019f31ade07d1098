"""Tables as comma-separated values that no spreadsheet computes with.

Source: RFC 4180; OWASP, CSV injection: a cell that begins with one of = + - @ (or a tab or line end, which `printable` escapes) is a formula.
"""

import csv
import re
from collections.abc import Iterable
from io import StringIO

from inspector.model import printable

FORMULA = re.compile(r"(^|[;\"'])(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def write_table(head: tuple[str, ...], rows: Iterable[tuple[str | int | None, ...]]) -> str:
    """Write a head and rows, each cell in quotation marks."""
    stream = StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return stream.getvalue()


def _cell(value: str | int | None) -> str:
    """Make a value text, with an apostrophe before what a spreadsheet would take for a formula, there and behind semicolons and quotes.

    Where semicolons part cells, they do so in this file too.
    """
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else FORMULA.sub(r"\1'\2", printable(value))
