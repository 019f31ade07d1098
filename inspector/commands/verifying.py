"""`inspector verify`: whether files are what is recorded of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.commands.application import app
from inspector.commands.saved_reports import read_kept
from inspector.console import columns, is_colored, progress, reported, say, write
from inspector.errors import ExitCode, UsageError
from inspector.options import Form, Output

if TYPE_CHECKING:
    from inspector.saved import ReportView


CODES = {
    "not-intact": ExitCode.REQUIREMENT_NOT_MET,
    "incomplete": ExitCode.REQUIREMENT_NOT_MET,
    "not-all-read": ExitCode.UNREADABLE,
    "nothing-recorded": ExitCode.NOTHING,
}


@app.command(name="verify")
def verify_paths(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Bundles: directories, stores, archives, files.")],
    against: Annotated[
        Path | None, typer.Option("--against", metavar="REPORT.json", help="Verify against an earlier report; its roots in the same order.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", metavar="FILE", help="The signer's public key (PEM), to verify a signature.")] = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="Certificates to trust (PEM), to verify a signature.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How to write the answer.")] = Form.TERMINAL,
    output: Output = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, max=256, help="How many threads hash.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every file with all that is recorded of it.")] = False,
) -> None:
    """Say of each file whether it is what came with the bundle says: download records, git, digests in names, checksums, signed manifests.

    Exit codes: 0 all that is recorded is intact; 1 something is not, or was never downloaded; 2 wrong usage; 3 nothing differs, but something could
    not be read; 4 nothing is recorded; 70 a bug.
    """
    from inspector.render.verification import render_verification, verification_json
    from inspector.verification.check import verify
    from inspector.verification.integrity import Trust

    with reported(), progress() as watch:
        if against is not None and (key or certificate):
            raise UsageError("--key and --certificate verify signatures of the bundle; with --against there is none to verify")
        if key and certificate:
            raise UsageError("give --key or --certificate, not both")
        report: ReportView | None = None if against is None else read_kept(against)
        found = verify(paths, trust=Trust(key, certificate), against=report, jobs=jobs, watch=watch)
        width, color = (100, False) if output else (columns(), is_colored())
        text = verification_json(found) if form is Form.JSON else render_verification(found, width=width, color=color, verbose=verbose)
    write(text, output)
    if found.problems:
        say(f"inspector: {len(found.problems)} thing{'s' if len(found.problems) > 1 else ''} could not be read; the answer names each")
    raise typer.Exit(CODES.get(found.answer, ExitCode.DONE))
