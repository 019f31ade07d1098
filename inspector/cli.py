"""The command: arguments in, one call, one rendering, an exit code out. The only module that prints or exits."""

import gc
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector import __version__
from inspector.console import columns, is_colored, progress, reported, say, write
from inspector.errors import ExitCode, UsageError
from inspector.judgement import Report
from inspector.options import (
    Demands,
    Form,
    Output,
    Paranoid,
    Paths,
    ReportForm,
    Standards,
    Supplements,
    Topic,
    Upkeep,
    UseMemo,
    choose_standards,
    read_supplement,
)

# Evidence is many small values without cycles: to look for cycles after every 700 of them takes a tenth of the time.
GENERATION = 200_000

if TYPE_CHECKING:
    from inspector.comparison import Change
    from inspector.memo import Memo
    from inspector.saved import ReportView

app = typer.Typer(
    name="inspector",
    help="Inspect downloaded model bundles, offline: what is here, under which terms, and is it the preferred form for making modifications.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command; whatever was not foreseen is one line and exit code 70."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.set_threshold(GENERATION)
    try:
        app()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if os.environ.get("INSPECTOR_TRACEBACK"):
            raise
        say(f"inspector: this is a bug of ours: {type(error).__name__}: {error}")
        say("Please report it with the command you ran; INSPECTOR_TRACEBACK=1 shows where it happened.")
        sys.exit(ExitCode.BUG)


@app.callback(invoke_without_command=True)
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
) -> None:
    """Hold the options that need no command."""
    if version:
        typer.echo(f"inspector {__version__}")
        raise typer.Exit(ExitCode.DONE)


@app.command()
def audit(
    paths: Paths,
    supplements: Supplements = None,
    form: Annotated[ReportForm, typer.Option("--format", help="How to write the report.")] = ReportForm.TERMINAL,
    output: Output = None,
    standard: Standards = None,
    require: Demands = None,
    attest: Annotated[
        Path | None, typer.Option("--attest", metavar="FILE", help="Answers to what reading leaves open; see `inspector attest`.")
    ] = None,
    digest: Annotated[bool, typer.Option("--digest/--no-digest", help="Compute the SHA-256 of every file.")] = True,
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
        required = [read_demand(text) for text in require or ()]
        standards = choose_standards(standard or [], [name for name, _ in required], form)
        others = [read_supplement(text) for text in supplements or ()]
        with _open_memo(wanted=memo, paranoid=paranoid) as known:
            inventory = inspect(paths, supplements=others, digest=digest, jobs=jobs, memo=known, watch=watch)
        report = judge(inventory, standards, attested=Attestation(attest, datetime.now(UTC).date()) if attest else None)
        written = _render(report, form, to_file=output is not None, verbose=verbose)
    write(written, output)
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
        with _open_memo(wanted=memo, paranoid=paranoid) as known:
            inventory = inspect(paths, supplements=others, digest=False, memo=known, watch=watch)
        report = judge(inventory, ())
        written = _render(report, "licenses" if form is Form.TERMINAL else form, to_file=output is not None, verbose=verbose)
    write(written, output)
    raise typer.Exit(_exit_code(report, {}))


@app.command(name="attest")
def ask(paths: Paths, supplements: Supplements = None, output: Output = None, memo: UseMemo = True) -> None:
    """Write the questions that reading leaves open into a file to fill in; pass it to `inspector audit --attest FILE`."""
    from inspector.attestation import write_questions
    from inspector.audit import inspect, judge

    with reported(), progress() as watch, _open_memo(wanted=memo, paranoid=False) as known:
        others = [read_supplement(text) for text in supplements or ()]
        report = judge(inspect(paths, supplements=others, digest=False, memo=known, watch=watch))
    write(write_questions(report.inventory.name, report.standards), output)


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
    from inspector.records import judge_records
    from inspector.render.assessments import records_json, render_records

    with reported():
        found, bad = judge_records(paths)
        width, color = (100, False) if output else (columns(), is_colored())
        text = records_json(found, bad) if form is Form.JSON else render_records(found, width=width, color=color, verbose=verbose)
    write(text, output)
    for line in bad:
        say(f"inspector: {line}")
    raise typer.Exit(ExitCode.UNREADABLE if bad else ExitCode.DONE)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="A report written with --format json.")],
    new: Annotated[Path, typer.Argument(help="A later one.")],
    form: Annotated[Form, typer.Option("--format", help="How to write the changes.")] = Form.TERMINAL,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every change.")] = False,
) -> None:
    """Say what changed between two reports: grades, verdicts, terms, issues, files and evidence.

    Exit codes: 0 nothing changed; 1 something changed; 2 wrong usage; 70 a bug.
    """
    from inspector.comparison import compare_reports

    with reported():
        changes = compare_reports(_read_report(old), _read_report(new))
    write(_render_changes(changes, form, verbose=verbose), None)
    raise typer.Exit(ExitCode.REQUIREMENT_NOT_MET if changes else ExitCode.DONE)


