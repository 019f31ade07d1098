"""Families of models: who published them, under which terms, and what gives a member away: its name, its shape, its tokenizer.

`standards/families.toml` has the facts and says where they were read. A name or a shape is a sign of descent, never its proof: `shared` lists
the families that have the same shape or tokenizer without being made from one another.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, TypeVar

import msgspec

from inspector.errors import DataError
from inspector.licensing.licenses import Kind, Licenses, load_licenses
from inspector.model import Bucket, Frozen
from inspector.tables import load_table

TABLE = "families.toml"
MAX_NAME = 1000
# Fine-tuning adds tokens and pads or trims the matrix of embeddings; a difference of more rows than these is another vocabulary.
MAX_ADDED = 1024
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_WORD = re.compile(r"[a-z0-9]+")
_PLAIN_START = re.compile(r"[a-z0-9]{2}(?![?*+{])")
_NEVER_FOLDED = re.compile(r"[A-Z_.\s]")

K = TypeVar("K")
V = TypeVar("V")
Count = Annotated[int, msgspec.Meta(gt=0)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$")]
Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]


class Fact(StrEnum):
    """What a source can vouch for."""

    TERMS = "terms"
    SINCE = "since"
    PARENT = "parent"
    SHAPES = "shapes"
    TOKENIZERS = "tokenizers"
    MUST_NAME = "must_name"


class Shape(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The dimensions of one size, as `config.json` has them; a mixture of experts has the `intermediate` that stands under that very key."""

    size: str
    hidden: Count
    layers: Count
    heads: Count
    kv_heads: Count
    intermediate: Count
    vocabulary: Count

    def fits(self, heads: int | None, kv_heads: int | None, intermediate: int | None, vocabulary: int | None) -> bool:
        """Say whether dimensions agree, as far as they are given; the vocabulary may have grown or shrunk a little."""
        given = ((heads, self.heads), (kv_heads, self.kv_heads), (intermediate, self.intermediate))
        return all(one in {None, own} for one, own in given) and (vocabulary is None or abs(vocabulary - self.vocabulary) <= MAX_ADDED)


class Terms(Frozen, frozen=True):
    """An id of `licenses.toml`; for which sizes or editions (none: for all others); whether it binds what is made from the model.

    `unknown` marks terms that the table of licences does not judge, so that none is unknown by accident.
    """

    id: str
    variants: tuple[str, ...] = ()
    flows_down: bool = False
    unknown: bool = False


class Family(Frozen, frozen=True):
    """Models that one publisher released together, or that were made from them in a way that has a name.

    `names` are regular expressions for whole words of folded names. `must_name` is what the name of a derivative must begin with. `earlier`
    lists terms under which the same weights were published before. A fact that `source` does not list is general knowledge.
    """

    id: Name
    title: str
    publisher: str
    terms: tuple[Terms, ...]
    names: tuple[str, ...]
    since: date | None = None
    parent: str | None = None
    shared: tuple[str, ...] = ()
    hubs: tuple[str, ...] = ()
    architectures: tuple[str, ...] = ()
    model_types: tuple[str, ...] = ()
    gguf: tuple[str, ...] = ()
    vocabulary: tuple[Count, ...] = ()
    shapes: tuple[Shape, ...] = ()
    tokenizers: tuple[Digest, ...] = ()
    must_name: str = ""
    earlier: tuple[str, ...] = ()
    source: Mapping[Fact, str] = {}
    note: str = ""

    @property
    def checked(self) -> bool:
        """Say whether the terms were read at their source."""
        return Fact.TERMS in self.source

    @property
    def flows_down(self) -> bool:
        """Say whether the terms of any member bind what is made from it."""
        return any(terms.flows_down for terms in self.terms)

    def terms_of(self, name: str) -> tuple[Terms, ...]:
        """Give the terms of the member that a name or a size stands for; all of them when it does not tell."""
        folded = f"-{fold(name)}-"
        chosen = tuple(terms for terms in self.terms if any(f"-{fold(word)}-" in folded for word in terms.variants))
        return chosen or tuple(terms for terms in self.terms if not terms.variants) or self.terms


class Table(Frozen, frozen=True):
    """The contents of `standards/families.toml`; `decoys` are patterns of names that only look like those of a family."""

    decoys: tuple[str, ...]
    family: tuple[Family, ...]


class Families:
    """The table with its indexes.

    Raises DataError when the table is wrong: a family twice or unknown, terms that the table of licences does not know, a pattern that is none.
    """

    def __init__(self, table: Table) -> None:
        licenses = load_licenses()
        self.by_id: dict[str, Family] = {}
        for family in table.family:
            for terms in family.terms:
                _check_terms(family, terms, licenses)
            _check_facts(family, licenses)
            self._add(family)
        self.families = tuple(self.by_id.values())
        self.ancestors = {family.id: tuple(self._climb(family)) for family in self.families}
        self._written = _index_patterns(self.families, table.decoys)
        self._compiled: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {}
        self.shapes = _group(((row.hidden, row.layers), (row, family)) for family in self.families for row in family.shapes)
        self.tokenizers = _group((digest, family) for family in self.families for digest in family.tokenizers)

    @property
    def beginnings(self) -> frozenset[str]:
        """The two characters that patterns of names begin with."""
        return frozenset(self._written)

    def patterns_at(self, beginning: str) -> tuple[tuple[re.Pattern[str], str], ...]:
        """Give the patterns of names that begin with two characters, each with its family; most are never asked for, and compiled when they are."""
        if beginning not in self._compiled:
            self._compiled[beginning] = tuple((_compile(text, owner), owner) for text, owner in self._written.get(beginning, ()))
        return self._compiled[beginning]

    def _add(self, family: Family) -> None:
        """Take a family in. What it is made from and what it shares with stands before it, so that no family descends from itself."""
        _require(family.id, family.id not in self.by_id, "stands twice")
        for other in (*family.shared, *((family.parent,) if family.parent else ())):
            _require(family.id, other in self.by_id, f"{other!r} does not stand before it")
        self.by_id[family.id] = family
        for other in family.shared:
            older = self.by_id[other]
            self.by_id[other] = msgspec.structs.replace(older, shared=(*older.shared, family.id))

    def _climb(self, family: Family) -> Iterator[Family]:
        while family.parent:
            family = self.by_id[family.parent]
            yield family


