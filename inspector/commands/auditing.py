"""`inspector audit`, `licenses` and `attest`: read the roots of a system, and judge them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from inspector.commands.application import app
from inspector.console import columns, is_colored, make_directory, progress, reported, say, write
from inspector.errors import ExitCode, UsageError
from inspector.judgement import Report
from inspector.options import (
    Attest,
    Attested,
    Created,
    Demands,
    Form,
    Forms,
    Output,
    Outputs,
    Paranoid,
    Paths,
    Standards,
    Supplements,
    UseMemo,
    choose_places,
    choose_standards,
    open_memo,
    read_supplement,
    read_time,
)


@app.command()
def audit(
    paths: Paths,
    supplements: Supplements = None,
    forms: Forms = None,
    output: Outputs = None,
    created: Created = None,
    standard: Standards = None,
    require: Demands = None,
    attest: Attest = None,
    attested: Attested = True,
    digest: Annotated[bool, typer.Option("--digest/--no-digest", help="Compute the SHA-256 of every file.")] = True,
    sample_tensors: Annotated[bool, typer.Option("--sample-tensors", help="Look at a few elements of every tensor too.")] = False,
    jobs: Annotated[int | None, typer.Option("-j", "--jobs", min=1, help="Threads that hash (default: one a processor).")] = None,
    memo: UseMemo = True,
    paranoid: Paranoid = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every piece of evidence and fold nothing.")] = False,
) -> None:
    """Audit a model bundle: one or more directories that make up one system. Nothing in them is run, and no network is used.

    Exit codes: 0 done; 1 a required standard is not met; 2 wrong usage; 3 done, but something could not be read; 4 nothing to inspect; 70 a bug.
    """
    from inspector.audit import Attestation, inspect, judge
    from inspector.catalogue import read_demand

    with reported(), progress() as watch:
        places, time = choose_places(forms or (), output), read_time(created)
        required = [read_demand(text) for text in require or ()]
        standards = choose_standards(standard or [], [name for name, _ in required], tuple(places))
        others = [read_supplement(text) for text in supplements or ()]
        with open_memo(wanted=memo, paranoid=paranoid) as known:
            inventory = inspect(paths, supplements=others, digest=digest, jobs=jobs, memo=known, sample_tensors=sample_tensors, watch=watch)
        report = judge(inventory, standards, attested=Attestation(attest, datetime.now(UTC).date()) if attest and attested else None)
        written = {name: _render(report, name, place, verbose=verbose, created=time) for name, place in places.items()}
    if output and len(places) > 1:
        make_directory(output)
    for name, text in written.items():
        write(text, places[name])
    raise typer.Exit(_exit_code(report, {(name, rung): standards.index(name) for name, rung in required}))


@app.command()
def licenses(
    paths: Paths,
    supplements: Supplements = None,
    form: Annotated[Form, typer.Option("--format", help="How to write them.")] = Form.TERMINAL,
    output: Output = None,
    memo: UseMemo = True,
    paranoid: Paranoid = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every place.")] = False,
) -> None:
    """Say who licensed what: the terms of each component, every statement with its places, and what does not agree. No file is hashed.

    Exit codes: 0 done; 2 wrong usage; 3 done, but something could not be read; 4 nothing to inspect; 70 a bug.
    """
    from inspector.audit import inspect, judge

    with reported(), progress() as watch:
        others = [read_supplement(text) for text in supplements or ()]
        with open_memo(wanted=memo, paranoid=paranoid) as known:
            inventory = inspect(paths, supplements=others, digest=False, memo=known, watch=watch)
        report = judge(inventory, ())
        written = _render(report, "licenses" if form is Form.TERMINAL else form, output, verbose=verbose)
    write(written, output)
    raise typer.Exit(_exit_code(report, {}))


@app.command(name="attest")
def ask(
    paths: Paths,
    supplements: Supplements = None,
    standard: Standards = None,
    output: Output = None,
    memo: UseMemo = True,
    init: Annotated[bool, typer.Option("--init", help="Write a new file; the only thing this command does.")] = True,
) -> None:
    """Write the questions that reading leaves open into a file to fill in; pass it to `inspector audit --attest FILE`."""
    del init
    from inspector.attestation import write_questions
    from inspector.audit import inspect, judge

    with reported(), progress() as watch, open_memo(wanted=memo, paranoid=False) as known:
        if output is not None and output.exists():
            raise UsageError(f"{output}: the file is there already, and answers in it would be lost; name another or remove it")
        others = [read_supplement(text) for text in supplements or ()]
        report = judge(inspect(paths, supplements=others, digest=False, memo=known, watch=watch), tuple(standard or ("osaid",)))
    write(write_questions(report.inventory.name, report.standards), output)


def _render(report: Report, form: str, place: Path | None, *, verbose: bool, created: str = "") -> str:
    from inspector.render import Page, load_format

    width, color = (100, False) if place else (columns(), is_colored())
    return load_format(form).write(report, Page(width=width, color=color, verbose=verbose, created=created))


def _exit_code(report: Report, required: dict[tuple[str, str | None], int]) -> ExitCode:
    from inspector.ladder import satisfies

    unmet = [asked for asked, place in required.items() if not satisfies(report.standards[place], asked[1])]
    for name, rung in unmet:
        say(f"inspector: {name}{f':{rung}' if rung else ''} is required, and the system does not conform to it")
    if unmet:
        return ExitCode.REQUIREMENT_NOT_MET
    if problems := report.inventory.problems:
        say(f"inspector: {len(problems)} thing{'s' if len(problems) != 1 else ''} could not be read; the report names each")
        return ExitCode.UNREADABLE
    return ExitCode.DONE
