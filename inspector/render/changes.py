"""Changes between two reports: for a terminal, the gravest first, and as JSON."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from inspector.comparison import Change, Kind
from inspector.render.json_text import write_json
from inspector.render.parts import clean, draw, heading, plural

FOLD = 20


def render_changes(changes: tuple[Change, ...], *, width: int, color: bool, verbose: bool = False) -> str:
    """Write changes for a terminal of `width` columns."""
    return draw(_parts(changes, verbose), width, color)


def changes_json(changes: tuple[Change, ...]) -> str:
    """Write changes as JSON, with a newline at its end."""
    return write_json({"schema": "preferred-form/changes/1", "changes": changes})


def _parts(changes: tuple[Change, ...], verbose: bool) -> Iterator[RenderableType]:
    if not changes:
        yield Text("Nothing changed.")
    for kind in Kind:
        group = [change for change in changes if change.kind is kind]
        if not group:
            continue
        yield heading(f"{kind.capitalize()} ({plural(len(group), 'change')})")
        table = Table.grid(padding=(0, 2))
        for change in group if verbose else group[:FOLD]:
            word = (
                Text("worse", "bold red")
                if change.worse
                else Text("new" if not change.before else "gone" if not change.after else "other", "dim")
            )
            body = [Text(clean(change.subject), "bold")]
            body += [Text.assemble(("was ", "dim"), clean(change.before))] if change.before else []
            body += [Text.assemble(("is  ", "dim"), clean(change.after))] if change.after else []
            table.add_row(word, Group(*body))
        yield Padding(table, (0, 0, 0, 1))
        if len(group) > FOLD and not verbose:
            yield Padding(Text(f"and {len(group) - FOLD} more (--verbose shows them)", "dim"), (0, 0, 0, 1))
