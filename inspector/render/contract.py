"""What a format of a report is: a pure function of the report and the page, the usual name of its file, and the standards it needs."""

from collections.abc import Callable
from dataclasses import dataclass

from inspector.judgement import Report

UNTOLD = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Page:
    """What a report is written on: columns, colours and detail matter to the terminal, the time to formats that must tell one (UTC).

    No renderer looks at a clock: a time that nobody told is the beginning of 1970 where a format asks for one, and left out elsewhere.
    """

    width: int = 100
    color: bool = False
    verbose: bool = False
    created: str = ""


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """One format: the usual name of its file, what it is for, what writes it, and the ids of standards that it cannot do without."""

    file: str
    about: str
    write: Callable[[Report, Page], str]
    needs: tuple[str, ...] = ()
