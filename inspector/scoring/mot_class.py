"""The class of a record by the Model Openness Tool's own rules, and what it would be with licences under their right names. Pure.

Its rules: a component is included when it stands in the record under an open licence; the licence is its own, else that of its kind of content, else
that of the whole distribution; ids compare exactly. A paper stands in for a report; the reverse is for whoever fills in the record.
Source: github.com/lfai/model_openness_tool, ModelEvaluator.php and LicenseHandler.php.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from inspector.judgement import Ladder
from inspector.licensing.licenses import Licenses
from inspector.model import Component, Frozen
from inspector.requirement import Fitness, Requirement, TermsRule
from inspector.scoring.catalogue import load_standard
from inspector.scoring.fitness import fits
from inspector.scoring.ladder import Held, Step, climb
from inspector.scoring.mot_record import Record, load_names

PUNCTUATION = re.compile(r"[\s.\-_]+")


class State(StrEnum):
    """What a record has of a component: there under an open licence, under another, under none, or not there."""

    OPEN = "open"
    OTHER = "other-licence"
    UNLICENSED = "unlicensed"
    MISSING = "missing"


class Part(Frozen, frozen=True):
    """A component of a record: the class that first requires it, the licence that counts, what that comes to, and whether it suits the content."""

    name: str
    component: Component
    rung: str
    required: bool
    content: str
    license: str
    state: State
    suits: bool


class Reading(Frozen, frozen=True):
    """A licence that was not written as its id: of which component, what stands there, what it is read as (nothing when it names none)."""

    component: str
    written: str
    read: str
    state: State


class Assessment(Frozen, frozen=True):
    """A record with its class by the tool's rules; the spellings that were normalised, and the class with them."""

    file: str
    name: str
    version: str
    by_the_rules: Ladder
    normalised: Ladder
    parts: tuple[Part, ...]
    readings: tuple[Reading, ...]
    notes: tuple[str, ...] = ()


class Kind(NamedTuple):
    """What the framework says of a component."""

    component: Component
    rule: Requirement
    terms: TermsRule


@cache
def component_kinds() -> Mapping[str, Kind]:
    """Map the tool's names of components to what the framework asks of them, in the order of the tool's records."""
    rules = {rule.id: rule for rule in load_standard("mof").requirements}
    kinds = {name: (component, rules[f"mof.{component}"]) for name, component in load_names().components.items()}
    return {name: Kind(component, rule, rule.terms) for name, (component, rule) in kinds.items() if rule.terms}


def assess(record: Record, file: str, licenses: Licenses) -> Assessment:
    """Give the class of a record, by the rules of the tool and with normalised licences."""
    written = {entry.name: _license_of(record, entry.name, entry.license) for entry in record.entries}
    kinds = component_kinds()
    exact = {name: _state(license_, kinds[name].terms.fitness) for name, license_ in written.items()}
    readings = tuple(
        reading
        for name, license_ in written.items()
        if (reading := _read(name, license_, exact[name], kinds[name].terms.fitness, licenses))
    )
    normal = exact | {reading.component: reading.state for reading in readings}
    parts = tuple(_part(name, kind, written.get(name, ""), exact.get(name, State.MISSING)) for name, kind in kinds.items())
    return Assessment(
        file=file,
        name=record.name,
        version=record.version,
        by_the_rules=_climb(exact),
        normalised=_climb({name: state for name, state in normal.items() if state is not State.MISSING}),
        parts=parts,
        readings=readings,
        notes=record.notes,
    )


def _license_of(record: Record, name: str, own: str | None) -> str:
    """Find the licence that counts for a component; empty when there is none."""
    if own is not None:
        return own
    return record.licenses.get(component_kinds()[name].terms.fitness.id) or record.licenses.get("distribution", "")


def _state(license_: str, fitness: Fitness) -> State:
    if not license_ or license_ == load_names().unlicensed:
        return State.UNLICENSED
    return State.OPEN if license_ in fitness.wider or license_ in load_names().also_open else State.OTHER


def _read(name: str, license_: str, state: State, fitness: Fitness, licenses: Licenses) -> Reading | None:
    """Read what stands where a licence belongs and is none by its exact id."""
    if state is not State.OTHER:
        return None
    words = PUNCTUATION.sub(" ", license_.casefold()).strip()
    if words in load_names().absent:
        return Reading(component=name, written=license_, read="", state=State.MISSING)
    found = licenses.canonical(license_)
    if found is None or words in load_names().unstated:
        return Reading(component=name, written=license_, read="", state=State.UNLICENSED)
    open_ = fits(found, licenses.bucket(found), Fitness(id=fitness.id, licenses=(*fitness.wider, "PDDL-1.0")), licenses)
    if found == license_ and not open_:
        return None
    return Reading(component=name, written=license_, read=found, state=State.OPEN if open_ else State.OTHER)


def _part(name: str, kind: Kind, license_: str, state: State) -> Part:
    return Part(
        name=name,
        component=kind.component,
        rung=kind.rule.element,
        required=not kind.rule.optional,
        content=kind.terms.fitness.id,
        license=license_,
        state=state,
        suits=state is not State.OPEN or license_ in kind.terms.fitness.prefer,
    )


def _climb(states: Mapping[str, State]) -> Ladder:
    standard, kinds = load_standard("mof"), component_kinds()
    steps = [
        Step(part.id, part.title, tuple(name for name, kind in kinds.items() if kind.rule.element == part.id and not kind.rule.optional))
        for part in standard.elements
    ]
    unfit = _named(states, lambda state: state in (State.OTHER, State.UNLICENSED))
    return climb(steps, Held(_named(states, lambda state: state is State.OPEN), unfit, load_names().instead), standard.no_rung)


def _named(states: Mapping[str, State], wanted: Callable[[State], bool]) -> frozenset[str]:
    return frozenset(name for name, state in states.items() if wanted(state))
