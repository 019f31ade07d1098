"""`inspector judge`: records of the Model Openness Tool."""

from pathlib import Path
from typing import Annotated

import typer

from inspector.commands.application import app
from inspector.console import columns, is_colored, reported, say, write
from inspector.errors import ExitCode
from inspector.options import Form, Output


@app.command(name="judge")
def judge_files(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Records of the Model Openness Tool, or directories of them.")],
    form: Annotated[Form, typer.Option("--format", help="How to write the answer.")] = Form.TERMINAL,
    output: Output = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every record whole.")] = False,
) -> None:
    """Give the class of records of the Model Openness Tool by its own rules, what is missing, and the class with licences under their ids.

    Exit codes: 0 done; 2 wrong usage; 3 done, but something is no record; 70 a bug.
    """
    from inspector.render.assessments import records_json, render_records
    from inspector.scoring.records import judge_records

    with reported():
        found, bad = judge_records(paths)
        width, color = (100, False) if output else (columns(), is_colored())
        text = records_json(found, bad) if form is Form.JSON else render_records(found, width=width, color=color, verbose=verbose)
    write(text, output)
    for line in bad:
        say(f"inspector: {line}")
    raise typer.Exit(ExitCode.UNREADABLE if bad else ExitCode.DONE)
