"""Standards as data: TOML read strictly into frozen types. An unknown key, component, claim, bucket or licence is an error that names its place."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import msgspec

from inspector.errors import DataError, UsageError
from inspector.licensing.licenses import load_licenses
from inspector.model import Bucket, Certainty, Claim, Component
from inspector.requirement import Each, Element, Fitness, Requirement, Selector, Standard, TermsRule
from inspector.tables import parse_table

SELECTOR = re.compile(r"(?P<component>[a-z-]+)\.(?P<claim>[a-z]+)(?:=(?P<values>[^@]+))?(?:@(?P<certainties>[a-z|]+))?")
Identifier = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
Text = Annotated[str, msgspec.Meta(min_length=1)]


class RawFitness(msgspec.Struct, forbid_unknown_fields=True):
    """`[[fitness]]` as it is written; a list of licences holds ids, and `@name` for a whole list of `[lists]`."""

    id: Identifier
    accept: list[Bucket] = []
    licenses: list[str] = []
    refuse: list[str] = []
    prefer: list[str] = []
    wider: list[str] = []
    wider_test: str = ""
    settle: str = ""


class RawTerms(msgspec.Struct, forbid_unknown_fields=True):
    """`[requirement.terms]` as it is written: with the id of a `[[fitness]]`, or with buckets and ids of its own."""

    of: list[str]
    fitness: str = ""
    accept: list[Bucket] = []
    licenses: list[str] = []
    refuse: list[str] = []
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
    instead: str = ""


class RawElement(msgspec.Struct, forbid_unknown_fields=True):
    """`[[element]]` as it is written."""

    id: Identifier
    title: str
    supply: str


class RawLadder(msgspec.Struct, forbid_unknown_fields=True):
    """`[ladder]` as it is written: the elements are its rungs, the lowest first; `none` is said when none is reached."""

    none: Text


class RawStandard(msgspec.Struct, forbid_unknown_fields=True):
    """A standard's file as it is written."""

    id: Identifier
    version: str
    title: str
    source: str
    disclaimer: str
    element: list[RawElement]
    requirement: list[RawRequirement]
    ladder: RawLadder | None = None
    lists: dict[str, list[str]] = {}
    fitness: list[RawFitness] = []


def parse_standard(data: bytes, name: str) -> Standard:
    """Read a standard from TOML.

    Raises DataError with the name of the file and the place in it.
    """
    raw = parse_table(data, name, RawStandard)
    _check(raw, name)
    supplies = {item.id: item.supply for item in raw.element}
    fits = {item.id: _fitness(item, raw.lists, f"{name}: fitness {item.id}") for item in raw.fitness}
    return Standard(
        id=raw.id,
        version=raw.version,
        title=raw.title,
        source=raw.source,
        disclaimer=raw.disclaimer,
        elements=tuple(Element(id=item.id, title=item.title, supply=item.supply) for item in raw.element),
        requirements=tuple(
            _requirement(item, supplies[item.element], _terms(item, raw.lists, fits, name), name) for item in raw.requirement
        ),
        no_rung=raw.ladder.none if raw.ladder else "",
    )


def _check(raw: RawStandard, name: str) -> None:
    """Hold the parts of a standard against each other."""
    elements = [item.id for item in raw.element]
    ids = [item.id for item in raw.requirement]
    for kind, names in (("element", elements), ("requirement", ids), ("fitness", [item.id for item in raw.fitness])):
        if twice := sorted({item for item in names if names.count(item) > 1}):
            raise DataError(f"{name}: {kind} {twice[0]} stands there twice")
    for item in raw.requirement:
        if item.element not in elements:
            raise DataError(f"{name}: {item.id}: there is no element {item.element!r}; there are {', '.join(elements)}")
        if item.terms is None and not item.met:
            raise DataError(f"{name}: {item.id}: it needs `met` or `terms`")
        if item.instead and (item.instead not in ids or item.instead == item.id):
            raise DataError(f"{name}: {item.id}: instead: there is no other requirement {item.instead!r}")
    if not elements:
        raise DataError(f"{name}: it has no element")
    for element in elements:
        # An element of which nothing is required would conform by being empty.
        if all(item.optional for item in raw.requirement if item.element == element):
            raise DataError(f"{name}: element {element} has no requirement that is not optional")


