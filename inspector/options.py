"""The words and options that commands share."""

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.errors import UsageError
from inspector.model import Role

if TYPE_CHECKING:
    from inspector.memo import Memo


class Form(StrEnum):
    """The formats of `--format`."""

    TERMINAL = "terminal"
    JSON = "json"


class TableForm(StrEnum):
    """The formats of an answer in rows."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class ReportForm(StrEnum):
    """The formats of a whole report: also a record as the Model Openness Tool keeps them."""

    TERMINAL = "terminal"
    JSON = "json"
    MOT = "mot"


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
Standards = Annotated[
    list[str] | None,
    typer.Option("--standard", metavar="ID", help="Judge by this standard (osaid, which is the default, or mof), or by a TOML file."),
]
Demands = Annotated[
    list[str] | None,
    typer.Option("--require", metavar="ID", help="Exit with 1 unless the system conforms to this standard (mof:II: that class at least)."),
]
Attest = Annotated[
    Path | None, typer.Option("--attest", metavar="FILE", help="Answers to what reading leaves open; see `inspector attest --init`.")
]
Attested = Annotated[bool, typer.Option("--attested/--no-attested", help="Leave the answers of --attest out: what reading alone gives.")]
UseMemo = Annotated[bool, typer.Option("--memo/--no-memo", help="Do not read again what was read before and did not change.")]
Paranoid = Annotated[bool, typer.Option("--paranoid", help="Read every file again, whatever the memo says.")]


def choose_standards(chosen: list[str], required: list[str], form: ReportForm) -> tuple[str, ...]:
    """List the standards to judge by, each once; a record needs the framework, and without any word the definition is meant."""
    usual = ["mof"] if form is ReportForm.MOT else [] if chosen or required else ["osaid"]
    return tuple(dict.fromkeys([*chosen, *usual, *required]))


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
