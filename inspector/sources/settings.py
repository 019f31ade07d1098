"""Recognise the settings of a training run by their names, whatever file they stand in."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from inspector.detector import Found
from inspector.model import Component, Constructs, Count, Frozen
from inspector.sources.roles import found_constructs
from inspector.sources.signals import refine_value
from inspector.tables import load_table
from inspector.weights.sizes import pick_sizes

TABLE = "training-settings.toml"
SETTINGS = "settings"
FINE_TUNING = "fine-tuning-settings"
FRAGMENT = "settings-fragment"
# A run of no steps, or at no rate, is none.
NONE = frozenset({"0", "0.0"})


class Family(Frozen, frozen=True):
    """The spellings of one setting; strong ones are of training alone."""

    name: str
    strong: bool
    keys: tuple[str, ...]


class Fragment(Frozen, frozen=True):
    """Settings that show a part of a training's settings where nothing else stands beside them, and how many of them are needed."""

    name: str
    keys: tuple[str, ...]
    least: int = 1


class SettingNames(Frozen, frozen=True):
    """The table: how many families make a set of settings, and which keys show fine-tuning or a search."""

    least: int
    least_strong: int
    core: tuple[str, ...]
    unstated: tuple[str, ...]
    fine_tuning: tuple[str, ...]
    search: tuple[str, ...]
    search_beside: tuple[str, ...]
    family: tuple[Family, ...]
    no_fragment: tuple[str, ...] = ()
    fragment: tuple[Fragment, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """A key with its scalar value (`...` for a structure) and its line."""

    key: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Judged:
    """Settings that were recognised: the component and value of the evidence, the keys with their lines, and the sizes of the model."""

    component: Component
    value: str
    seen: dict[str, int]
    sizes: tuple[Count, ...] = ()

    def as_fine_tuning(self) -> "Judged":
        """Give the same settings as those of a fine-tuning: what they are handed to says so."""
        return replace(self, value=FINE_TUNING if self.value == SETTINGS else self.value)


@cache
def load_setting_names() -> SettingNames:
    """Read the table."""
    return load_table(TABLE, SettingNames)


@cache
def _families() -> dict[str, Family]:
    return {key: family for family in load_setting_names().family for key in family.keys}


def normal(key: str) -> str:
    """Write a key as the table does."""
    return key.strip().lstrip("-").casefold().replace("-", "_").replace(" ", "_")


def family_of(key: str) -> Family | None:
    """Give the family that a key belongs to."""
    return _families().get(normal(key))


def names_settings(words: Iterable[str]) -> bool:
    """Say whether words could be the keys of training settings; cheap, to be asked before parsing."""
    table, families = load_setting_names(), _families()
    found = {families[key].name for word in words if (key := normal(word)) in families}
    return len(found) >= table.least


def judge_settings(settings: Iterable[Setting], path: str = "") -> Judged | None:
    """Decide whether settings are those of a training, a fine-tuning or a search over settings; None when they are none of these.

    Words in the path can say that a training is a fine-tuning.
    """
    settings = tuple(settings)
    table, tally = load_setting_names(), _count(settings)
    if tally.words.intersection(table.search) and tally.words.intersection(table.search_beside) and tally.families:
        return Judged(Component.SUPPORTING, "hyperparameter-search", tally.seen)
    if len(tally.families) < table.least or len(tally.strong) < table.least_strong or tally.families.isdisjoint(table.core):
        return None
    value = FINE_TUNING if tally.marks else refine_value(Component.TRAINING, SETTINGS, path)
    sizes = pick_sizes((normal(item.key).rpartition(".")[2], item.value) for item in settings)
    return Judged(Component.TRAINING, value, {**tally.marks, **tally.seen}, sizes)


def judge_fragment(settings: Iterable[Setting], path: str = "") -> Judged | None:
    """Recognise a part of the settings of a training, for formats that spread them over files which include each other."""
    settings, table = tuple(settings), load_setting_names()
    if not {*re.split(r"[/.]", path.casefold())}.isdisjoint(table.no_fragment):
        return None
    seen: dict[str, int] = {}
    for fragment in table.fragment:
        held = {item.key: item.line for item in reversed(settings) if normal(item.key).rpartition(".")[2] in fragment.keys}
        seen.update(held if len(held) >= fragment.least else {})
    tally = _count(settings)
    if not tally.strong and not seen:
        return None
    sizes = pick_sizes((normal(item.key).rpartition(".")[2], item.value) for item in settings)
    return Judged(Component.TRAINING, FRAGMENT, {**tally.seen, **seen}, sizes)


def names_fine_tuning(settings: Iterable[Setting]) -> bool:
    """Say whether settings, few as they may be, show that parameters of another model are changed."""
    return bool(_count(settings).marks)


@dataclass(frozen=True, slots=True)
class _Tally:
    """The families that were named, the strong ones among them, the marks of fine-tuning, all words of interest, and the keys with lines."""

    families: set[str]
    strong: set[str]
    marks: dict[str, int]
    words: set[str]
    seen: dict[str, int]


def _count(settings: Iterable[Setting]) -> _Tally:
    table, families = load_setting_names(), _families()
    tally = _Tally(set(), set(), {}, set(), {})
    for item in settings:
        key, value = normal(item.key), item.value.strip().casefold()
        words = {key, f"{key}={value}"}
        tally.words.update(words.intersection(table.search + table.search_beside))
        if item.value != "..." and value in table.unstated:
            continue
        family = families.get(key) or families.get(key.rpartition(".")[2])
        if family is not None and family.name in table.core and value in NONE:
            continue
        if value != "false":
            tally.marks.update(dict.fromkeys(sorted(words.intersection(table.fine_tuning)), item.line))
        if family is not None:
            tally.families.add(family.name)
            tally.strong.update({family.name} if family.strong else ())
            tally.seen.setdefault(item.key, item.line)
    return tally


def settings_found(judged: Judged, lines: Sequence[str]) -> Found:
    """Make the evidence of recognised settings."""
    return with_sizes(found_constructs(judged.component, judged.value, judged.seen, lines), judged.sizes)


def with_sizes(found: Found, sizes: tuple[Count, ...]) -> Found:
    """Add the sizes of a model to evidence of constructs."""
    seen = found.details.seen if isinstance(found.details, Constructs) else ()
    return replace(found, details=Constructs(seen=seen, sizes=sizes))
