"""The words and options that commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Form(StrEnum):
    """The formats of `--format`."""

    TERMINAL = "terminal"
    JSON = "json"


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


class Upkeep(StrEnum):
    """What `inspector memo` can do."""

    STATS = "stats"
    CLEAR = "clear"


Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Directories (or files) of one system; the first one names it.")]
Supplements = Annotated[
    list[str] | None, typer.Option("--with", metavar="ROLE=PATH", help="A further root: weights, code, data or docs. May be repeated.")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file, once the report is complete.")]
UseMemo = Annotated[bool, typer.Option("--memo/--no-memo", help="Do not read again what was read before and did not change.")]
Paranoid = Annotated[bool, typer.Option("--paranoid", help="Read every file again, whatever the memo says.")]
