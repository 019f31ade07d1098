"""The application that commands add themselves to."""

from typing import Annotated

import typer
from typer._click.core import Context  # what the method below is given; Typer has no public name for it
from typer.core import TyperArgument, TyperCommand

from inspector import __version__
from inspector.errors import ExitCode

NAME = "inspector"

app = typer.Typer(
    name=NAME,
    help="Inspect downloaded model bundles, offline: what is here, under which terms, and is it the preferred form for making modifications.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
) -> None:
    """Hold the options that need no command."""
    if version:
        typer.echo(f"inspector {__version__}")
        raise typer.Exit(ExitCode.DONE)


class Command(TyperCommand):
    """A command whose line of usage is written as people write it: `PATH...` must be there, `[SQL]` may be."""

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """Give the pieces of the line of usage."""
        pieces = [self.options_metavar] if self.options_metavar else []
        for item in self.get_params(ctx):
            if isinstance(item, TyperArgument):
                name = item.make_metavar(ctx)
                pieces.append(name if item.required else f"[{name}]")
        return pieces


def shape_commands(group: typer.Typer) -> None:
    """Give every command of an application, and of those below it, its line of usage."""
    for command in group.registered_commands:
        command.cls = Command
    for below in group.registered_groups:
        if below.typer_instance is not None:
            shape_commands(below.typer_instance)


def list_commands(group: typer.Typer) -> tuple[str, ...]:
    """List the names of commands, and of groups of them."""
    named = (command.name or (command.callback.__name__ if command.callback else "") for command in group.registered_commands)
    groups = (below.name or (below.typer_instance.info.name if below.typer_instance else None) for below in group.registered_groups)
    return tuple(str(name).replace("_", "-") for name in (*named, *groups) if isinstance(name, str))
