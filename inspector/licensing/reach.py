"""Which statements of terms reach which file. Pure.

Who grants is a matter of precedence: a file's own header, the nearest licence file above it, the card of its root, prose that names it.
Who restricts is not: of parameters and of documents every statement that reaches them counts, whatever stands nearer. A repository's code licence
never reaches another root's weights, and a sentence speaks of another root's weights only at the top of a root that has no weights of its own.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

from inspector.licensing.license_files import SIDECAR
from inspector.licensing.licenses import Licenses
from inspector.licensing.links import Links
from inspector.licensing.mentions import name_words, share_name
from inspector.model import CODE, Bucket, Claim, Component, Evidence, Inventory, Scope, Source, Terms
from inspector.pure_paths import pure_path
from inspector.sources.vendored import VENDORED
from inspector.wording import spell_place

LEARNED = (Component.PARAMETERS, Component.CHECKPOINTS)
OPEN = (Bucket.OSI_APPROVED, Bucket.FREE)
# Where bundles keep the terms of the whole, and where they keep what others made.
LEGAL = frozenset({"docs", "doc", "legal", "license", "licenses", "licence", "licences", "terms", "policies"})
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of terms by its index in the evidence, with the expression that it comes to once links are followed."""

    index: int
    item: Evidence
    terms: Terms
    expression: str

    def __hash__(self) -> int:
        """Hash by the index: within an inventory it tells statements apart, and costs nothing."""
        return self.index

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
        return next(iter(directories_above(self.path)), ".")

    @property
    def place(self) -> str:
        """The place in words, for reasons."""
        return spell_place(self.item.location)

    @property
    def grants(self) -> bool:
        """Say whether the statement can grant anything: a policy can not, nor can the terms of a parent."""
        return self.terms.source not in (Source.POLICY, Source.INHERITED)


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
        prose = self._sentences_on(component, root, path)
        if component in LEARNED:
            strict = (said for directory in directories_above(path) for said in self._strict.get((root, directory), ()))
            others = (said for said in self._elsewhere if said.root != root and self._may_mean(said, root))
            return _unique(own, tree, card, prose, strict, others)
        above = (said for directory in directories_above(path) for said in self._policies.get((root, directory), ()))
        policies = tuple(said for said in above if _covers(said, component) or said.item.component is Component.UNSPECIFIED)
        granted = tuple(said for said in own if said.grants)
        if component in CODE:
            if not granted:
                granted = (*tree, *(said for said in card if not tree or _is_below(said, tree[0]))) or card
            return _unique(granted, own, policies)
        here = tuple(said for said in (*card, *prose) if (said.root, said.path) == (root, path))
        restricting = tuple(said for said in (*tree, *card, *prose) if not self._is_open(said))
        return _unique(granted or here or tree or card or prose, own, restricting, policies)

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
    def _sentences(self) -> dict[tuple[str, str], Group]:
        told = (said for said in self.all if said.terms.scope is Scope.SYSTEM and said.grants)
        return _group(told, lambda said: (said.root, said.directory))

    @cached_property
    def _homes(self) -> frozenset[tuple[str, str]]:
        """The directories that have parameters in them or below."""
        held = (item.location for item in self._inventory.evidence if item.component in LEARNED and item.claim is Claim.PRESENT)
        return frozenset((place.root, directory) for place in held for directory in directories_above(place.path.split("!/")[0]))

    @cached_property
    def _strict(self) -> dict[tuple[str, str], Group]:
        """What restricts parameters from beside them, by the nearest directory above it that has any: in docs/ it speaks of the model all the same.

        Policies, sentences that name parameters, and licence files in directories for such files. Nothing is granted from there.
        """
        return _group((said for said in self.all if self._is_strict(said)), lambda said: (said.root, self._home(said)))

    def _is_strict(self, said: Said) -> bool:
        if said.terms.scope is Scope.FILE or said.item.component not in (Component.UNSPECIFIED, *LEARNED) or _is_vendored(said):
            return False
        named = said.terms.scope is Scope.SYSTEM or (said.terms.source is Source.TEXT and _is_legal(said))
        return not said.grants or (named and not self._is_open(said))

    def _home(self, said: Said) -> str:
        return next((directory for directory in directories_above(said.path) if (said.root, directory) in self._homes), ".")

    @cached_property
    def _elsewhere(self) -> Group:
        """What is said of parameters at the top of roots that have none: sentences, policies, and licence files that restrict."""
        return tuple(
            said
            for said in self.all
            if said.item.component in LEARNED
            and self._is_top(said)
            and (said.terms.scope is Scope.SYSTEM or not said.grants or (said.terms.source is Source.TEXT and not self._is_open(said)))
        )

    def _is_top(self, said: Said) -> bool:
        """Say whether a statement stands at the top of a root without parameters, where it may speak of those of another root."""
        return said.directory == "." and (said.root, ".") not in self._homes

    def _sentences_on(self, component: Component, root: str, path: str) -> Group:
        """List the sentences that name a component: those in its directory and above, and of other things those at the top of other roots."""
        near = [said for directory in directories_above(path) for said in self._sentences.get((root, directory), ())]
        if component not in LEARNED:
            near += [said for (where, _), found in self._sentences.items() if where != root for said in found if self._is_top(said)]
        return tuple(said for said in near if _covers(said, component) and self._may_mean(said, root))

    def _may_mean(self, said: Said, root: str) -> bool:
        """Say whether a sentence that names a model can mean the one in a root; if the root's name says nothing, one that restricts can."""
        own = name_words(root)
        return not said.terms.about or (share_name(name_words(said.terms.about), own) if own else not self._is_open(said))

    def _is_open(self, said: Said) -> bool:
        return self._licenses.bucket(said.expression) in OPEN

    def _nearest(self, component: Component, root: str, path: str, scope: Scope) -> Group:
        for directory in directories_above(path):
            here = self._reaching.get((scope, root, directory), ())
            named = tuple(said for said in here if _covers(said, component))
            general = tuple(said for said in here if _covers_all(said, component))
            if named or general:
                return named or general
        return ()


@lru_cache(maxsize=65_536)
def directories_above(path: str) -> tuple[str, ...]:
    """List the directories a path lies in, the nearest first, the root (`.`) last."""
    return tuple(str(parent) for parent in pure_path(path).parents)


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


def _is_below(said: Said, text: Said) -> bool:
    """Say whether a sentence on code stands in the directory of a licence file or below it, where it must agree with that file."""
    depth = len(pure_path(said.directory).parts)
    return said.item.component in CODE and said.terms.source is Source.PROSE and depth >= len(pure_path(text.directory).parts)


def _is_legal(said: Said) -> bool:
    return bool(set(said.directory.casefold().split("/")) & LEGAL)


def _is_vendored(said: Said) -> bool:
    return bool(set(said.directory.casefold().split("/")) & VENDORED)


def _unique(*groups: Iterable[Said]) -> Group:
    return tuple(dict.fromkeys(said for group in groups for said in group))


def _group(items: Iterable[Said], key: Callable[[Said], K]) -> dict[K, Group]:
    groups: dict[K, list[Said]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return {name: tuple(members) for name, members in groups.items()}
