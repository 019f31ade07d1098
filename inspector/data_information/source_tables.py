"""Tables of sources in a document: one data set a row, with its size, share, licence and link; and what such a table leaves open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.data_information.corpora import hub_id, load_corpora
from inspector.data_information.set_words import Columns, expression, holds, is_data_place, is_name, load_set_words
from inspector.data_information.spoken import Spoken
from inspector.data_information.tables import read_tables
from inspector.documents.document import Block
from inspector.documents.prose import Link
from inspector.model import NamedSet

MAX_CELL = 120
LEAST_ROWS = 2
WHOLE = 0.97  # what shares that are rounded may miss of all
NUMBER = re.compile(r"^\W{0,3}(\d{1,3}(?:\.\d{1,6})?)\s{0,2}(%?)\W{0,3}$")
UNIT = re.compile(r"[A-Za-z%]")
PAPER = re.compile(r"arxiv\.org|doi\.org|aclanthology|openreview|\.pdf$|semanticscholar", re.I)


@dataclass(frozen=True, slots=True)
class Row:
    """A data set in a row, and the row's line."""

    named: NamedSet
    line: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What leaves sources without a name: its line, and the words or the sum that say so."""

    line: int
    words: str


def read_source_tables(part: Spoken) -> Iterator[Row | Gap]:
    """Give the rows of the tables in a section that list data sets, and the rows and sums that leave a rest open."""
    columns = load_set_words().columns
    for head, rows in read_tables(part.section):
        place = _name_column(head, columns)
        if place is None or not (part.topical or holds((r"\btraining (data|set|corpus)\b",), head.cells[place])):
            continue
        if holds(columns.other, " | ".join(cell for index, cell in enumerate(head.cells) if index != place)):
            continue
        read = [row for row in (_read_row(head, row, place, columns) for row in rows) if row is not None]
        if _is_of_sources(head, place, rows, read, columns):
            yield from read
            yield from _gaps(head, rows, place, columns)


def _name_column(head: Block, columns: Columns) -> int | None:
    for patterns in (columns.name, columns.weak):
        for index, cell in enumerate(head.cells):
            if holds(patterns, cell.strip()):
                return index
    return None


def _is_of_sources(head: Block, place: int, rows: tuple[Block, ...], read: list[Row], columns: Columns) -> bool:
    """Say whether a table lists sources: it says more of each than a name; a column that is called vaguely must hold sets that are known."""
    facts = [*columns.size, *columns.share, *columns.license]
    told = any(holds(facts, cell) for index, cell in enumerate(head.cells) if index != place)
    known = sum(_is_known(row.named) for row in read)
    if not holds(columns.name, head.cells[place].strip()):
        return known >= max(1, len(read) // 3)
    return len(rows) >= 1 and (told or known > 0)


def _is_known(named: NamedSet) -> bool:
    return bool(named.id) or load_corpora().named(named.name) is not None or is_data_place(named.url)


def _read_row(head: Block, row: Block, place: int, columns: Columns) -> Row | None:
    cells = row.cells
    if place >= len(cells) or not is_name(cells[place].strip()) or not any(cell for index, cell in enumerate(cells) if index != place):
        return None
    link = _link(row, cells[place])
    target = link.target[:300] if link else ""
    name = cells[place].strip()[:MAX_CELL]
    return Row(
        NamedSet(
            name=name,
            id=hub_id(target),
            url=target,
            size=_cell(head, row, place, columns.size),
            license=_cell(head, row, place, columns.license),
            share=_cell(head, row, place, columns.share),
            access=_cell(head, row, place, columns.access),
        ),
        row.first,
    )


def _link(row: Block, name: str) -> Link | None:
    """Choose the link that leads to the data: a page of data sets, else what the name itself links to; papers never."""
    links = [link for link in row.links[:20] if "://" in link.target and not PAPER.search(link.target)]
    pages = [link for link in links if is_data_place(link.target)]
    return next(iter(pages), None) or next((link for link in links if link.text and link.text in name), None)


def _cell(head: Block, row: Block, place: int, patterns: tuple[str, ...]) -> str:
    """Give the first cell under a column of a kind; a bare number gets the column's name behind it."""
    for index, title in enumerate(head.cells):
        if index == place or index >= len(row.cells) or not holds(patterns, title):
            continue
        if text := row.cells[index].strip(" -\u2013\u2014*")[:MAX_CELL]:
            return text if UNIT.search(text) or not any(char.isdigit() for char in text) else f"{text} ({title.strip()[:40]})"
    return ""


def _gaps(head: Block, rows: tuple[Block, ...], place: int, columns: Columns) -> Iterator[Gap]:
    """Give the row that stands for the rest, or the shares if they add up to clearly less than everything."""
    for row in rows:
        if place < len(row.cells) and expression(load_set_words().rest.row).search(row.cells[place].strip()) and row.text.count("|"):
            yield Gap(row.first, row.text)
            return
    for index, title in enumerate(head.cells):
        if index != place and holds(columns.share, title):
            counted = [
                row for row in rows if index < len(row.cells) and not expression(load_set_words().names.total).search(row.cells[place])
            ]
            cells = [row.cells[index] for row in counted if row.cells[index].strip()]
            total = _total(cells, percent="%" in title)
            if total is not None and 0 < total < WHOLE:
                yield Gap(head.first, f"{title.strip()}: the shares add up to {100 * total:.4g} %")
            return


def _total(cells: list[str], *, percent: bool) -> float | None:
    """Add up shares as parts of one; None where they are not all numbers, or weights of no scale that is known."""
    read = [NUMBER.match(cell.strip(" *")) for cell in cells]
    numbers = [float(match[1]) for match in read if match]
    if len(numbers) != len(cells) or len(numbers) < LEAST_ROWS:
        return None
    if percent or any(match[2] for match in read if match):
        return sum(numbers) / 100
    return sum(numbers) if max(numbers) < 1 else None
