"""Renderers: each writes one report in one format, from the report alone. A format is a module of `inspector.render.formats`."""

from enum import StrEnum
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from inspector.errors import DataError, UsageError
from inspector.judgement import Report
from inspector.render import formats
from inspector.render.contract import Page as Page
from inspector.render.contract import ReportFormat


class Format(StrEnum):
    """The formats that this program itself speaks of; `list_formats` has all."""

    TERMINAL = "terminal"
    LICENSES = "licenses"
    JSON = "json"
    MOT = "mot"
    HTML = "html"


@cache
def list_formats() -> tuple[str, ...]:
    """List the names of all formats, without importing any."""
    return tuple(sorted(item.name.replace("_", "-") for item in iter_modules(formats.__path__)))


@cache
def load_format(name: str) -> ReportFormat:
    """Import one format.

    Raises UsageError when there is none of that name, DataError for a module that has no `FORMAT`.
    """
    if name not in list_formats():
        raise UsageError(f"--format {name}: there is no such format; there are {', '.join(list_formats())}")
    found: object = vars(import_module(f"{formats.__name__}.{name.replace('-', '_')}")).get("FORMAT")
    if not isinstance(found, ReportFormat):
        raise DataError(f"inspector/render/formats: {name} has no FORMAT")
    return found


def render(report: Report, form: str = Format.JSON, *, width: int = 100, color: bool = False, verbose: bool = False) -> str:
    """Write a report; `width` (columns), `color` and `verbose` matter to the terminal format only.

    Raises UsageError when there is no such format, or it needs what the report does not have.
    """
    return load_format(form).write(report, Page(width=width, color=color, verbose=verbose))
