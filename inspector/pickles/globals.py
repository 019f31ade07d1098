"""How much a global of a pickle matters: what only builds values, what acts, what is an estimator's class, by a table."""

import re
from functools import cache

import msgspec

from inspector.model import Severity
from inspector.tables import load_table

CLASS = re.compile(r"_?[A-Z]\w*")
DUNDER = re.compile(r"__\w+__")


class Globals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table of globals.

    Those that only build values, those of them that hold items, those that act, those that open or fetch something, the modules that others
    import and through which they are reached, the methods of classes that act, the modules whose classes are estimators.
    """

    inert: tuple[str, ...]
    containers: tuple[str, ...]
    acting: tuple[str, ...]
    opening: tuple[str, ...]
    reached: tuple[str, ...]
    methods: tuple[str, ...]
    library: tuple[str, ...]


class _Sets(msgspec.Struct, frozen=True):
    inert: frozenset[str]
    containers: frozenset[str]
    acting: frozenset[str]
    opening: frozenset[str]
    reached: frozenset[str]
    methods: frozenset[str]
    library: frozenset[str]


@cache
def _table() -> _Sets:
    table = load_table("pickle-globals.toml", Globals)
    lists = (table.inert, table.containers, table.acting, table.opening, table.reached, table.methods, table.library)
    return _Sets(*map(frozenset, lists))


def judge_global(module: str, name: str) -> Severity | None:
    """Say how much a global matters: `None` for an inert one, high for one that acts, low for an estimator's class, medium for all others.

    A name with dots reaches through what stands before them: into a module that is imported there, or into what a function is made of.
    """
    table = _table()
    if f"{module}.{name}" in table.inert:
        return None
    if is_library_class(module, name):
        return Severity.LOW
    _, *attributes = name.split(".")
    calls = bool(attributes) and attributes[-1] in table.methods
    return Severity.HIGH if calls or is_acting(module, name) or _is_below(table.opening, _split(module, name)) else Severity.MEDIUM


def is_acting(module: str, name: str) -> bool:
    """Say whether a global acts wherever it is named, in settings too: what merely opens files is honest there."""
    table, parts = _table(), _split(module, name)
    if f"{module}.{name}" in table.inert:
        return False
    reaches = not table.reached.isdisjoint(parts[1:-1]) or any(map(DUNDER.fullmatch, name.split(".")[1:]))
    return reaches or _is_below(table.acting, parts)


def list_system() -> tuple[str, ...]:
    """List the modules by which Python reaches the system: words that nobody gives a kind of layer."""
    return tuple(sorted(_table().reached))


def _split(module: str, name: str) -> list[str]:
    return f"{module}.{name}".replace("extension ", "extension.").split(".")


def _is_below(listed: frozenset[str], parts: list[str]) -> bool:
    """Say whether a list holds a name, or one that stands above it."""
    return any(".".join(parts[:length]) in listed for length in range(1, len(parts) + 1))


def is_library_class(module: str, name: str) -> bool:
    """Say whether a global is a class of an estimator, or a part of one: by its whole name, or a name like a class in a module of estimators."""
    library, full, parts = _table().library, f"{module}.{name}", module.split(".")
    if full in library:
        return True
    return CLASS.fullmatch(name) is not None and any(".".join(parts[:length]) in library for length in range(2, len(parts) + 1))


def holds_items(module: str, name: str) -> bool:
    """Say whether items may be put into what a global makes: not into what a function of weights rebuilds."""
    table, full = _table(), f"{module}.{name}"
    return full in table.containers or full not in table.inert
