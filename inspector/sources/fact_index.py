"""Atoms, the patterns of the code signals, and which of them the facts of a file match.

Files share most names, so what a name matches is worked out once, by the last (for imports the first) part of it, and kept.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache

from inspector.sources.facts import Fact

WILD = frozenset("*?[")
SINGLE = frozenset({"text", "path"})
MOST_KEPT = 200_000


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """A pattern for facts of one kind, in its dotted segments; each is made once, so that it is told from others by itself alone."""

    kind: str
    segments: tuple[str, ...]
    written: str


@dataclass(slots=True)
class _Shelf:
    """The atoms of one kind: by how a name ends or begins, where they say so, and the others behind one pattern that most names fail."""

    ends: dict[str, list[Atom]] = field(default_factory=dict)
    begins: dict[str, list[Atom]] = field(default_factory=dict)
    wild: list[Atom] = field(default_factory=list)
    gate: re.Pattern[str] | None = None

    def put(self, atom: Atom) -> None:
        """Keep an atom where names that match it will look."""
        first, last = atom.segments[0], atom.segments[-1]
        if atom.kind not in {"text", "import"} and not WILD.intersection(last):
            self.ends.setdefault(last, []).append(atom)
        elif atom.kind != "text" and not WILD.intersection(first) and (atom.kind == "import" or "*" in atom.segments):
            self.begins.setdefault(first, []).append(atom)
        else:
            self.wild.append(atom)


class Atoms:
    """All atoms of a table, laid out so that those which a name matches are found without trying each."""

    def __init__(self, atoms: Iterable[Atom]) -> None:
        self._shelves: dict[str, _Shelf] = {}
        self._known: dict[tuple[str, str], tuple[Atom, ...]] = {}
        for atom in dict.fromkeys(atoms):
            self._shelves.setdefault(atom.kind, _Shelf()).put(atom)
        for shelf in self._shelves.values():
            shelf.gate = re.compile("|".join(_written(atom) for atom in shelf.wild)) if shelf.wild else None

    def matching(self, kind: str, name: str) -> tuple[Atom, ...]:
        """List the atoms that a name of a kind matches."""
        key = (kind, name)
        known = self._known.get(key)
        if known is None:
            if len(self._known) > MOST_KEPT:
                self._known.clear()
            known = self._known[key] = self._match(kind, name)
        return known

    def _match(self, kind: str, name: str) -> tuple[Atom, ...]:
        shelf = self._shelves.get(kind)
        if shelf is None:
            return ()
        tried = [*shelf.ends.get(name.rpartition(".")[2], ()), *shelf.begins.get(name.partition(".")[0], ())]
        found = [atom for atom in tried if matches(atom, name)]
        if shelf.gate is not None and shelf.gate.match(name):
            found += [atom for atom in shelf.wild if (atom.written in name if kind == "text" else matches(atom, name))]
        return tuple(found)


class FactIndex:
    """The facts of one file by the atoms that they match; `matched` are these atoms."""

    def __init__(self, facts: Iterable[Fact], atoms: Atoms) -> None:
        self._by: dict[Atom, list[Fact]] = {}
        for fact in facts:
            for atom in atoms.matching(fact.kind, fact.name):
                if atom in self._by:
                    self._by[atom].append(fact)
                else:
                    self._by[atom] = [fact]
        self.matched = frozenset(self._by)

    def find(self, atom: Atom, unless_owner: tuple[str, ...] = ()) -> Fact | None:
        """Give the first fact that an atom matches, leaving out those of classes with the given names."""
        held = self._by.get(atom, ())
        if not unless_owner:
            return held[0] if held else None
        return next((fact for fact in held if not any(fnmatchcase(fact.owner, name) for name in unless_owner)), None)


def matches(atom: Atom, name: str) -> bool:
    """Say whether an atom's pattern fits a name."""
    return _expression(atom).match(name) is not None


@cache
def _expression(atom: Atom) -> re.Pattern[str]:
    return re.compile(_written(atom))


def _written(atom: Atom) -> str:
    """Write an atom as a regular expression for the whole of a name."""
    parts = atom.segments
    if atom.kind == "text":
        return rf"(?s:.*){re.escape(atom.written)}"
    if atom.kind == "import":
        return rf"{_dotted(parts)}(?:\.|\Z)"
    if "*" not in parts or len(parts) == 1:
        return rf"(?:.*\.)?{_dotted(parts)}\Z"
    star = parts.index("*")
    head, tail = _dotted(parts[:star]), _dotted(parts[star + 1 :])
    if not tail:
        return rf"{head}(?:\..*)?\Z"
    return rf"(?:.*\.)?{tail}\Z" if not head else rf"{head}\.(?:.*\.)?{tail}\Z"


def _dotted(segments: Iterable[str]) -> str:
    return r"\.".join(
        re.sub(r"\\\*", "[^.]*", re.escape(item)).replace(r"\?", "[^.]").replace(r"\[", "[").replace(r"\]", "]") for item in segments
    )
