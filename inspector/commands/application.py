"""The application that commands add themselves to."""

from typing import Annotated

import typer

from inspector import __version__
from inspector.errors import ExitCode

app = typer.Typer(
    name="inspector",
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
