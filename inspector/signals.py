"""The engine of the code signals: which roles the facts of a source file give it.

A rule holds when each group of `all` has an atom that a fact matches, and no atom of `none` has one. An atom is `kind:pattern`. Patterns are dotted:
segments may hold the wildcards of file names, a segment `*` alone stands for any number of segments. `call`, `ref` and `base` match the end of a
name unless such a `*` anchors its beginning; `import` matches a package and what lies in it; `text` is a part of a string; `path` a part of the
file's path.
`@name` stands for the atoms of a set.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import PurePosixPath

from inspector.errors import DataError
from inspector.model import Component, Frozen
from inspector.source import Fact
from inspector.tables import load_table

TABLE = "code-signals.toml"
OTHER_LANGUAGES = "code-signals-languages.toml"
KINDS = frozenset({"call", "method", "base", "class", "import", "def", "kw", "ref", "text", "path"})
WILD = frozenset("*?[")
WORD = re.compile(r"\w+")
WHOLE, SHORT = "=", 4  # a word as short as `pp` or `tch` stands in many others


class Rule(Frozen, frozen=True):
    """A role that a file has when it does something: the evidence's component and value, the atoms, and why they show it.

    `unless_owner` are class names whose bases do not count; `languages` are those that it holds for, in a table of several.
    """

    component: Component
    value: str
    why: str
    all: tuple[tuple[str, ...], ...]
    none: tuple[str, ...] = ()
    unless_owner: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


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
    rule: tuple[Rule, ...]
    no_role_folders: tuple[str, ...] = ()
    no_role_files: tuple[str, ...] = ()
    refine: tuple[Refinement, ...] = ()


@dataclass(frozen=True, slots=True)
class Atom:
    """A pattern for facts of one kind, in its dotted segments; `word` is its longest part without wildcards, which stands in all that it fits."""

    kind: str
    segments: tuple[str, ...]
    written: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A rule with the sets in its groups read, and the words of which one must stand in a file for each group; no words for any file."""

    rule: Rule
    groups: tuple[tuple[Atom, ...], ...]
    none: tuple[Atom, ...]
    words: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that holds, with the facts that show it, in the order of its groups."""

    rule: Rule
    facts: tuple[Fact, ...]


class FactIndex:
    """The facts of one file, by kind and by the first and last segment of their names."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._by: dict[tuple[str, str, str], list[Fact]] = {}
        self._all: dict[str, str] = {}
        for fact in facts:
            first, last = fact.name.partition(".")[0], fact.name.rpartition(".")[2]
            for place, word in (("first", first), ("last", last), ("any", "")):
                self._by.setdefault((fact.kind, place, word), []).append(fact)
        for (kind, place, _), held in self._by.items():
            if place == "any":
                self._all[kind] = "\n".join(fact.name for fact in held)

    def find(self, atom: Atom, unless_owner: tuple[str, ...] = ()) -> Fact | None:
        """Give the first fact that an atom matches, leaving out those of classes with the given names."""
        if atom.word not in self._all.get(atom.kind, ""):
            return None
        for fact in self._candidates(atom):
            if matches(atom, fact.name) and not any(fnmatchcase(fact.owner, name) for name in unless_owner):
                return fact
        return None

    def _candidates(self, atom: Atom) -> list[Fact]:
        first, last = atom.segments[0], atom.segments[-1]
        if atom.kind == "text":
            return self._by.get((atom.kind, "any", ""), [])
        if atom.kind != "import" and not WILD.intersection(last):
            return self._by.get((atom.kind, "last", last), [])
        if not WILD.intersection(first) and (atom.kind == "import" or "*" in atom.segments):
            return self._by.get((atom.kind, "first", first), [])
        return self._by.get((atom.kind, "any", ""), [])


def matches(atom: Atom, name: str) -> bool:
    """Say whether an atom's pattern fits a name."""
    if atom.kind == "text":
        return atom.written in name
    parts = name.split(".")
    if atom.kind == "import":
        return _fits(atom.segments, parts[: len(atom.segments)])
    if "*" not in atom.segments or len(atom.segments) == 1:
        return _fits(atom.segments, parts[-len(atom.segments) :])
    star = atom.segments.index("*")
    head, tail = atom.segments[:star], atom.segments[star + 1 :]
    return len(parts) >= len(head) + len(tail) and _fits(head, parts[: len(head)]) and _fits(tail, parts[len(parts) - len(tail) :])


def _fits(pattern: tuple[str, ...], parts: list[str]) -> bool:
    return len(pattern) == len(parts) and all(fnmatchcase(part, segment) for segment, part in zip(pattern, parts, strict=True))


