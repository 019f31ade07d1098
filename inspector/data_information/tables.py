"""Tables of a section: their heads and rows, and the rules on them."""

from collections.abc import Iterator

from inspector.data_information.rules import Hit
from inspector.data_information.signal_table import TableRule, is_found, load_signals
from inspector.data_information.specifics import Specific, analyse
from inspector.data_information.units import linked
from inspector.documents.document import Block, Section
from inspector.model import Claim

NAMED = r"\btraining (data|set|corpus)\b"


def read_tables(section: Section) -> Iterator[tuple[Block, tuple[Block, ...]]]:
    """Give each table of a section: its head and its rows."""
    heads = [index for index, row in enumerate(section.rows) if row.kind == "head"]
    for place, index in enumerate(heads):
        end = heads[place + 1] if place + 1 < len(heads) else len(section.rows)
        yield section.rows[index], section.rows[index + 1 : end]


def find_table_hits(section: Section, topical: bool) -> Iterator[Hit]:
    """List the rules that are met in the tables of a section; `topical` says that it is about training data."""
    for head, rows in read_tables(section):
        if not topical and not any(is_found(NAMED, cell) for cell in head.cells):
            continue
        for rule in load_signals().tables:
            if (rule.unless and is_found(rule.unless, head.text)) or not _has_head(rule, head):
                continue
            met = [(row, objects) for row in rows if (objects := _row(rule, row)) is not None]
            if len(met) >= rule.rows:
                claim = Claim.MENTIONED if rule.weak else Claim.DESCRIBED
                objects = tuple(item for _, items in met for item in items)
                yield Hit(rule.aspect, claim, rule.id, met[0][0].first, met[0][0].text, objects)


def _has_head(rule: TableRule, head: Block) -> bool:
    return all(any(is_found(pattern, cell) for cell in head.cells) for pattern in rule.head)


def _row(rule: TableRule, row: Block) -> tuple[Specific, ...] | None:
    """Give what in a row meets a rule, or None."""
    if rule.needs:
        return _named(rule, row) or None
    return () if any(is_found(rule.cell, cell) for cell in row.cells) else None


def _named(rule: TableRule, row: Block) -> tuple[Specific, ...]:
    objects = [item for cell in row.cells for item in analyse(cell).objects]
    named = tuple(item for item in (*objects, *linked(row.links)) if item.kind in rule.needs)
    if (
        not named
        and "name" in rule.needs
        and row.cells
        and row.cells[0][:1].isupper()
        and any(char.isupper() or char.isdigit() for char in row.cells[0][1:])
    ):
        return (Specific("name", row.cells[0][:60], 0),)
    return named
