"""Which terms govern which component: statements, their reach, the chain that led there, and whether they agree. Pure.

A code file is governed by its own header, else by the nearest licence file above it, else by the card of its root, else by prose that names code.
Parameters are governed by every statement that reaches them, and those must agree: a repository's code licence never reaches another root's weights.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeVar

from inspector.expressions import Group, parse_expression, render_expression
from inspector.judgement import Resolution
from inspector.licenses import Licenses
from inspector.model import Bucket, Claim, Component, Evidence, Inventory, Issue, Location, Scope, Severity, Source, Terms
from inspector.statements import UNKNOWN

CODE = (
    Component.ARCHITECTURE,
    Component.TRAINING,
    Component.PREPROCESSING,
    Component.INFERENCE,
    Component.EVALUATION,
    Component.SUPPORTING,
)
LEARNED = (Component.PARAMETERS, Component.CHECKPOINTS)
SUBJECTS = {
    **{(component, Claim.PRESENT): component for component in (*CODE, *LEARNED)},
    (Component.DATASETS, Claim.DESCRIBED): Component.DATASETS,
}
K = TypeVar("K", bound=Hashable)
OPEN = (Bucket.OSI_APPROVED, Bucket.FREE)


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
        policy = tuple(said for directory in directories_above(path) for said in self._policies.get((root, directory), ()))
        if component in LEARNED:
            return (*own, *tree, *card, *(prose or self._prose.get(Component.PARAMETERS, ())), *policy)
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


def resolve_terms(inventory: Inventory, licenses: Licenses) -> tuple[tuple[Resolution, ...], tuple[Issue, ...]]:
    """Resolve the terms of every component in every root; statements that disagree are issues."""
    statements = Statements(inventory)
    subjects: dict[tuple[str, Component], set[str]] = {}
    for item in inventory.evidence:
        if component := SUBJECTS.get((item.component, item.claim)):
            subjects.setdefault((item.location.root, component), set()).add(item.location.path.split("!/")[0])
    resolutions: list[Resolution] = []
    issues: dict[tuple[int, ...], Issue] = {}
    for (root, component), paths in sorted(subjects.items()):
        groups: dict[tuple[Said, ...], int] = {}
        for path in sorted(paths):
            governing = _informative(statements.governing(component, root, path))
            groups[governing] = groups.get(governing, 0) + 1
        for group, count in groups.items():
            resolution = _resolve(component, root, group, count, licenses)
            resolutions.append(resolution)
            if resolution.conflict:
                issues.setdefault(resolution.because, _conflict(group, licenses))
    return tuple(_merge(resolutions)), tuple(issues.values())


def split_and(expression: str) -> tuple[str, ...]:
    """Split an expression into the parts that all apply; what cannot be parsed is one part."""
    node = parse_expression(expression)
    if isinstance(node, Group) and node.operator == "AND":
        return tuple(render_expression(part) for part in node.parts)
    return (expression,)


def spell_component(component: Component) -> str:
    """Name a component in a sentence on terms: of the data it is the documents whose terms are asked for."""
    return "data information" if component is Component.DATASETS else component


def spell_place(place: Location) -> str:
    """Write a place as people cite it: `root/path:line`, a pointer, or bytes."""
    where = f"{place.root}/{place.path}" if place.path != "." else place.root
    if place.span is None:
        return f"{where}#{place.pointer}" if place.pointer else where
    if place.span.unit == "lines":
        return f"{where}:{place.span.start}" if place.span.start == place.span.end else f"{where}:{place.span.start}-{place.span.end}"
    return f"{where}@{place.span.start}" + (f" ({place.pointer})" if place.pointer else "")


def _informative(group: tuple[Said, ...]) -> tuple[Said, ...]:
    """Drop statements that name nothing ("unknown", "other") where a statement that names something stands beside them."""
    known = tuple(said for said in group if said.expression != UNKNOWN)
    grants = any(said.terms.source is not Source.POLICY for said in known)
    return tuple(dict.fromkeys(known if grants else group))


def _resolve(component: Component, root: str, group: tuple[Said, ...], files: int, licenses: Licenses) -> Resolution:
    grants = [said for said in group if said.terms.source is not Source.POLICY]
    if not grants:
        reason = "no statement of terms reaches it" + ("; a use policy restricts it" if group else "")
        because = tuple(said.index for said in group)
        return Resolution(
            component=component,
            root=root,
            expression=None,
            bucket=Bucket.UNSTATED,
            conflict=False,
            files=files,
            because=because,
            reason=reason,
        )
    expression = _combine(group)
    return Resolution(
        component=component,
        root=root,
        expression=expression,
        bucket=licenses.bucket(expression),
        conflict=_disagree(grants, licenses) is not None,
        files=files,
        because=tuple(said.index for said in group),
        reason="stated at " + "; ".join(dict.fromkeys(said.place for said in group)),
    )


def _combine(group: Iterable[Said]) -> str:
    parts = sorted({part for said in group for part in split_and(said.expression)})
    return " AND ".join(f"({part})" if " OR " in part and len(parts) > 1 else part for part in parts)


def _disagree(grants: list[Said], licenses: Licenses) -> tuple[Said, Said] | None:
    """Find two statements that say different things. Two licence files side by side both apply; an id may name a part of what the file holds."""
    for place, one in enumerate(grants):
        for other in grants[place + 1 :]:
            both_texts = one.terms.source is other.terms.source is Source.TEXT
            if not both_texts and not _agree(one.expression, other.expression, licenses):
                return one, other
    return None


def _agree(one: str, other: str, licenses: Licenses) -> bool:
    if licenses.same(one, other):
        return True
    left, right = split_and(one), split_and(other)
    return _within(left, right, licenses) or _within(right, left, licenses)


def _within(small: tuple[str, ...], large: tuple[str, ...], licenses: Licenses) -> bool:
    return all(any(licenses.same(part, other) for other in large) for part in small)


def _conflict(group: tuple[Said, ...], licenses: Licenses) -> Issue:
    grants = [said for said in group if said.terms.source is not Source.POLICY]
    one, other = _disagree(grants, licenses) or (grants[0], grants[-1])
    mixed = (licenses.bucket(one.expression) in OPEN) != (licenses.bucket(other.expression) in OPEN)
    return Issue(
        rule="terms.conflict",
        severity=Severity.HIGH if mixed else Severity.MEDIUM,
        message=f"two statements about the same thing disagree: {one.expression} at {one.place}, {other.expression} at {other.place}",
        locations=(one.item.location, other.item.location),
        settle="Ask the publisher which of the two holds; until then the stricter one is assumed.",
    )


def _merge(resolutions: list[Resolution]) -> Iterator[Resolution]:
    """Join groups of one component and root that came to the same expression by different statements."""
    groups: dict[tuple[Component, str, str | None, bool], list[Resolution]] = {}
    for item in resolutions:
        groups.setdefault((item.component, item.root, item.expression, item.conflict), []).append(item)
    for group in groups.values():
        first = group[0]
        because = tuple(sorted({index for item in group for index in item.because}))
        more = len(because) - len(first.because)
        yield Resolution(
            component=first.component,
            root=first.root,
            expression=first.expression,
            bucket=first.bucket,
            conflict=first.conflict,
            files=sum(item.files for item in group),
            because=because,
            reason=f"{first.reason} and {more} more places that agree" if more else first.reason,
        )
