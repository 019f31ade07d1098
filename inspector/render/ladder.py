"""The rungs of a ladder for a terminal: how far up each one is, and what is left of it."""

from collections.abc import Callable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from inspector.judgement import Ladder, Rung
from inspector.render.parts import clean


def show_ladder(ladder: Ladder, spell: Callable[[str], str]) -> Iterator[RenderableType]:
    """Show one row for each rung, the lowest first; `spell` gives the name of what an id stands for."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(no_wrap=True, justify="right")
    table.add_column(ratio=1, overflow="fold")
    seen: set[str] = set()
    for rung in ladder.rungs:
        style = "green" if rung.complete else "yellow" if rung.percent else "dim"
        left = [Text(clean(line)) for line in tell_left(rung, seen, spell)]
        table.add_row(
            Text(clean(rung.title), style), Text(f"{rung.included} of {rung.required}"), Text(f"{rung.percent:g} %", style), Group(*left)
        )
        seen.update((*rung.missing, *rung.unfit))
    yield Padding(table, (0, 0, 0, 1))


def tell_left(rung: Rung, seen: set[str], spell: Callable[[str], str]) -> Iterator[str]:
    """Name what this rung lacks and those below do not: first what is not there, then what is under other terms."""
    for word, ids in (("missing", rung.missing), ("terms", rung.unfit)):
        if names := [spell(item) for item in ids if item not in seen]:
            yield f"{word}: {', '.join(names)}"
    if rung.complete:
        yield "complete"
    elif not rung.percent and rung.included == rung.required:
        yield "the class below is not complete"