def _terms(raw: RawRequirement, lists: Mapping[str, list[str]], fits: Mapping[str, Fitness], name: str) -> TermsRule | None:
    asked, place = raw.terms, f"{name}: {raw.id}: terms"
    if asked is None:
        return None
    own = bool(asked.accept or asked.licenses or asked.refuse)
    if own == bool(asked.fitness):
        raise DataError(f"{place}: give either `fitness`, or `accept`, `licenses` and `refuse`")
    if asked.fitness and asked.fitness not in fits:
        raise DataError(f"{place}: there is no fitness {asked.fitness!r}; there are {', '.join(fits) or 'none'}")
    inline = RawFitness(id=raw.id, accept=asked.accept, licenses=asked.licenses, refuse=asked.refuse)
    of = tuple(parse_selector(text, f"{place}.of") for text in asked.of)
    for selector, text in zip(of, asked.of, strict=True):
        if selector.claim is not Claim.PRESENT and (selector.component, selector.claim) != (Component.DATASETS, Claim.DESCRIBED):
            raise DataError(f"{place}.of: {text!r}: terms are known of what is `present`, and of `datasets.described`")
    fitness = fits[asked.fitness] if asked.fitness else _fitness(inline, lists, place)
    return TermsRule(of=of, fitness=fitness, each=asked.each, other_code=asked.other_code)


def _fitness(raw: RawFitness, lists: Mapping[str, list[str]], place: str) -> Fitness:
    if not raw.accept and not raw.licenses:
        raise DataError(f"{place}: it needs `accept` or `licenses`, or nothing fits")
    if bool(raw.wider) != bool(raw.wider_test):
        raise DataError(f"{place}: `wider` and `wider_test`, the name of that test, belong together")

    def some(key: str, texts: list[str]) -> tuple[str, ...]:
        return tuple(_license(item, f"{place}: {key}") for text in texts for item in _expand(text, lists, f"{place}: {key}"))

    return Fitness(
        id=raw.id,
        accept=tuple(raw.accept),
        licenses=some("licenses", raw.licenses),
        refuse=some("refuse", raw.refuse),
        prefer=some("prefer", raw.prefer),
        wider=some("wider", raw.wider),
        wider_test=raw.wider_test,
        settle=raw.settle,
    )


def _expand(text: str, lists: Mapping[str, list[str]], place: str) -> list[str]:
    if not text.startswith("@"):
        return [text]
    if text[1:] not in lists:
        raise DataError(f"{place}: there is no list {text!r}; there are {', '.join(lists) or 'none'}")
    return lists[text[1:]]


def _license(name: str, place: str) -> str:
    """Take a licence by its exact id only: a name that is read as something else is a mistake in a policy."""
    if load_licenses().is_id(name):
        return name
    found = load_licenses().get(name)
    raise DataError(f"{place}: {name!r} is no id of a licence" + (f"; do you mean {found.id!r}?" if found else ""))


def _requirement(raw: RawRequirement, supply: str, terms: TermsRule | None, name: str) -> Requirement:
    def some(key: str, texts: Iterable[str]) -> tuple[Selector, ...]:
        return tuple(parse_selector(text, f"{name}: {raw.id}: {key}") for text in texts)

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
        instead=raw.instead,
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


def read_demand(text: str) -> tuple[str, str | None]:
    """Read what `--require` asks for: a standard, or `mof:II`, the rung of its ladder that is to be reached at least.

    Raises UsageError when the standard has no such rung.
    """
    name, _, rung = text.rpartition(":")
    if not name or text.endswith(".toml"):
        load_standard(text)
        return text, None
    standard = load_standard(name)
    rungs = [part.id for part in standard.elements] if standard.no_rung else []
    if rung.casefold() not in rungs:
        raise UsageError(f"--require {text}: {name} has no class {rung!r}; it has {', '.join(rungs) or 'none'}")
    return name, rung.casefold()
