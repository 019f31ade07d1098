"""Credentials by their shapes: data in `standards/secrets.toml`. What is found is never written out: four characters of its start, two of its end."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from inspector.model import Frozen
from inspector.tables import load_table

MOST = 50


class Shape(Frozen, frozen=True):
    """What one kind of credential looks like: its prefix, its pattern, and how many different characters stand in it at least."""

    name: str
    prefix: str
    pattern: str
    apart: int


class SecretTable(Frozen, frozen=True):
    """The table: shapes, words of placeholders, and folders in which credentials are mostly made up."""

    placeholders: tuple[str, ...]
    made_up: tuple[str, ...]
    secret: tuple[Shape, ...]


class Secret(NamedTuple):
    """A credential: its kind, what may be shown of it, and its line."""

    name: str
    shown: str
    line: int


@cache
def load_secrets() -> SecretTable:
    """Read the table."""
    return load_table("secrets.toml", SecretTable)


@cache
def _patterns() -> tuple[tuple[Shape, re.Pattern[str]], ...]:
    return tuple((shape, re.compile(shape.pattern)) for shape in load_secrets().secret)


def find_secrets(text: str) -> Iterator[Secret]:
    """List the credentials in a text, at most 50; what looks like a placeholder is none."""
    count = 0
    for shape, pattern in _patterns():
        if shape.prefix not in text:
            continue
        for match in pattern.finditer(text):
            found = match[0]
            if len(set(found)) < shape.apart or any(word in found.casefold() for word in load_secrets().placeholders):
                continue
            if count == MOST:
                return
            count += 1
            body = found.rpartition("-----")[2].replace("\\n", "").strip("\\ \r\n\t") if found.startswith("-----") else found
            yield Secret(shape.name, f"{body[:4]}…{body[-2:]}", text.count("\n", 0, match.start()) + 1)


def is_made_up(path: str) -> bool:
    """Say whether a path lies where credentials are mostly made up: tests, examples, documentation."""
    *folders, name = path.casefold().split("/")
    return bool(set(folders) & set(load_secrets().made_up)) or name.startswith(("test_", "readme")) or name.endswith((".md", ".rst"))
