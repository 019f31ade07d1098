"""The words and options that commands share."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.errors import UsageError
from inspector.model import Role
from inspector.render import list_formats, load_format

if TYPE_CHECKING:
    from inspector.memo import Memo


TIME = "%Y-%m-%dT%H:%M:%SZ"


class Form(StrEnum):
    """The formats of `--format`."""

    TERMINAL = "terminal"
    JSON = "json"


class TableForm(StrEnum):
    """The formats of an answer in rows."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Topic(StrEnum):
    """What `inspector list` lists."""

    DETECTORS = "detectors"
    FORMATS = "formats"
    REQUIREMENTS = "requirements"
    RULES = "rules"


class FailOn(StrEnum):
    """The severities that `--fail-on` takes."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Upkeep(StrEnum):
    """What `inspector memo` can do."""

    STATS = "stats"
    CLEAR = "clear"


Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Directories (or files) of one system; the first one names it.")]
Supplements = Annotated[
    list[str] | None, typer.Option("--with", metavar="ROLE=PATH", help="A further root: weights, code, data or docs. May be repeated.")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file, once the report is complete.")]
Forms = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help=f"How to write the report: terminal (the default), or {', '.join(name for name in list_formats() if name != 'terminal')}. "
        "May be repeated, with -o DIR.",
    ),
]
Outputs = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE|DIR",
        help="Write to a file, or a file of the usual name in a directory, once the report is complete.",
    ),
]
Created = Annotated[
    str | None,
    typer.Option(
        "--created", metavar="TIME", help="The time that bills of materials tell (2026-01-31T12:00:00Z); SOURCE_DATE_EPOCH, if it is set."
    ),
]
Standards = Annotated[
    list[str] | None,
    typer.Option("--standard", metavar="ID", help="Judge by this standard (osaid, which is the default, or mof), or by a TOML file."),
]
Demands = Annotated[
    list[str] | None,
    typer.Option("--require", metavar="ID", help="Exit with 1 unless the system conforms to this standard (mof:II: that class at least)."),
]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", metavar="FILE", help="Exit with 1 unless this policy holds; see `inspector policy init`.")
]
Baseline = Annotated[
    Path | None, typer.Option("--baseline", metavar="REPORT", help="Fail only on what is new against this report (of --format json).")
]
Attest = Annotated[
    Path | None, typer.Option("--attest", metavar="FILE", help="Answers to what reading leaves open; see `inspector attest --init`.")
]
Attested = Annotated[bool, typer.Option("--attested/--no-attested", help="Leave the answers of --attest out: what reading alone gives.")]
UseMemo = Annotated[bool, typer.Option("--memo/--no-memo", help="Do not read again what was read before and did not change.")]
Paranoid = Annotated[bool, typer.Option("--paranoid", help="Read every file again, whatever the memo says.")]


def choose_standards(chosen: list[str], required: list[str], forms: Sequence[str]) -> tuple[str, ...]:
    """List the standards to judge by, each once: what is asked for, else the definition; and what formats cannot do without.

    Raises UsageError when there is no such format.
    """
    needs = [load_format(form).needs for form in forms]
    usual = [] if chosen or required or all(needs) else ["osaid"]
    return tuple(dict.fromkeys([*chosen, *usual, *(name for some in needs for name in some), *required]))


def choose_places(forms: Sequence[str], output: Path | None) -> dict[str, Path | None]:
    """Say where each format is written: in a file, a file of its usual name in a directory, or (None) on standard output.

    Raises UsageError when there are several formats and no directory for them, or two would have one file.
    """
    names = tuple(dict.fromkeys(forms)) or ("terminal",)
    files = {name: load_format(name).file for name in names}
    if len(names) == 1:
        return {name: output / file if output and output.is_dir() else output for name, file in files.items()}
    if output is None or (output.exists() and not output.is_dir()):
        raise UsageError(f"--format {', --format '.join(names)}: several formats need -o DIR, a directory to write them into")
    return {name: output / file for name, file in files.items()}


def read_time(text: str | None) -> str:
    """Read the time that a report is to tell, in UTC; without one, that of SOURCE_DATE_EPOCH (seconds), and nothing where that is not set.

    Raises UsageError when it is none.
    """
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        if text is None:
            return datetime.fromtimestamp(int(seconds), UTC).strftime(TIME) if seconds else ""
        return datetime.strptime(text, TIME).replace(tzinfo=UTC).strftime(TIME)
    except (ValueError, OverflowError, OSError) as error:
        told = f"--created {text}" if text is not None else f"SOURCE_DATE_EPOCH={seconds}"
        raise UsageError(f"{told}: write a time as 2026-01-31T12:00:00Z (seconds since 1970 in SOURCE_DATE_EPOCH)") from error


def read_supplement(text: str) -> tuple[Role, Path]:
    """Read `ROLE=PATH`.

    Raises UsageError when it is not written so.
    """
    role, equals, path = text.partition("=")
    if not equals or role not in set(Role) or not path:
        raise UsageError(f"--with {text}: write ROLE=PATH, where ROLE is {', '.join(Role)}")
    return Role(role), Path(path)


def open_memo(*, wanted: bool, paranoid: bool) -> "Memo":
    """Open the memo of this user, or the one that INSPECTOR_MEMO names; one that remembers nothing where none is wanted."""
    from inspector.memo import Memo, default_path

    named = os.environ.get("INSPECTOR_MEMO", "")
    path = None if not wanted or named == "off" else Path(named) if named else default_path()
    return Memo(path, paranoid=paranoid)


def fleet_memo(*, wanted: bool) -> str:
    """Name the memo of a fleet: the file that INSPECTOR_MEMO names, none, or `~` for the one of whoever reads a bundle, wherever that is."""
    named = os.environ.get("INSPECTOR_MEMO", "")
    return "" if not wanted or named == "off" else str(Path(named).absolute()) if named else "~"
