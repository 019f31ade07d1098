"""Which statements of terms reach which file. Pure.

Who grants is a matter of precedence: a file's own header, the nearest licence file above it, the card of its root, prose that names it.
Who restricts is not: of parameters and of documents every statement that reaches them counts, whatever stands nearer. A repository's code licence
never reaches another root's weights, and a sentence speaks of another root's weights only at the top of a root that has no weights of its own.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeVar

from inspector.license_files import SIDECAR
from inspector.licenses import Licenses
from inspector.links import Links
from inspector.mentions import name_words, share_name
from inspector.model import CODE, Bucket, Claim, Component, Evidence, Inventory, Scope, Source, Terms
from inspector.wording import spell_place

LEARNED = (Component.PARAMETERS, Component.CHECKPOINTS)
OPEN = (Bucket.OSI_APPROVED, Bucket.FREE)
# Where bundles keep the terms of the whole, and where they keep what others made.
LEGAL = frozenset({"docs", "doc", "legal", "license", "licenses", "licence", "licences", "terms", "policies"})
VENDORED = frozenset(
    {
        "third_party",
        "third-party",
        "thirdparty",
        "3rdparty",
        "vendor",
        "vendored",
        "external",
        "externals",
        "node_modules",
        "submodules",
        "deps",
    }
)
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

    @property
    def grants(self) -> bool:
        """Say whether the statement can grant anything: a policy can not."""
        return self.terms.source is not Source.POLICY


Group = tuple[Said, ...]


class Statements:
    """All statements of terms of one inventory, looked up by what they reach."""

    def __init__(self, inventory: Inventory, licenses: Licenses) -> None:
        self._inventory = inventory
        self._licenses = licenses

    @cached_property
    def all(self) -> Group:
        """Every statement that can grant or restrict, in the order of the evidence."""
        links = Links(self._inventory, self._licenses)
        return tuple(
            Said(index, item, item.details, links.follow(item, item.details))
            for index, item in enumerate(self._inventory.evidence)
            if item.claim is Claim.LICENSED and isinstance(item.details, Terms) and item.details.source is not Source.NOTICE
        )

    def governing(self, component: Component, root: str, path: str) -> Group:
        """List the statements that govern a component in one file; none, when no statement reaches it."""
        own = self._own.get((root, path), ())
        tree, card = (self._nearest(component, root, path, scope) for scope in (Scope.TREE, Scope.ROOT))
        if component in LEARNED:
            return _unique(own, tree, card, self._sentences(component, root, path), self._policies_on(root), self._legal_on(root))
        above = (said for directory in directories_above(path) for said in self._policies.get((root, directory), ()))
        policies = tuple(said for said in above if _covers(said, component) or said.item.component is Component.UNSPECIFIED)
        granted = tuple(said for said in own if said.grants)
        if component in CODE:
            if not granted:
                granted = (*tree, *(said for said in card if not tree or _is_below(said, tree[0]))) or card
            return _unique(granted, own, policies)
        prose = self._sentences(component, root, path)
        here = tuple(said for said in (*card, *prose) if (said.root, said.path) == (root, path))
        strict = tuple(said for said in (*tree, *card, *prose) if not self._is_open(said))
        return _unique(granted or here or tree or card or prose, own, strict, policies)

    @cached_property
    def _own(self) -> dict[tuple[str, str], Group]:
        """Statements on their own file, and those in a file beside it that is named after it. Source: REUSE specification 3.3."""
        return _group(
            (said for said in self.all if said.terms.scope is Scope.FILE), lambda said: (said.root, said.path.removesuffix(SIDECAR))
        )

    @cached_property
    def _reaching(self) -> dict[tuple[Scope, str, str], Group]:
        wide = (said for said in self.all if said.terms.scope in (Scope.TREE, Scope.ROOT) and said.grants)
        return _group(wide, lambda said: (said.terms.scope, said.root, said.directory))

    @cached_property
    def _policies(self) -> dict[tuple[str, str], Group]:
        wide = (said for said in self.all if not said.grants and said.terms.scope is not Scope.FILE)
        return _group(wide, lambda said: (said.root, said.directory))

    @cached_property
    def _with_parameters(self) -> frozenset[str]:
        held = (item for item in self._inventory.evidence if item.component is Component.PARAMETERS and item.claim is Claim.PRESENT)
        return frozenset(item.location.root for item in held)

    def _sentences(self, component: Component, root: str, path: str) -> Group:
        """List the sentences that name a component: those of its own root, where those not above it only restrict, and those at the top of others."""
        above = directories_above(path)
        return tuple(
            said
            for said in self.all
            if said.terms.scope is Scope.SYSTEM
            and said.grants
            and _covers(said, component)
            and (said.directory in above or not self._is_open(said) if said.root == root else self._speaks_for_others(said))
            and _may_mean(said, root)
        )

    def _is_open(self, said: Said) -> bool:
        return self._licenses.bucket(said.expression) in OPEN

    def _speaks_for_others(self, said: Said) -> bool:
        """Say whether a statement on parameters stands at the top of a root that has none itself: it may speak of those of another root."""
        return said.directory == "." and said.root not in self._with_parameters

    def _policies_on(self, root: str) -> Group:
        """List the policies on the parameters of a root: one in docs/ speaks of the model all the same, and so does one beside its code."""
        return tuple(
            said
            for found in self._policies.values()
            for said in found
            if not _is_vendored(said)
            and (
                said.item.component in (Component.UNSPECIFIED, *LEARNED)
                if said.root == root
                else said.item.component in LEARNED and self._speaks_for_others(said) and _may_mean(said, root)
            )
        )

    def _legal_on(self, root: str) -> Group:
        """List the restricting licence files for parameters that lie elsewhere: in a directory for such files, or named after the model.

        They restrict and grant nothing, since nobody can tell that they are meant.
        """
        return tuple(
            said
            for said in self.all
            if said.terms.source is Source.TEXT
            and not _is_vendored(said)
            and (
                said.item.component in (Component.UNSPECIFIED, *LEARNED) and set(said.directory.casefold().split("/")) & LEGAL
                if said.root == root
                else said.item.component in LEARNED and self._speaks_for_others(said)
            )
            and not self._is_open(said)
        )

    def _nearest(self, component: Component, root: str, path: str, scope: Scope) -> Group:
        for directory in directories_above(path):
            here = self._reaching.get((scope, root, directory), ())
            named = tuple(said for said in here if _covers(said, component))
            general = tuple(said for said in here if _covers_all(said, component))
            if named or general:
                return named or general
        return ()


def directories_above(path: str) -> tuple[str, ...]:
    """List the directories a path lies in, the nearest first, the root (`.`) last."""
    return tuple(str(parent) for parent in PurePosixPath(path).parents)


def _covers(said: Said, component: Component) -> bool:
    """Say whether a statement names a component; one on code in a licence file of its own (LICENSE-CODE) names all kinds of code."""
    named = said.item.component
    if named in LEARNED and component in LEARNED:
        return True
    return named is component or (named in CODE and component in CODE and said.terms.source in (Source.TEXT, Source.POLICY))


def _covers_all(said: Said, component: Component) -> bool:
    """Say whether a statement names no component, or is the declared licence of a whole repository: that of parameters needs no less than that."""
    if said.item.component is Component.UNSPECIFIED:
        return True
    return component not in LEARNED and said.terms.source is Source.DECLARED and said.terms.scope is Scope.ROOT


def _may_mean(said: Said, root: str) -> bool:
    """Say whether a sentence that names a model can mean the one in a root; a root whose name says nothing may be any."""
    own = name_words(root)
    return not said.terms.about or not own or share_name(name_words(said.terms.about), own)


def _is_below(said: Said, text: Said) -> bool:
    """Say whether a sentence on code stands in the directory of a licence file or below it, where it must agree with that file."""
    depth = len(PurePosixPath(said.directory).parts)
    return said.item.component in CODE and said.terms.source is Source.PROSE and depth >= len(PurePosixPath(text.directory).parts)


def _is_vendored(said: Said) -> bool:
    return bool(set(said.directory.casefold().split("/")) & VENDORED)


def _unique(*groups: Group) -> Group:
    return tuple(dict.fromkeys(said for group in groups for said in group))


def _group(items: Iterable[Said], key: Callable[[Said], K]) -> dict[K, Group]:
    groups: dict[K, list[Said]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return {name: tuple(members) for name, members in groups.items()}
