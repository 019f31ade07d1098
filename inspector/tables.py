"""What ships with the program: tables in TOML, read strictly into frozen types, and a fingerprint of all of it."""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import msgspec

from inspector.errors import DataError

T = TypeVar("T")
PACKAGES = ("inspector", "detectors")


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
        return msgspec.toml.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{name}: {error}") from error


@cache
def fingerprint() -> str:
    """Tell this program from every other version of it: by the names, sizes and times of its own files."""
    digest = sha256()
    for name in PACKAGES:
        spec = find_spec(name)
        for top in sorted(spec.submodule_search_locations or ()) if spec else ():
            for path in sorted(Path(top).rglob("*")):
                if path.suffix in {".py", ".toml", ".tsv"}:
                    state = path.stat()
                    digest.update(f"{path.name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:32]
