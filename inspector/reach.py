"""Which statements of terms reach which file. Pure.

A code file is governed by its own header, else by the nearest licence file above it, else by the card of its root, else by prose that names code.
Parameters are governed by every statement that reaches them: a repository's code licence never reaches another root's weights.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeVar

from inspector.model import Claim, Component, Evidence, Inventory, Scope, Source, Terms
from inspector.statements import UNKNOWN
from inspector.wording import spell_place

LEARNED = (Component.PARAMETERS, Component.CHECKPOINTS)
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of terms by its index in the evidence, with the expression that it comes to once links are followed."""

    index: int
    item: Evidence
    terms: Terms
    expression: str

    @property
    def root(self) -> str:
        """The root the statement stands in."""
        return self.item.location.root

    @property
    def path(self) -> str:
        """The file the statement stands in; for a member of an archive, the archive."""
        return self.item.location.path.split("!/")[0]

    @property
    def directory(self) -> str:
        """The directory the statement stands in."""
        return str(PurePosixPath(self.path).parent)

    @property
    def place(self) -> str:
        """The place in words, for reasons."""
        return spell_place(self.item.location)


class Statements:
    """All statements of terms of one inventory, looked up by what they reach."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory

    @cached_property
    def _texts(self) -> dict[tuple[str, str], str]:
        texts: dict[tuple[str, str], str] = {}
        for item in self._inventory.evidence:
            if isinstance(item.details, Terms) and item.details.source is Source.TEXT:
                texts[(item.location.root, item.location.path)] = item.value
        return texts

    @cached_property
    def all(self) -> tuple[Said, ...]:
        """Every statement, in the order of the evidence."""
        return tuple(
            Said(index, item, item.details, self._follow(item, item.details))
            for index, item in enumerate(self._inventory.evidence)
            if item.claim is Claim.LICENSED and isinstance(item.details, Terms) and item.details.source is not Source.NOTICE
        )

    def _follow(self, item: Evidence, terms: Terms) -> str:
        """Replace an id that only points at a licence file of its root by what that file says."""
        pointed = terms.link or (terms.rule if terms.rule.upper().startswith(("LICENSE", "LICENCE", "COPYING")) else None)
        if item.value != UNKNOWN or pointed is None:
            return item.value
        near = PurePosixPath(item.location.path).parent / pointed
        named = [
            path
            for root, path in sorted(self._texts)
            if root == item.location.root and PurePosixPath(path).stem == PurePosixPath(pointed).stem
        ]
        for path in (str(near), *named):
            if text := self._texts.get((item.location.root, path)):
                return text
        return item.value

    @cached_property
    def _own(self) -> dict[tuple[str, str], tuple[Said, ...]]:
        return _group((said for said in self.all if said.terms.scope is Scope.FILE), lambda said: (said.root, said.path))

    @cached_property
    def _reaching(self) -> dict[tuple[Scope, str, str], tuple[Said, ...]]:
        wide = (said for said in self.all if said.terms.scope in (Scope.TREE, Scope.ROOT) and said.terms.source is not Source.POLICY)
        return _group(wide, lambda said: (said.terms.scope, said.root, said.directory))

    @cached_property
    def _policies(self) -> dict[tuple[str, str], tuple[Said, ...]]:
        return _group((said for said in self.all if said.terms.source is Source.POLICY), lambda said: (said.root, said.directory))

    @cached_property
    def _prose(self) -> dict[Component, tuple[Said, ...]]:
        return _group((said for said in self.all if said.terms.scope is Scope.SYSTEM), lambda said: said.item.component)

    def governing(self, component: Component, root: str, path: str) -> tuple[Said, ...]:
        """List the statements that govern a component in one file; none, when no statement reaches it."""
        own = self._own.get((root, path), ())
        tree = self._nearest(component, root, path, Scope.TREE)
        card = self._nearest(component, root, path, Scope.ROOT)
        prose = self._prose.get(component, ())
        if component in LEARNED:
            # A policy in docs/ speaks of the model all the same: for parameters every policy of the root counts.
            policy = tuple(said for (where, _), found in self._policies.items() if where == root for said in found)
            return (*own, *tree, *card, *(prose or self._prose.get(Component.PARAMETERS, ())), *policy)
        policy = tuple(said for directory in directories_above(path) for said in self._policies.get((root, directory), ()))
        if component is Component.DATASETS:
            here = tuple(said for said in (*card, *prose) if (said.root, said.path) == (root, path))
            return (*(own or here or tree or card or prose), *policy)
        return (*(own or tree or card or prose), *policy)

    def _nearest(self, component: Component, root: str, path: str, scope: Scope) -> tuple[Said, ...]:
        for directory in directories_above(path):
            here = self._reaching.get((scope, root, directory), ())
            named = tuple(said for said in here if said.item.component is component)
            general = tuple(said for said in here if said.item.component is Component.UNSPECIFIED or scope is Scope.ROOT)
            if named or general:
                return named or general
        return ()


def directories_above(path: str) -> tuple[str, ...]:
    """List the directories a path lies in, the nearest first, the root (`.`) last."""
    return tuple(str(parent) for parent in PurePosixPath(path).parents)


def _group(items: Iterable[Said], key: Callable[[Said], K]) -> dict[K, tuple[Said, ...]]:
    groups: dict[K, list[Said]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return {name: tuple(members) for name, members in groups.items()}
