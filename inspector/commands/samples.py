"""`inspector samples`: the twelve systems of the Initiative's validation in miniature."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from inspector.commands.application import app
from inspector.console import columns, is_colored, progress, reported, write
from inspector.errors import ExitCode, UsageError

Top = Annotated[Path | None, typer.Argument(metavar="DIR", help="Where to build them; a directory that is removed when it is left out.")]


@app.command(name="samples")
def audit_twelve(
    directory: Top = None,
    audited: Annotated[bool, typer.Option("--audit/--no-audit", help="Audit the twelve, or build all samples in DIR and stop.")] = True,
) -> None:
    """Build all sample systems, audit those that stand for the Open Source Initiative's twelve, and compare with its own result.

    Exit codes: 0 all agree, or nothing was to be audited; 1 some do not; 2 wrong usage; 70 a bug.
    """
    from inspector.render.samples import render_samples
    from inspector.samples import audit_samples, place_samples

    with reported(), progress() as watch, place_samples(directory) as top:
        if not audited:
            if directory is None:
                raise UsageError("--no-audit needs DIR, a directory to build the samples in")
            raise typer.Exit(ExitCode.DONE)
        answers = audit_samples(top, datetime.now(UTC).date(), lambda done, total: watch("files", done, total))
    write(render_samples(answers, width=columns(), color=is_colored()))
    raise typer.Exit(ExitCode.DONE if all(item.agrees for item in answers) else ExitCode.REQUIREMENT_NOT_MET)
