"""`inspector audit`, `licenses` and `attest`: read the roots of a system, and judge them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.commands.application import app
from inspector.console import columns, is_colored, make_directory, progress, reported, say, write
from inspector.errors import ExitCode, UsageError
from inspector.gate import unsettled_problems
from inspector.judgement import Report
from inspector.options import (
    Attest,
    Attested,
    Baseline,
    Created,
    Demands,
    Form,
    Forms,
    Output,
    Outputs,
    Paranoid,
    Paths,
    PolicyFile,
    Standards,
    Supplements,
    UseMemo,
    choose_places,
    choose_standards,
    open_memo,
    read_supplement,
    read_time,
)

if TYPE_CHECKING:
    from inspector.policies.novelty import Earlier
    from inspector.policies.policy import Policy


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
    policy: PolicyFile = None,
    baseline: Baseline = None,
    digest: Annotated[bool, typer.Option("--digest/--no-digest", help="Compute the SHA-256 of every file.")] = True,
    sample_tensors: Annotated[bool, typer.Option("--sample-tensors", help="Look at a few elements of every tensor too.")] = False,
    jobs: Annotated[int | None, typer.Option("-j", "--jobs", min=1, help="Threads that hash (default: one a processor).")] = None,
    memo: UseMemo = True,
    paranoid: Paranoid = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every piece of evidence and fold nothing.")] = False,
) -> None:
    """Audit a model bundle: one or more directories that make up one system. Nothing in them is run, and no network is used.

    Exit codes: 0 done; 1 a standard or policy is not met, or something is new; 2 wrong usage; 3 not all was read; 4 nothing to inspect; 70 a bug.
    """
    from inspector.audit import Attestation, hold_against, inspect, judge

    with reported(), progress() as watch:
        places, time = choose_places(forms or (), output), read_time(created)
        required, rules, earlier = _read_demands(require, policy, baseline)
        asked = [*(name for name, _ in required), *(demand.name for demand in (rules.standards if rules else ()))]
        standards = choose_standards(standard or [], asked, tuple(places))
        others = [read_supplement(text) for text in supplements or ()]
        with open_memo(wanted=memo, paranoid=paranoid) as known:
            inventory = inspect(paths, supplements=others, digest=digest, jobs=jobs, memo=known, sample_tensors=sample_tensors, watch=watch)
        today = datetime.now(UTC).date()
        report = judge(inventory, standards, attested=Attestation(attest, today) if attest and attested else None)
        report = hold_against(report, rules, today, earlier) if rules or earlier else report
        written = {name: _render(report, name, place, verbose=verbose, created=time) for name, place in places.items()}
    _write_all(written, places, output)
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
    from inspector.audit import inspect, judge
    from inspector.scoring.attestation import write_questions

    with reported(), progress() as watch, open_memo(wanted=memo, paranoid=False) as known:
        if output is not None and output.exists():
            raise UsageError(f"{output}: the file is there already, and answers in it would be lost; name another or remove it")
        others = [read_supplement(text) for text in supplements or ()]
        report = judge(inspect(paths, supplements=others, digest=False, memo=known, watch=watch), tuple(standard or ("osaid",)))
    write(write_questions(report.inventory.name, report.standards), output)


def _read_demands(
    require: list[str] | None, policy: Path | None, baseline: Path | None
) -> "tuple[list[tuple[str, str | None]], Policy | None, Earlier | None]":
    """Read all that the report will be held against, before anything of the bundle is read: required standards, a policy, an earlier report."""
    from inspector.commands.saved_reports import read_earlier
    from inspector.policies.check import load_policy
    from inspector.scoring.catalogue import read_demand

    required = [read_demand(text) for text in require or ()]
    return required, load_policy(policy) if policy else None, read_earlier(baseline) if baseline else None


def _render(report: Report, form: str, place: Path | None, *, verbose: bool, created: str = "") -> str:
    from inspector.render import Page, load_format

    width, color = (100, False) if place else (columns(), is_colored())
    return load_format(form).write(report, Page(width=width, color=color, verbose=verbose, created=created))


def _write_all(written: Mapping[str, str], places: Mapping[str, Path | None], output: Path | None) -> None:
    if output and len(places) > 1:
        make_directory(output)
    for name, text in written.items():
        write(text, places[name])


def _exit_code(report: Report, required: dict[tuple[str, str | None], int]) -> ExitCode:
    """Say on standard error what fails, and choose the exit code: what is not met comes before what could not be read."""
    from inspector.render.policy import list_failures
    from inspector.scoring.ladder import satisfies

    unmet = [asked for asked, place in required.items() if not satisfies(report.standards[place], asked[1])]
    for name, rung in unmet:
        say(f"inspector: {name}{f':{rung}' if rung else ''} is required, and the system does not conform to it")
    failures = list(list_failures(report.policy, report.baseline))
    for line in failures:
        say(f"inspector: {line}")
    left = unsettled_problems(report.inventory.problems, report.policy, report.baseline)
    if left:
        say(f"inspector: {len(left)} thing{'s' if len(left) != 1 else ''} could not be read; the report names each")
    if unmet or failures:
        return ExitCode.REQUIREMENT_NOT_MET
    return ExitCode.UNREADABLE if left else ExitCode.DONE