@cache
def load_signals(name: str = TABLE) -> Signals:
    """Read a table.

    Raises DataError for an atom of an unknown kind, an unknown set, or a rule without groups.
    """
    signals = load_table(name, Signals)
    for rule in signals.rule:
        if not rule.all or not all(rule.all):
            raise DataError(f"{name}: rule {rule.value!r}: every rule needs at least one group, and no group may be empty")
    read_rules(signals)
    return signals


@cache
def python_rules() -> tuple[ReadRule, ...]:
    """Give the rules for Python, with their atoms read."""
    return read_rules(load_signals())


@cache
def language_rules(language: str) -> tuple[ReadRule, ...]:
    """Give the rules that hold for a language other than Python, with their atoms read.

    Raises DataError as `load_signals` does, and for a rule that names no language.
    """
    signals = load_signals(OTHER_LANGUAGES)
    if nameless := [rule for rule in signals.rule if not rule.languages]:
        raise DataError(f"{OTHER_LANGUAGES}: rule {nameless[0].value!r}: {nameless[0].why}: it names no language")
    return tuple(_read_rule(rule, signals.sets) for rule in signals.rule if language in rule.languages)


def read_rules(signals: Signals) -> tuple[ReadRule, ...]:
    """Read the atoms of a table's rules.

    Raises DataError for an atom of an unknown kind or an unknown set.
    """
    return tuple(_read_rule(rule, signals.sets) for rule in signals.rule)


def _read_rule(rule: Rule, sets: dict[str, tuple[str, ...]]) -> ReadRule:
    groups = tuple(tuple(_atoms(group, sets)) for group in rule.all)
    return ReadRule(rule, groups, tuple(_atoms(rule.none, sets)), tuple(_words(group) for group in groups))


def _atoms(group: tuple[str, ...], sets: dict[str, tuple[str, ...]]) -> Iterator[Atom]:
    for written in group:
        if written.startswith("@"):
            if written[1:] not in sets:
                raise DataError(f"code-signals: there is no set {written!r}")
            yield from _atoms(sets[written[1:]], sets)
            continue
        kind, _, pattern = written.partition(":")
        if kind not in KINDS or not pattern:
            raise DataError(f"code-signals: {written!r} is no atom; its kind must be one of {', '.join(sorted(KINDS))}")
        segments = (pattern,) if kind in {"text", "path"} else tuple(pattern.split("."))
        pieces = WORD.findall(pattern) if kind not in {"text", "path"} and "[" not in pattern else []
        yield Atom(kind, segments, pattern, max(pieces, key=len, default=""))


def _words(group: tuple[Atom, ...]) -> tuple[str, ...]:
    """Give a word for each atom that stands in the source where it fits; nothing when an atom has none."""
    words = [_source_word(atom) for atom in group]
    return tuple(dict.fromkeys(words)) if all(words) else ()


def _source_word(atom: Atom) -> str:
    if atom.kind in {"text", "path"}:
        return atom.written if atom.kind == "text" else ""
    word = max(atom.word.split("_"), key=len) if atom.kind == "import" else atom.word  # `github.com` is github_com in a fact
    return WHOLE + word if word in atom.segments and len(word) <= SHORT else word


def could_have_role(text: str, rules: tuple[ReadRule, ...]) -> bool:
    """Say whether some rule's words all stand in a text, so that it is worth to be parsed."""
    held: dict[str, bool] = {}

    def stands(word: str) -> bool:
        if word not in held:
            held[word] = _stands_alone(word[1:], text) if word[0] == WHOLE else word in text
        return held[word]

    return any(all(not words or any(stands(word) for word in words) for words in rule.words) for rule in rules)


def _stands_alone(word: str, text: str) -> bool:
    """Say whether a word stands in a text with no letter or digit beside it."""
    place = text.find(word)
    while place >= 0:
        end = place + len(word)
        if not text[place - 1 : place].isalnum() and not text[end : end + 1].isalnum():
            return True
        place = text.find(word, end)
    return False


@cache
def expand_atoms(written: tuple[str, ...]) -> tuple[Atom, ...]:
    """Read the atoms of a table that has no sets.

    Raises DataError for an atom of an unknown kind.
    """
    return tuple(_atoms(written, {}))


def find_roles(facts: Iterable[Fact], signals: Signals | None = None) -> Iterator[Hit]:
    """List the rules of a table, of Python's own when none is given, that the facts of a file fulfil."""
    return fulfilled(python_rules() if signals is None else read_rules(signals), facts)


def fulfilled(rules: tuple[ReadRule, ...], facts: Iterable[Fact]) -> Iterator[Hit]:
    """List the rules that the facts of a file fulfil, in their order."""
    index = FactIndex(facts)
    for read in rules:
        shown: list[Fact] = []
        for group in read.groups:
            found = next((fact for atom in group if (fact := index.find(atom, read.rule.unless_owner))), None)
            if found is None:
                break
            shown.append(found)
        else:
            if not any(index.find(atom) for atom in read.none):
                yield Hit(read.rule, tuple(shown))


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
