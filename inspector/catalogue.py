"""Standards as data: TOML read strictly into frozen types. An unknown key, component, claim, bucket or element is an error that names its place."""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import msgspec

from inspector.errors import DataError, UsageError
from inspector.model import Bucket, Certainty, Claim, Component, Evidence, Frozen
from inspector.tables import parse_table

SELECTOR = re.compile(r"(?P<component>[a-z-]+)\.(?P<claim>[a-z]+)(?:=(?P<values>[^@]+))?(?:@(?P<certainties>[a-z|]+))?")
Identifier = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9.-]*$")]


class Selector(Frozen, frozen=True):
    """Which evidence counts: a component and a claim, and, where they are given, one of some values and of some certainties."""

    component: Component
    claim: Claim
    values: tuple[str, ...] = ()
    certainties: tuple[Certainty, ...] = ()

    def accepts(self, item: Evidence) -> bool:
        """Say whether a piece of evidence counts."""
        return (
            item.component is self.component
            and item.claim is self.claim
            and (not self.values or item.value in self.values)
            and (not self.certainties or item.certainty in self.certainties)
        )


class Each(StrEnum):
    """What must lie under accepted terms: every file, or one file for every value (what one document says, another may say again)."""

    FILE = "file"
    VALUE = "value"


class TermsRule(Frozen, frozen=True):
    """A requirement on terms: whose terms (selectors), the buckets that satisfy it, and what each of them is asked of.

    `other_code` asks it of source files too whose purpose nobody can say.
    """

    of: tuple[Selector, ...]
    accept: tuple[Bucket, ...]
    each: Each = Each.FILE
    other_code: bool = False


class Element(Frozen, frozen=True):
    """A group of requirements that gets a grade of its own; `supply` is the step that helps when nothing of it is here."""

    id: str
    title: str
    supply: str


class Requirement(Frozen, frozen=True):
    """One thing that a standard asks for.

    `met` are groups of selectors: each group needs one match. `spoiled_by` makes what would be met `partial`. `not_applicable` holds
    unless `unless` matches. `settle` is the step that helps when it is partly there, `supply` when it is not here at all. `review`
    makes it a person's question (`question`) where nothing else decides.
    """

    id: str
    element: str
    title: str
    ask: str
    why: str
    source: str
    settle: str
    supply: str
    optional: bool = False
    met: tuple[tuple[Selector, ...], ...] = ()
    spoiled_by: tuple[Selector, ...] = ()
    partial: tuple[Selector, ...] = ()
    referenced: tuple[Selector, ...] = ()
    not_applicable: tuple[Selector, ...] = ()
    unless: tuple[Selector, ...] = ()
    review: tuple[Selector, ...] = ()
    question: str = ""
    terms: TermsRule | None = None


class Standard(Frozen, frozen=True):
    """A definition that a system is held against."""

    id: str
    version: str
    title: str
    source: str
    disclaimer: str
    elements: tuple[Element, ...]
    requirements: tuple[Requirement, ...]


class RawTerms(msgspec.Struct, forbid_unknown_fields=True):
    """`[requirement.terms]` as it is written."""

    of: list[str]
    accept: list[Bucket]
    each: Each = Each.FILE
    other_code: bool = False


class RawRequirement(msgspec.Struct, forbid_unknown_fields=True):
    """`[[requirement]]` as it is written: selectors are strings such as `training-code.present=training|pre-training@read`."""

    id: Identifier
    element: Identifier
    title: str
    ask: str
    why: str
    source: str
    settle: str
    optional: bool = False
    met: list[list[str]] = []
    spoiled_by: list[str] = []
    partial: list[str] = []
    referenced: list[str] = []
    not_applicable: list[str] = []
    unless: list[str] = []
    review: list[str] = []
    question: str = ""
    terms: RawTerms | None = None


class RawElement(msgspec.Struct, forbid_unknown_fields=True):
    """`[[element]]` as it is written."""

    id: Identifier
    title: str
    supply: str


class RawStandard(msgspec.Struct, forbid_unknown_fields=True):
    """A standard's file as it is written."""

    id: Identifier
    version: str
    title: str
    source: str
    disclaimer: str
    element: list[RawElement]
    requirement: list[RawRequirement]


