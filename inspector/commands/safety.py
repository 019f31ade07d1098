"""`inspector safety`: read the roots of a system, and say what opening it could do."""

from typing import Annotated

import typer

from inspector import __version__
from inspector.commands.application import app
from inspector.console import columns, is_colored, progress, reported, say, write
from inspector.errors import ExitCode
from inspector.options import FailOn, Form, Output, Paranoid, Paths, Supplements, UseMemo, open_memo, read_supplement


@app.command(name="safety")
def check_safety(
    paths: Paths,
    supplements: Supplements = None,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", help="Exit with 1 for an issue of this severity or higher.")] = FailOn.MEDIUM,
    form: Annotated[Form, typer.Option("--format", help="How to write the answer.")] = Form.TERMINAL,
    output: Output = None,
    digest: Annotated[bool, typer.Option("--digest/--no-digest", help="Compute the SHA-256 of every file.")] = True,
    memo: UseMemo = True,
    paranoid: Paranoid = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every place.")] = False,
) -> None:
    """Say whether something here could act when it is loaded, opened or unpacked, and whether files are what they say. Nothing is run.

    Exit codes: 0 nothing found; 1 something found; 2 wrong usage; 3 nothing found, but something could not be read; 4 nothing to inspect; 70 a bug.
    """
    from inspector.audit import inspect_content
    from inspector.judgement import Tool
    from inspector.model import Severity
    from inspector.render.safety import render_safety, safety_json
    from inspector.safety import Answer, judge_safety

    with reported(), progress() as watch:
        others = [read_supplement(text) for text in supplements or ()]
        with open_memo(wanted=memo, paranoid=paranoid) as known:
            inventory = inspect_content(paths, supplements=others, digest=digest, memo=known, watch=watch)
        report = judge_safety(inventory, Severity(fail_on), Tool(name="inspector", version=__version__, detectors=inventory.detectors))
        width, color = (100, False) if output else (columns(), is_colored())
        page = safety_json(report) if form is Form.JSON else render_safety(report, width=width, color=color, verbose=verbose)
    write(page, output)
    if count := report.missed:
        say(f"inspector: {count} thing{'s' if count != 1 else ''} could not be looked into; the answer names each")
    codes = {
        Answer.FOUND: ExitCode.REQUIREMENT_NOT_MET,
        Answer.NOT_ALL_READ: ExitCode.UNREADABLE,
        Answer.NOTHING_FOUND: ExitCode.DONE,
    }
    raise typer.Exit(codes[report.answer])
