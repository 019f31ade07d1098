"""Data sets that are named, for a terminal: one row a set, with its class, what is said of it, why it is of that class, and where."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from inspector.judgement import Access, DataSet
from inspector.render.parts import clean, fold, heading, plural
from inspector.wording import spell_place

SHOWN = 12
LONGEST = 3
STYLE = {
    Access.UNSHAREABLE: "red",
    Access.UNKNOWN: "yellow",
    Access.OBTAINABLE: "cyan",
    Access.PUBLIC: "green",
    Access.OPEN: "green",
}


def show_data_sets(rows: tuple[DataSet, ...], verbose: bool) -> Iterator[RenderableType]:
    """Show the rows, what is hardest to get first; twelve of them unless all are asked for."""
    if not rows:
        return
    yield heading(f"Data sets named ({len(rows)})", "who can get them, as far as that is said", "dim")
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    shown = rows if verbose else rows[:SHOWN]
    for row in shown:
        body = [Text.assemble((clean(row.name), "bold"), clean(_facts(row, verbose)))]
        body += [Text(clean(f"{row.reason}; {_places(row, verbose)}"), "dim")]
        table.add_row(Text(row.access, STYLE[row.access]), Group(*body))
    yield Padding(table, (0, 0, 0, 1))
    if len(rows) > len(shown):
        yield Padding(Text(f"and {plural(len(rows) - len(shown), 'data set')} more (--verbose shows them)", "dim"), (0, 0, 0, 1))


def _facts(row: DataSet, verbose: bool) -> str:
    """List what is said of a set: ids or else addresses, sizes, shares, licences, and whether its card is here."""
    where = tuple(ident for ident in row.ids if ident != row.name) or row.urls or ((f"at {row.usual_place}",) if row.usual_place else ())
    stated = tuple(f"licence {text}" for text in row.licenses)
    usual = (f"usual licence {row.usual_license}",) if row.usual_license and not stated else ()
    card = ("its card is here",) if row.cards else ()
    facts = [_some(values, verbose) for values in (where, row.sizes, row.shares, stated or usual, card) if values]
    return "".join(f"  {fact}" for fact in facts)


def _some(values: tuple[str, ...], verbose: bool) -> str:
    kept = values if verbose or len(values) <= LONGEST else values[:LONGEST]
    more = len(values) - len(kept)
    return " / ".join(kept) + (f" and {more} more" if more else "")


def _places(row: DataSet, verbose: bool) -> str:
    return fold([spell_place(place) for place in row.locations[: None if verbose else LONGEST]], verbose) + (
        f" and {len(row.locations) - LONGEST} more" if not verbose and len(row.locations) > LONGEST else ""
    )
