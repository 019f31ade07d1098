"""`inspector compare`, `fingerprint` and `lineage`: whose weights these are."""

from pathlib import Path
from typing import Annotated

import typer

from inspector.commands.application import app
from inspector.console import columns, is_colored, progress, reported, write
from inspector.errors import ExitCode
from inspector.options import Form, Output, UseMemo, open_memo

Suspect = Annotated[Path, typer.Argument(metavar="SUSPECT", help="The bundle (or file of weights) in question.")]
Layout = Annotated[Form, typer.Option("--format", help="How to write the answer.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show every tensor.")]


@app.command()
def compare(
    suspect: Suspect,
    original: Annotated[Path, typer.Argument(metavar="ORIGINAL", help="What it may come from: a bundle, or a fingerprint of one.")],
    form: Layout = Form.TERMINAL,
    output: Output = None,
    exact: Annotated[bool, typer.Option("--exact", help="Compare all elements, not a few thousand of each tensor.")] = False,
    memo: UseMemo = True,
    verbose: Verbose = False,
) -> None:
    """Say how the weights of one model stand to another's: the same, repacked, cast, quantized, trained on, merged, some of them, or unrelated.

    Exit codes: 0 compared; 2 wrong usage; 3 compared, but something could not be read; 4 no weights to compare; 70 a bug.
    """
    from inspector import subjects
    from inspector.render.kinship import comparison_json, render_comparison

    with reported(), progress() as watch, open_memo(wanted=memo, paranoid=False) as known:
        sides = [subjects.load_subject(path, known) for path in (suspect, original)]
        found = subjects.compare(*sides, exact=exact, watch=lambda done, total: watch("files", done, total))
        width, color = (100, False) if output else (columns(), is_colored())
        text = comparison_json(found) if form is Form.JSON else render_comparison(found, width=width, color=color, verbose=verbose)
    write(text, output)
    raise typer.Exit(ExitCode.UNREADABLE if found.problems else ExitCode.DONE)


@app.command()
def fingerprint(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A bundle, or a file of weights.")],
    output: Output = None,
    memo: UseMemo = True,
) -> None:
    """Write a small file that stands in for the weights when copies of them are looked for later (`compare`, `lineage`).

    Exit codes: 0 done; 2 wrong usage; 4 no weights; 70 a bug.
    """
    from inspector import subjects
    from inspector.kinship.fingerprint import write_fingerprint

    with reported(), open_memo(wanted=memo, paranoid=False) as known:
        text = write_fingerprint(subjects.fingerprint_of(subjects.load_subject(path, known)))
    write(text, output)


@app.command()
def lineage(
    suspect: Suspect,
    known: Annotated[
        Path, typer.Option("--known", metavar="DIR", help="A directory of fingerprints, as `inspector fingerprint` writes them.")
    ],
    form: Layout = Form.TERMINAL,
    output: Output = None,
    most: Annotated[int, typer.Option("--most", min=1, max=100, help="How many of the nearest are compared.")] = 5,
    memo: UseMemo = True,
    verbose: Verbose = False,
) -> None:
    """Find the known models that weights come from, among thousands of fingerprints.

    Exit codes: 0 done, whether one is related or not; 2 wrong usage; 4 no weights; 70 a bug.
    """
    from inspector import subjects
    from inspector.render.kinship import lineage_json, render_lineage

    with reported(), open_memo(wanted=memo, paranoid=False) as remembered:
        found = subjects.trace(subjects.load_subject(suspect, remembered), known, remembered, most)
        width, color = (100, False) if output else (columns(), is_colored())
        text = lineage_json(found) if form is Form.JSON else render_lineage(found, width=width, color=color, verbose=verbose)
    write(text, output)