@cache
def load_families() -> Families:
    """Read the table of families, once; raises DataError when it is wrong."""
    return Families(load_table(TABLE, Table))


def family_named(text: str) -> tuple[Family, ...]:
    """Find the families that an id, a title or the name of a directory names, the most specific first; where names overlap the longer counts."""
    known, folded, end = load_families(), fold(text[:MAX_NAME]), 0
    found: dict[str, tuple[int, int]] = {}
    for word in _WORD.finditer(folded):
        start = word.start()
        candidates = known.patterns_at(folded[start : start + 2]) if start >= end else ()
        matches = [(match.end(), owner) for pattern, owner in candidates if (match := pattern.match(folded, start))]
        if matches:
            end, owner = max(matches, key=lambda match: (match[0], not match[1]))
            found.setdefault(owner, (-len(known.ancestors.get(owner, ())), start - end))
    found.pop("", None)
    return tuple(known.by_id[owner] for owner in sorted(found, key=found.__getitem__))


def families_shaped(
    hidden: int,
    layers: int,
    heads: int | None = None,
    kv_heads: int | None = None,
    intermediate: int | None = None,
    vocabulary: int | None = None,
) -> tuple[Family, ...]:
    """Find the families with a size of these dimensions, those with the very vocabulary first; what is None may be anything."""
    rows = load_families().shapes.get((hidden, layers), ())
    fitting = [(row, family) for row, family in rows if row.fits(heads, kv_heads, intermediate, vocabulary)]
    fitting.sort(key=lambda pair: pair[0].vocabulary != vocabulary)
    return tuple({family.id: family for _, family in fitting}.values())


def family_by_tokenizer(sha256: str) -> tuple[Family, ...]:
    """Find the families that publish a tokenizer's file of this SHA-256, the oldest first: what came later took it over."""
    found = load_families().tokenizers.get(sha256.strip().casefold(), ())
    return tuple(sorted(found, key=lambda family: family.since or date.max))


def fold(name: str) -> str:
    """Reduce a name to lower-case letters and digits, with one hyphen for whatever stands between them."""
    return _SEPARATORS.sub("-", name.casefold()).strip("-")


def _require(family: str, condition: bool, problem: str) -> None:
    if not condition:
        raise DataError(f"{TABLE}: {family}: {problem}")


def _check_terms(family: Family, terms: Terms, licenses: Licenses) -> None:
    entry = licenses.get(terms.id)
    known = entry is not None and licenses.canonical(terms.id) == terms.id
    _require(family.id, known, f"{terms.id!r} is no canonical id of the table of licences")
    unknown = licenses.bucket(terms.id) is Bucket.UNKNOWN
    _require(family.id, unknown is terms.unknown, f"{terms.id!r} is {'not ' * (not unknown)}unknown to the table of licences")
    restricts = {restriction.kind for restriction in entry.restricts} if entry else set()
    _require(family.id, terms.flows_down or Kind.FLOW_DOWN not in restricts, f"{terms.id!r} binds what is made from the model")


def _check_facts(family: Family, licenses: Licenses) -> None:
    """Hold the facts of one family against each other."""
    named = [bool(terms.variants) for terms in family.terms]
    _require(family.id, bool(family.terms and family.names), "has no terms, or no names")
    _require(family.id, named == [False] or (len(named) > 1 and named.count(False) <= 1), "several terms are for several variants")
    _require(family.id, all(licenses.get(name) for name in family.earlier), "earlier names unknown terms")
    _require(family.id, not family.tokenizers or Fact.TOKENIZERS in family.source, "digests of tokenizers are read, never remembered")
    _require(family.id, {shape.vocabulary for shape in family.shapes} <= set(family.vocabulary), "a shape has another vocabulary")
    sizes = [shape.size for shape in family.shapes]
    _require(family.id, len(set(sizes)) == len(sizes), "a size stands twice")


def _index_patterns(families: Iterable[Family], decoys: Iterable[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Group the patterns by the two characters that they begin with; those of decoys belong to nobody."""
    owned = [*(("", pattern) for pattern in decoys), *((family.id, pattern) for family in families for pattern in family.names)]
    for owner, pattern in owned:
        sound = bool(_PLAIN_START.match(pattern)) and not _NEVER_FOLDED.search(pattern) and _is_one(pattern)
        _require(owner, sound, f"the name {pattern!r} must begin with two plain characters, and match one folded name")
    return _group((pattern[:2], (pattern, owner)) for owner, pattern in owned)


def _compile(pattern: str, owner: str) -> re.Pattern[str]:
    try:
        return re.compile(f"{pattern}(?![a-z0-9])")
    except re.error as error:
        raise DataError(f"{TABLE}: {owner}: the name {pattern!r}: {error}") from error


def _is_one(pattern: str) -> bool:
    """Say whether its parentheses are closed, and no alternatives stand outside of them: only the first would ever be looked for."""
    depth = 0
    for char in pattern:
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            return False
    return depth == 0


def _group(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    groups: dict[K, tuple[V, ...]] = {}
    for key, value in pairs:
        groups[key] = (*groups.get(key, ()), value)
    return groups