def parse_standard(data: bytes, name: str) -> Standard:
    """Read a standard from TOML.

    Raises DataError with the name of the file and the place in it.
    """
    raw = parse_table(data, name, RawStandard)
    elements = [item.id for item in raw.element]
    ids = [item.id for item in raw.requirement]
    for kind, names in (("element", elements), ("requirement", ids)):
        if twice := sorted({item for item in names if names.count(item) > 1}):
            raise DataError(f"{name}: {kind} {twice[0]} stands there twice")
    for item in raw.requirement:
        if item.element not in elements:
            raise DataError(f"{name}: {item.id}: there is no element {item.element!r}; there are {', '.join(elements)}")
        if item.terms is None and not item.met:
            raise DataError(f"{name}: {item.id}: it needs `met` or `terms`")
    if not elements:
        raise DataError(f"{name}: it has no element")
    for element in elements:
        # An element of which nothing is required would conform by being empty.
        if all(item.optional for item in raw.requirement if item.element == element):
            raise DataError(f"{name}: element {element} has no requirement that is not optional")
    supplies = {item.id: item.supply for item in raw.element}
    return Standard(
        id=raw.id,
        version=raw.version,
        title=raw.title,
        source=raw.source,
        disclaimer=raw.disclaimer,
        elements=tuple(Element(id=item.id, title=item.title, supply=item.supply) for item in raw.element),
        requirements=tuple(_requirement(item, supplies[item.element], name) for item in raw.requirement),
    )


def _requirement(raw: RawRequirement, supply: str, name: str) -> Requirement:
    def some(key: str, texts: Iterable[str]) -> tuple[Selector, ...]:
        return tuple(parse_selector(text, f"{name}: {raw.id}: {key}") for text in texts)

    asked = raw.terms
    terms = (
        None
        if asked is None
        else TermsRule(of=some("terms.of", asked.of), accept=tuple(asked.accept), each=asked.each, other_code=asked.other_code)
    )
    return Requirement(
        id=raw.id,
        element=raw.element,
        title=raw.title,
        ask=raw.ask,
        why=raw.why,
        source=raw.source,
        settle=raw.settle,
        supply=supply,
        optional=raw.optional,
        met=tuple(some("met", group) for group in raw.met),
        spoiled_by=some("spoiled_by", raw.spoiled_by),
        partial=some("partial", raw.partial),
        referenced=some("referenced", raw.referenced),
        not_applicable=some("not_applicable", raw.not_applicable),
        unless=some("unless", raw.unless),
        review=some("review", raw.review),
        question=raw.question,
        terms=terms,
    )


def parse_selector(text: str, place: str) -> Selector:
    """Read a selector such as `training-code.present=training|pre-training@read`.

    Raises DataError with the place when it is none, or names an unknown component, claim or certainty.
    """
    parts = SELECTOR.fullmatch(text)
    if parts is None:
        raise DataError(f"{place}: {text!r} is no selector; write component.claim, component.claim=value|value, or with @certainty")
    try:
        return Selector(
            component=Component(parts["component"]),
            claim=Claim(parts["claim"]),
            values=tuple((parts["values"] or "").split("|")) if parts["values"] else (),
            certainties=tuple(Certainty(item) for item in (parts["certainties"] or "").split("|") if item),
        )
    except ValueError as error:
        raise DataError(f"{place}: {text!r}: {error}") from error


@cache
def load_standard(name: str) -> Standard:
    """Load a standard that ships with the program by its id (`osaid`), or one of the user's own by the path of its TOML file.

    Raises UsageError when there is none or the user's own is wrong, DataError when a shipped one is.
    """
    shipped = {path.name.split("-")[0]: path for path in files("inspector").joinpath("standards").iterdir() if re.search(r"-\d", path.name)}
    if name in shipped:
        return parse_standard(shipped[name].read_bytes(), shipped[name].name)
    path = Path(name)
    if path.suffix != ".toml" or not path.is_file():
        raise UsageError(f"{name}: there is no such standard; there are {', '.join(sorted(shipped))}, or give the path of a TOML file")
    try:
        return parse_standard(path.read_bytes(), path.name)
    except DataError as error:
        raise UsageError(str(error)) from error
