"""Write docs/cli.md: every command with its arguments and options, from the command tree that `--help` is printed from."""

from collections.abc import Iterator

import typer
import typer.main
from typer.core import TyperArgument, TyperGroup, TyperOption

from inspector.cli import app
from inspector.errors import ExitCode

INTRODUCTION = (
    "Generated from the commands themselves by `make schema`; `inspector COMMAND --help` prints the same. "
    "Results go to standard output, everything else to standard error."
)
GENERAL = {
    ExitCode.DONE: "done",
    ExitCode.REQUIREMENT_NOT_MET: "what was asked for does not hold: a standard, a policy, nothing new, nothing changed",
    ExitCode.USAGE: "wrong usage: one line says what",
    ExitCode.UNREADABLE: "done, but something could not be read; the report names each",
    ExitCode.NOTHING: "there was nothing to inspect, or nothing to verify against",
    ExitCode.BUG: "a bug of ours",
}
VARIABLES = {
    "INSPECTOR_MEMO": "the file of the memo, or `off`",
    "SOURCE_DATE_EPOCH": "the time (seconds since 1970) that bills of materials tell, where `--created` is not given",
    "NO_COLOR": "no colours, whatever the terminal can do",
    "COLUMNS": "the width of the page, where it is not a terminal that knows its own",
    "INSPECTOR_TRACEBACK": "where a bug of ours happened is shown",
}


def commands_page() -> str:
    """Describe every command: what it does, how it is called, and what each option means."""
    group = typer.main.get_command(app)
    parts = [
        "# Commands",
        INTRODUCTION,
        "## Exit codes",
        _table("code", "meaning", {str(int(code)): text for code, text in GENERAL.items()}),
    ]
    parts.append("What a command means by them stands with it.")
    parts += ["## Environment", _table("variable", "meaning", {f"`{name}`": text for name, text in VARIABLES.items()})]
    return "\n\n".join([*parts, *(part for name, item in _list_commands(group, "inspector") for part in _describe(name, item))]) + "\n"


def _list_commands(item: object, name: str) -> Iterator[tuple[str, typer.core.TyperCommand]]:
    if isinstance(item, TyperGroup):
        for part, below in sorted(item.commands.items()):
            yield from _list_commands(below, f"{name} {part}")
    elif isinstance(item, typer.core.TyperCommand):
        yield name, item


def _describe(name: str, command: typer.core.TyperCommand) -> Iterator[str]:
    context = typer.Context(command, info_name=name)
    arguments = [item for item in command.params if isinstance(item, TyperArgument)]
    options = [item for item in command.params if isinstance(item, TyperOption)]
    usage = [_usage(item) for item in arguments]
    yield f"## {name}"
    yield "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    yield f"Usage: `{' '.join([name, *usage, *(['[OPTIONS]'] if options else [])])}`"
    records = [record for item in (*arguments, *options) if (record := item.get_help_record(context))]
    if records:
        yield _table(
            "argument or option", "meaning", {f"`{left.partition(' <list')[0]}`": " ".join(right.split()) for left, right in records}
        )


def _usage(item: TyperArgument) -> str:
    name = (item.metavar or item.name or "").strip("[]")
    return name if item.required else f"[{name}]"


def _table(first: str, second: str, rows: dict[str, str]) -> str:
    cells = [f"| {left.replace('|', chr(92) + '|')} | {right.replace('|', chr(92) + '|')} |" for left, right in rows.items()]
    return "\n".join([f"| {first} | {second} |", "| --- | --- |", *cells])
