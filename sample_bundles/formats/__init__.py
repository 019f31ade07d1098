"""Formats: one small file of each, every one written by its own module here. A module is found by being there; it has `FILES`, a path to bytes."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules


def list_files() -> Mapping[str, str | bytes]:
    """Collect the files of all modules, each below a directory of the module's name."""
    found: dict[str, str | bytes] = {}
    for info in sorted(iter_modules(__path__), key=lambda info: info.name):
        files: Mapping[str, str | bytes] = import_module(f"{__name__}.{info.name}").FILES
        found |= {f"{info.name}/{path}": data for path, data in files.items()}
    return found
