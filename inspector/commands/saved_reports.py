"""`inspector diff` and `recheck`: reports that were kept, against later ones and against what they were written of."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.commands.application import app
from inspector.console import columns, is_colored, progress, reported, say, write
from inspector.errors import ExitCode, UsageError
from inspector.options import Attest, Form

if TYPE_CHECKING:
    from inspector.comparison import Change
    from inspector.policies.novelty import Earlier
    from inspector.saved import ReportView


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD.json", help="A report written with --format json.")],
    new: Annotated[Path, typer.Argument(metavar="NEW.json", help="A later one.")],
    form: Annotated[Form, typer.Option("--format", help="How to write the changes.")] = Form.TERMINAL,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every change.")] = False,
) -> None:
    """Say what changed between two reports: grades, verdicts, terms, issues, files and evidence.

    Exit codes: 0 nothing changed; 1 something changed; 2 wrong usage; 70 a bug.
    """
    from inspector.comparison import compare_reports

    with reported():
        changes = compare_reports(read_kept(old), read_kept(new))
    write(_render_changes(changes, form, verbose=verbose), None)
    raise typer.Exit(ExitCode.REQUIREMENT_NOT_MET if changes else ExitCode.DONE)


@app.command()
def recheck(
    report: Annotated[Path, typer.Argument(metavar="REPORT.json", help="A report written with --format json.")],
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="The roots that it was written of, in the same order.")],
    form: Annotated[Form, typer.Option("--format", help="How to write what no longer stands.")] = Form.TERMINAL,
    attest: Attest = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show everything.")] = False,
) -> None:
    """Confirm that everything a report says still stands: read the roots again, whatever is remembered of them, and name what does not.

    Exit codes: 0 all of it stands; 1 something does not; 2 wrong usage; 4 nothing to inspect; 70 a bug.
    """
    from inspector.audit import Attestation, inspect_again, judge
    from inspector.comparison import Kind, compare_reports
    from inspector.saved import view_report

    with reported(), progress() as watch:
        saved = read_kept(report)
        if attest is None and any(finding.attested for result in saved.standards for finding in result.findings):
            raise UsageError(f"{report}: answers of it rest on a person's word; give them with --attest FILE to have them rechecked")
        stated = Attestation(attest, datetime.now(UTC).date()) if attest else None
        again = judge(inspect_again(saved, paths, watch), tuple(item.id for item in saved.standards), attested=stated)
        changes = tuple(change for change in compare_reports(saved, view_report(again)) if change.kind is not Kind.PROGRAM)
    write(_render_changes(changes, form, verbose=verbose), None)
    say(f"inspector: {'something in the report does not stand any more' if changes else 'all of the report stands'}")
    raise typer.Exit(ExitCode.REQUIREMENT_NOT_MET if changes else ExitCode.DONE)


def read_earlier(path: Path) -> "Earlier":
    """Read a report that was kept, to hold a new one against it.

    Raises UsageError where it cannot be read or is none.
    """
    from inspector.policies.novelty import Earlier
    from inspector.saved import read_report

    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: it cannot be read: {error.strerror}") from error
    return Earlier(read_report(data, str(path)), path.name, hashlib.sha256(data).hexdigest())


def read_kept(path: Path) -> "ReportView":
    """Read a report that was kept.

    Raises UsageError where it cannot be read, or is none.
    """
    return read_earlier(path).view


def _render_changes(changes: "tuple[Change, ...]", form: Form, *, verbose: bool) -> str:
    from inspector.render.changes import changes_json, render_changes

    return changes_json(changes) if form is Form.JSON else render_changes(changes, width=columns(), color=is_colored(), verbose=verbose)
