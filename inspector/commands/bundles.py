"""`inspector bundles`: what a store holds, and by which rule it was split."""

from pathlib import Path
from typing import Annotated

import typer

from inspector.commands.application import app
from inspector.console import columns, is_colored, reported, say, write
from inspector.errors import ExitCode
from inspector.options import Form, Output


@app.command()
def bundles(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A directory: a cache, a store, or one with several models.")],
    form: Annotated[Form, typer.Option("--format", help="How to write them.")] = Form.TERMINAL,
    output: Output = None,
) -> None:
    """List the bundles that lie in a directory: what to pass to `inspector audit` for each, its layout, and the rule by which it was split off.

    Exit codes: 0 done; 2 wrong usage; 3 done, but not every directory could be looked into; 70 a bug.
    """
    from inspector.render.bundles import bundles_json, render_bundles
    from inspector.store import find_bundles

    with reported():
        store = find_bundles(path)
        width, color = (columns(), is_colored() and output is None)
        text = bundles_json(str(path), store) if form is Form.JSON else render_bundles(str(path), store, width=width, color=color)
    write(text, output)
    if not store.complete:
        say("inspector: not every directory could be looked into (too many, too deep, or not readable); give one further down")
        raise typer.Exit(ExitCode.UNREADABLE)
