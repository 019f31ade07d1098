"""Tables that ship with the program: TOML read strictly into frozen types."""

from importlib.resources import files
from typing import TypeVar

import msgspec

from inspector.errors import DataError

T = TypeVar("T")


def load_table(name: str, kind: type[T]) -> T:
    """Read `inspector/standards/NAME` into a type; an unknown key, a wrong type or a missing field is an error.

    Raises DataError with the name of the table and the path of the key.
    """
    return parse_table(read_shipped(name), name, kind)


def read_shipped(name: str) -> bytes:
    """Read a file of `inspector/standards` that ships with the program."""
    return files("inspector").joinpath("standards", name).read_bytes()


def parse_table(data: bytes, name: str, kind: type[T]) -> T:
    """Read TOML into a type.

    Raises DataError with the name of the table and, where it is known, the line or the path of the key.
    """
    try:
        return msgspec.toml.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{name}: {error}") from error
