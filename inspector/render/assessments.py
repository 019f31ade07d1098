"""Records of the Model Openness Tool, judged: for a terminal one by one, or as a table when there are many; and as JSON."""

from collections import Counter
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from inspector.judgement import Ladder
from inspector.model import Frozen
from inspector.render.json_text import write_json
from inspector.render.ladder import show_ladder
from inspector.render.parts import clean, draw, heading, plural
from inspector.scoring.mot_class import Assessment, Reading, State

SCHEMA = "preferred-form/records/1"
NOTE = "By the rules of the Model Openness Tool, over what the record says. Nothing of it was checked, and nothing is certified."
STATES = {
    State.OPEN: ("open", "green"),
    State.OTHER: ("not open", "red"),
    State.UNLICENSED: ("no licence", "yellow"),
    State.MISSING: ("missing", "dim"),
}


class RecordsView(Frozen, frozen=True):
    """Records as others parse them: each with its class, and what could not be read as one."""

    schema: str
    records: tuple[Assessment, ...]
    unreadable: tuple[str, ...] = ()


def records_json(found: tuple[Assessment, ...], unreadable: tuple[str, ...]) -> str:
    """Write assessments as JSON, with a newline at its end."""
    view = RecordsView(schema=SCHEMA, records=found, unreadable=unreadable)
    return write_json(view)


def render_records(found: tuple[Assessment, ...], *, width: int, color: bool, verbose: bool = False) -> str:
    """Write assessments for a terminal of `width` columns; several are a table, unless everything is asked for."""
    whole = len(found) == 1 or verbose
    parts = (part for item in found for part in _one(item)) if whole else _table(found)
    return draw((*parts, *([Text(""), Text(NOTE, "dim")] if found else [])), width, color)


def _one(item: Assessment) -> Iterator[RenderableType]:
    title = f"{item.name} {item.version}".strip()
    yield Text.assemble(_badge(item.by_the_rules), f"  {clean(title)}", "  ", (clean(item.file), "dim"))
    yield ""
    yield from show_ladder(item.by_the_rules, str)
    yield heading("Components")
    table = Table.grid(padding=(0, 2))
    for part in item.parts:
        word, style = STATES[part.state]
        told = [] if part.suits else [Text(f"open, and none of the licences preferred for {part.content}", "dim")]
        licence = Text(clean(part.license)) if part.license else Text("")
        table.add_row(Text(word, style), Text(part.name if part.required else f"{part.name} (optional)"), Group(licence, *told))
    yield Padding(table, (0, 0, 0, 1))
    if item.readings:
        yield heading("Licences that are no ids")
        yield from _readings(item.readings)
    if item.normalised.rungs != item.by_the_rules.rungs:
        yield heading("With licences under their ids", item.normalised.title, "yellow")
        yield from show_ladder(item.normalised, str)
    if item.notes:
        yield heading("Notes")
        yield Padding(Group(*(Text(clean(note)) for note in item.notes)), (0, 0, 0, 1))
    yield ""


def _readings(readings: tuple[Reading, ...]) -> Iterator[RenderableType]:
    groups: dict[tuple[str, str, State], list[str]] = {}
    for item in readings:
        groups.setdefault((item.written, item.read, item.state), []).append(item.component)
    table = Table.grid(padding=(0, 2))
    for (written, read, state), components in groups.items():
        word, style = STATES[state]
        told = f"{written!r} is {read}" if read != written else f"{written!r} is an expression, which the tool does not take for open"
        told = told if read else f"{written!r} names no licence"
        table.add_row(Text(word, style), Group(Text(clean(told)), Text(", ".join(components), "dim")))
    yield Padding(table, (0, 0, 0, 1))


def _table(found: tuple[Assessment, ...]) -> Iterator[RenderableType]:
    table = Table.grid(padding=(0, 2))
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for item in found:
        progress = " / ".join(f"{rung.percent:g}" for rung in item.by_the_rules.rungs)
        style = "green" if item.by_the_rules.reached else "dim"
        table.add_row(
            Text(clean(f"{item.name} {item.version}".strip())),
            Group(Text(item.by_the_rules.title, style), Text(f"{progress} %", "dim")),
            Group(Text(clean(_next(item.by_the_rules))), *([Text(_compare(item), "yellow")] if _differs(item) else [])),
        )
    yield Padding(table, (0, 0, 0, 1))
    counts = Counter(item.by_the_rules.title for item in found)
    titles = [rung.title for rung in reversed(found[0].by_the_rules.rungs)] if found else []
    told = [f"{title} {counts.pop(title)}" for title in titles if title in counts]
    told += [f"{title.lower()} {count}" for title, count in counts.items()]
    yield heading(plural(len(found), "record"))
    yield Padding(Text(", ".join(told)), (0, 0, 0, 1))


def _next(ladder: Ladder) -> str:
    """Say what is left to the next class."""
    rung = next((rung for rung in ladder.rungs if not rung.complete), None)
    if rung is None:
        return "nothing is missing"
    parts = [f"{word}: {', '.join(names)}" for word, names in (("missing", rung.missing), ("terms", rung.unfit)) if names]
    return f"to {rung.title.partition(' - ')[0]}: {'; '.join(parts)}"


def _compare(item: Assessment) -> str:
    titles = [ladder.title for ladder in (item.by_the_rules, item.normalised)]
    if titles[0] != titles[1]:
        return f"with licences under their ids: {titles[1]}"
    return "with licences under their ids more of it counts"


def _differs(item: Assessment) -> bool:
    return [rung.included for rung in item.normalised.rungs] != [rung.included for rung in item.by_the_rules.rungs]


def _badge(ladder: Ladder) -> tuple[str, str]:
    return f" {ladder.title.upper()} ", f"{'bold green' if ladder.reached else 'bold red'} reverse"
