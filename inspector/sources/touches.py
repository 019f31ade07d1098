"""What code reaches for when it runs: processes, connections, files, further code. Told from its syntax; nothing is run."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from inspector.model import Frozen, Severity
from inspector.sources.fact_index import Atoms, FactIndex
from inspector.sources.rules import expand_atoms
from inspector.sources.source import Fact
from inspector.tables import load_table
from inspector.uses import Use, UseKind

TABLE = "touches.toml"
LONGEST = 120


class Touch(Frozen, frozen=True):
    """A kind of thing that code reaches for, how much that matters in code that runs on loading, and the atoms that show it."""

    id: str
    severity: Severity
    why: str
    atoms: tuple[str, ...]
    builtins: tuple[str, ...] = ()


class Touches(Frozen, frozen=True):
    """The table."""

    touch: tuple[Touch, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """A touch that was seen, with what shows it and its line."""

    touch: Touch
    name: str
    line: int


@cache
def load_touches() -> Touches:
    """Read the table.

    Raises DataError for an atom of an unknown kind.
    """
    table = load_table(TABLE, Touches)
    for touch in table.touch:
        expand_atoms(touch.atoms)
    return table


@cache
def _atoms() -> Atoms:
    return Atoms(atom for touch in load_touches().touch for atom in expand_atoms(touch.atoms))


def uses_of_touches(facts: Iterable[Fact]) -> Iterator[Use]:
    """List what a module reaches for, once for each kind, as `kind|what shows it`."""
    facts = tuple(facts)
    index, called = FactIndex(facts, _atoms()), {fact.name: fact for fact in reversed(facts) if fact.kind == "call"}
    for touch in load_touches().touch:
        plain = (called[name] for name in touch.builtins if name in called)
        found = next(plain, None) or next((fact for atom in expand_atoms(touch.atoms) if (fact := index.find(atom)) is not None), None)
        if found is not None:
            yield Use(kind=UseKind.TOUCHES, target=f"{touch.id}|{found.name[:LONGEST]}", line=found.line)


def read_touch(use: Use) -> Reached:
    """Read back a use that `uses_of_touches` wrote."""
    kind, _, name = use.target.partition("|")
    return Reached(next(touch for touch in load_touches().touch if touch.id == kind), name, use.line)
