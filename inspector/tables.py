"""What ships with the program: tables in TOML, read strictly into frozen types, and a fingerprint of all of it."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import msgspec

from inspector.decoding import decode_toml
from inspector.errors import DataError

T = TypeVar("T")
GROUP = "inspector.detectors"
SOURCES = (".py", ".toml", ".tsv")
RECORDS = (".dist-info", ".egg-info")


def load_table(name: str, kind: type[T]) -> T:
    """Read `inspector/standards/NAME` into a type; an unknown key, a wrong type or a missing field is an error.

    Raises DataError with the name of the table and the path of the key.
    """
    return parse_table(read_shipped(name), name, kind)


def read_shipped(name: str) -> bytes:
    """Read a file of `inspector/standards` that ships with the program."""
    return files("inspector").joinpath("standards", name).read_bytes()


def list_shipped(directory: str) -> tuple[str, ...]:
    """List the names of the tables in a directory of `inspector/standards`, sorted."""
    return tuple(sorted(path.name for path in files("inspector").joinpath("standards", directory).iterdir() if path.name.endswith(".toml")))


def parse_table(data: bytes, name: str, kind: type[T]) -> T:
    """Read TOML into a type.

    Raises DataError with the name of the table and, where it is known, the line or the path of the key.
    """
    try:
        return decode_toml(data, kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{name}: {error}") from error


@cache
def list_detector_packages() -> tuple[str, ...]:
    """List the packages that entry points name as holding detectors, sorted."""
    return tuple(sorted(point.value for point in entry_points(group=GROUP)))


@cache
def fingerprint() -> str:
    """Tell this program from every other that could answer otherwise.

    It is a digest of what stands in its own files, its tables and the packages of detectors; of the names and versions of all packages that are
    installed beside it (parsers, ScanCode and its texts); and of the version of Python, whose parser reads sources. Times do not count, so that
    the same program that was installed again is the same.
    """
    digest = sha256(repr(sys.version_info).encode())
    for name in dict.fromkeys(("inspector", *list_detector_packages())):
        spec = find_spec(name)
        for top in sorted(spec.submodule_search_locations or ()) if spec else ():
            for path in sorted(_list_sources(top)):
                data = Path(path).read_bytes()
                digest.update(f"{path[len(top) :]}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
                digest.update(data)
    for name in sorted(_list_installed()):
        digest.update(f"{name}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:32]


def _list_sources(top: str) -> Iterator[str]:
    """List what the program is made of below a directory."""
    with os.scandir(top) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _list_sources(entry.path)
            elif entry.name.endswith(SOURCES):
                yield entry.path


def _list_installed() -> set[str]:
    """List the installed packages by the names of their records, which hold their versions."""
    found = set[str]()
    for place in filter(None, sys.path):
        with suppress(OSError):
            found |= {path.name for path in Path(place).iterdir() if path.name.endswith(RECORDS)}
    return found
