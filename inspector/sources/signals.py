"""The tables of the code signals: which roles the facts of a source file give it, and what its path says of them.

A rule holds when each group of `all` has an atom that a fact matches, as many groups of `some` as `least` says have one, and no atom of `none` has
one. An atom is `kind:pattern`; kinds are those of `inspector.sources.facts`, `path` for a part of the file's path, `word` for a word in it and `stem`
for one in the file's own name. Patterns are dotted: segments may hold the wildcards of file names, a segment `*` alone stands for any number of
segments. `call`, `ref` and `base` match the end of a name unless such a `*` anchors its beginning; `import` matches a package and what lies in it;
`text` is a part of a string. `@name` stands for the atoms of a set.
"""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import PurePosixPath

import msgspec

from inspector.errors import DataError
from inspector.model import Component, Frozen
from inspector.sources.fact_index import Atom, FactIndex, matches
from inspector.sources.facts import Fact, split_words
from inspector.sources.rules import Hit, Rule, Rules, could_have_role, expand_atoms, fulfilled, read_rules
from inspector.tables import load_table

__all__ = ["Atom", "FactIndex", "Hit", "Rule", "Rules", "could_have_role", "expand_atoms", "fulfilled", "matches"]

TABLE = "code-signals.toml"
PARTS = ("training", "data", "inference", "evaluation", "architecture", "supporting")
OTHER_LANGUAGES = "code-signals-languages.toml"


class Refinement(Frozen, frozen=True):
    """Words of a path, or whole names of files without their suffix, that change the value of a component's evidence."""

    component: Component
    values: tuple[str, ...]
    to: str
    words: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()


class Signals(Frozen, frozen=True):
    """The table: named sets of atoms, paths that have no role or change one, and the rules."""

    sets: dict[str, tuple[str, ...]]
    rule: tuple[Rule, ...] = ()
    no_role_folders: tuple[str, ...] = ()
    no_role_files: tuple[str, ...] = ()
    refine: tuple[Refinement, ...] = ()


class Part(Frozen, frozen=True):
    """The rules of some roles, with the sets that only they use."""

    rule: tuple[Rule, ...]
    sets: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)


@cache
def load_signals(name: str = TABLE) -> Signals:
    """Read a table; that of Python together with its parts.

    Raises DataError for an atom of an unknown kind, an unknown set, a set that stands twice, or a rule without groups.
    """
    signals = load_table(name, Signals)
    sets, rules = dict(signals.sets), list(signals.rule)
    for part_name in PARTS if name == TABLE else ():
        part = load_table(f"code-signals/{part_name}.toml", Part)
        if twice := sets.keys() & part.sets.keys():
            raise DataError(f"code-signals/{part_name}.toml: the set {min(twice)!r} stands twice")
        sets |= part.sets
        rules += part.rule
    whole = Signals(sets, tuple(rules), signals.no_role_folders, signals.no_role_files, signals.refine)
    read_rules(whole.rule, whole.sets, name)
    return whole


@cache
def python_rules() -> Rules:
    """Give the rules for Python, with their atoms read."""
    signals = load_signals()
    return read_rules(signals.rule, signals.sets, TABLE)


@cache
def language_rules(language: str) -> Rules:
    """Give the rules that hold for a language other than Python, with their atoms read.

    Raises DataError as `load_signals` does, and for a rule that names no language.
    """
    signals = load_signals(OTHER_LANGUAGES)
    if nameless := [rule for rule in signals.rule if not rule.languages]:
        raise DataError(f"{OTHER_LANGUAGES}: rule {nameless[0].value!r}: {nameless[0].why}: it names no language")
    return read_rules((rule for rule in signals.rule if language in rule.languages), signals.sets, OTHER_LANGUAGES)


def find_roles(facts: Iterable[Fact], signals: Signals | None = None) -> Iterator[Hit]:
    """List the rules of a table, of Python's own when none is given, that the facts of a file fulfil."""
    return fulfilled(python_rules() if signals is None else read_rules(signals.rule, signals.sets, TABLE), facts)


def has_role(path: str) -> bool:
    """Say whether a file at a path can have a role: tests and packaging have none, whatever they call."""
    pure = PurePosixPath(path.casefold())
    return not any(
        any(part in signals.no_role_folders for part in pure.parts[:-1])
        or any(fnmatchcase(pure.name, name) for name in signals.no_role_files)
        for signals in (load_signals(), load_signals(OTHER_LANGUAGES))
    )


def refine_value(component: Component, value: str, path: str) -> str:
    """Give the value of evidence that stands at a path: training below a directory for fine-tuning is fine-tuning."""
    folded = path.casefold()
    words = {*re.split(r"[/.\s]", folded), *re.split(r"[/._\s-]", folded)}
    for item in load_signals().refine:
        named = not words.isdisjoint(item.words) or PurePosixPath(folded).stem in item.stems
        if item.component is component and value in item.values and named:
            return item.to
    return value


def path_facts(path: str) -> Iterator[Fact]:
    """Give the parts of a path as facts: its folders and its base name without the suffix, case-folded."""
    pure = PurePosixPath(path.casefold())
    yield from (Fact("path", part.replace(".", "_"), 1) for part in (*pure.parts[:-1], pure.stem))


def word_facts(path: str) -> Iterator[Fact]:
    """Give the words of a path as facts, and those of the file's own name once more."""
    pure = PurePosixPath(path)
    own = split_words(pure.stem)
    yield from (Fact("stem", word, 1) for word in own)
    above = (word for part in pure.parts[:-1] for word in split_words(part))
    yield from (Fact("word", word, 1) for word in dict.fromkeys((*above, *own)))