@app.command()
def recheck(
    report: Annotated[Path, typer.Argument(help="A report written with --format json.")],
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="The roots that it was written of, in the same order.")],
    form: Annotated[Form, typer.Option("--format", help="How to write what no longer stands.")] = Form.TERMINAL,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show everything.")] = False,
) -> None:
    """Confirm that everything a report says still stands: read the roots again, whatever is remembered of them, and name what does not.

    Exit codes: 0 all of it stands; 1 something does not; 2 wrong usage; 4 nothing to inspect; 70 a bug.
    """
    from inspector.audit import inspect_again, judge
    from inspector.comparison import Kind, compare_reports
    from inspector.saved import view_report

    with reported(), progress() as watch:
        saved = _read_report(report)
        again = judge(inspect_again(saved, paths, watch), tuple(item.id for item in saved.standards))
        changes = tuple(change for change in compare_reports(saved, view_report(again)) if change.kind is not Kind.PROGRAM)
    write(_render_changes(changes, form, verbose=verbose), None)
    say(f"inspector: {'something in the report does not stand any more' if changes else 'all of the report stands'}")
    raise typer.Exit(ExitCode.REQUIREMENT_NOT_MET if changes else ExitCode.DONE)


@app.command(name="memo")
def keep_memo(action: Annotated[Upkeep, typer.Argument(help="What to do.")]) -> None:
    """Show what is remembered of files that were read before, or forget it. INSPECTOR_MEMO names another file for it, or is `off`."""
    with _open_memo(wanted=True, paranoid=False) as known:
        if action is Upkeep.CLEAR:
            known.clear()
        stats = known.stats()
    write(f"{stats.path}\n{stats.records:,} records, {stats.digests:,} digests, {stats.size:,} bytes\n", None)


@app.command(name="list")
def list_topic(topic: Annotated[Topic, typer.Argument(help="What to list.")]) -> None:
    """List the detectors (what each wants), the formats (how each is recognised, what is read) or the requirements (what each asks)."""
    from inspector import explain

    with reported():
        lists = {
            Topic.DETECTORS: explain.list_detectors,
            Topic.FORMATS: explain.list_formats,
            Topic.REQUIREMENTS: explain.list_requirements,
        }
        text = lists[topic]()
    write(text, None)


@app.command(name="explain")
def explain_id(identifier: Annotated[str, typer.Argument(metavar="ID", help="A requirement, a detector or a licence.")]) -> None:
    """Explain a requirement (osaid.code.training), a detector (gguf) or a licence (bigcode-openrail-m)."""
    from inspector import explain

    with reported():
        text = explain.explain(identifier)
    write(text, None)


def _open_memo(*, wanted: bool, paranoid: bool) -> "Memo":
    from inspector.memo import Memo, default_path

    named = os.environ.get("INSPECTOR_MEMO", "")
    path = None if not wanted or named == "off" else Path(named) if named else default_path()
    return Memo(path, paranoid=paranoid)


def _read_report(path: Path) -> "ReportView":
    from inspector.saved import read_report

    try:
        return read_report(path.read_bytes(), str(path))
    except OSError as error:
        raise UsageError(f"{path}: it cannot be read: {error.strerror}") from error


def _render_changes(changes: "tuple[Change, ...]", form: Form, *, verbose: bool) -> str:
    from inspector.render.changes import changes_json, render_changes

    return changes_json(changes) if form is Form.JSON else render_changes(changes, width=columns(), color=is_colored(), verbose=verbose)


def _render(report: Report, form: str, *, to_file: bool, verbose: bool) -> str:
    from inspector.render import Format, render

    width, color = (100, False) if to_file else (columns(), is_colored())
    return render(report, Format(form), width=width, color=color, verbose=verbose)


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
