"""Which role a program or script has because of what it starts in another file, from the words of the names alone."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import PurePosixPath

from inspector.model import Component, Evidence, Frozen
from inspector.sources.facts import split_words
from inspector.sources.signals import refine_value
from inspector.tables import load_table

TABLE = "entry-points.toml"
LAUNCH = "launch"


class StartedRole(Frozen, frozen=True):
    """A role that is passed on: the values of its evidence, and the words that name it."""

    component: Component
    values: tuple[str, ...]
    words: tuple[str, ...]


class EntryPoints(Frozen, frozen=True):
    """The table: words that start all of a module, suffixes of scripts that launch, and the roles."""

    start: tuple[str, ...]
    launchers: tuple[str, ...]
    role: tuple[StartedRole, ...]


@cache
def load_entry_points() -> EntryPoints:
    """Read the table."""
    return load_table(TABLE, EntryPoints)


def started(called: str, path: str, roles: Iterable[Evidence]) -> Iterator[Evidence]:
    """List those roles of the file at `path` that a program takes over when it calls the dotted name `called` in it."""
    held = _held(roles)
    named = frozenset(word for part in called.split(".")[-2:] for word in split_words(part))
    chosen = [item for item, kind in held if named.intersection(kind.words)]
    if not chosen and named.intersection(load_entry_points().start):
        chosen = _meant(path, held)
    yield from chosen


def launched(by: str, path: str, roles: Sequence[Evidence]) -> Iterator[tuple[Component, str, Evidence]]:
    """List what a script at `by` launches when it runs the file at `path`: the component, the value, and the evidence that shows it."""
    further = [item for item in roles if item.value == LAUNCH]
    held = _held(roles)
    chosen = _meant(path, held) or [item for item, kind in held if kind.component is Component.TRAINING]
    for item in (*further, *chosen):
        component, value = item.component, "fine-tuning" if item.value == "fine-tuning" else LAUNCH
        if component is Component.INFERENCE and _tests(by, path):
            component = Component.EVALUATION
        if component is not Component.SUPPORTING:
            yield component, refine_value(component, value, by), item


def _meant(path: str, held: Sequence[tuple[Evidence, StartedRole]]) -> list[Evidence]:
    """List the roles that a file's own name says, or its only one."""
    own = frozenset(split_words(PurePosixPath(path).stem))
    named = [item for item, kind in held if own.intersection(kind.words)]
    return named or [item for item, _ in held if len({kind for _, kind in held}) == 1]


def _tests(*paths: str) -> bool:
    words = next(kind.words for kind in load_entry_points().role if kind.component is Component.EVALUATION)
    return any(word in words for path in paths for word in split_words(PurePosixPath(path).stem))


def _held(roles: Iterable[Evidence]) -> list[tuple[Evidence, StartedRole]]:
    return [(item, kind) for item in roles if (kind := _kind(item)) is not None]


def _kind(item: Evidence) -> StartedRole | None:
    return next((kind for kind in load_entry_points().role if item.component is kind.component and item.value in kind.values), None)
