"""Rules that say which roles the facts of a source file give it: read from what a table writes, and held against facts."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from inspector.errors import DataError
from inspector.model import Certainty, Component, Frozen
from inspector.sources.fact_index import SINGLE, Atom, Atoms, FactIndex
from inspector.sources.facts import Fact

# What a file does with the names of others; the other kinds are names that the file gives itself.
DONE = frozenset({"call", "method", "base", "import", "ref"})
KINDS = DONE | {
    "class",
    "def",
    "kw",
    "text",
    "path",
    "word",
    "stem",
    "loop",
    "arg",
    "maps",
    "key",
    "field",
    "tally",
    "fall",
    "same",
    "own",
    "given",
}
WORD = re.compile(r"\w+")
WHOLE, SHORT = "=", 4  # a word as short as `pp` or `tch` stands in many others
# Facts whose names stand in a source as they are written.
LITERAL = frozenset({"call", "method", "base", "class", "def", "kw", "ref", "import", "text"})


class Rule(Frozen, frozen=True):
    """A role that a file has when it does something: the evidence's component and value, the atoms, and why they show it.

    `unless_owner` are class names whose bases do not count; `languages` are those that it holds for, in a table of several.
    """

    component: Component
    value: str
    why: str
    all: tuple[tuple[str, ...], ...] = ()
    some: tuple[tuple[str, ...], ...] = ()
    least: int = 0
    none: tuple[str, ...] = ()
    unless_owner: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Atoms in their order, and as a set that is quickly held against the atoms of a file."""

    atoms: tuple[Atom, ...]
    held: frozenset[Atom]

    def stands(self, matched: frozenset[Atom]) -> bool:
        """Say whether a fact matches one of the atoms."""
        return not self.held.isdisjoint(matched)

    def first(self, index: FactIndex, unless_owner: tuple[str, ...]) -> Fact | None:
        """Give the fact of the first atom that one matches."""
        return next((fact for atom in self.atoms if (fact := index.find(atom, unless_owner)) is not None), None)


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A rule with the sets in its groups read, and the words of which one must stand in a file for each group of `all`; no words for any file."""

    rule: Rule
    all: tuple[Group, ...]
    some: tuple[Group, ...]
    none: Group
    words: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules in their order, with all of their atoms laid out."""

    rules: tuple[ReadRule, ...]
    atoms: Atoms


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that holds, with the facts that show it, in the order of its groups."""

    rule: Rule
    facts: tuple[Fact, ...]

    @property
    def certainty(self) -> Certainty:
        """Say how the role is known: names that the file gives itself are matched, what it does with the names of others is read."""
        return Certainty.READ if any(fact.kind in DONE for fact in self.facts) else Certainty.MATCHED


def read_rules(rules: Iterable[Rule], sets: Mapping[str, tuple[str, ...]], table: str) -> Rules:
    """Read the atoms of a table's rules.

    Raises DataError for an atom of an unknown kind, an unknown set, and for a rule that would hold always or never.
    """
    read: list[ReadRule] = []
    made: dict[str, Atom] = {}
    for rule in rules:
        if not all((*rule.all, *rule.some)) or not (rule.all or rule.least) or rule.least > len(rule.some):
            raise DataError(f"{table}: rule {rule.value!r}: every rule needs at least one group, and no group may be empty")
        groups = [_group(group, sets, table, made) for group in (*rule.all, *rule.some, rule.none)]
        first = groups[: len(rule.all)]
        words = tuple(_words(group.atoms) for group in first)
        read.append(ReadRule(rule, tuple(first), tuple(groups[len(rule.all) : -1]), groups[-1], words))
    return Rules(tuple(read), Atoms(made.values()))


def _group(written: Iterable[str], sets: Mapping[str, tuple[str, ...]], table: str, made: dict[str, Atom]) -> Group:
    atoms = tuple(made.setdefault(f"{atom.kind}:{atom.written}", atom) for atom in _atoms(written, sets, table))
    return Group(atoms, frozenset(atoms))


def _atoms(group: Iterable[str], sets: Mapping[str, tuple[str, ...]], table: str) -> Iterator[Atom]:
    for written in group:
        if written.startswith("@"):
            if written[1:] not in sets:
                raise DataError(f"{table}: there is no set {written!r}")
            yield from _atoms(sets[written[1:]], sets, table)
            continue
        kind, _, pattern = written.partition(":")
        if kind not in KINDS or not pattern:
            raise DataError(f"{table}: {written!r} is no atom; its kind must be one of {', '.join(sorted(KINDS))}")
        yield Atom(kind, (pattern,) if kind in SINGLE else tuple(pattern.split(".")), pattern)


def _words(group: tuple[Atom, ...]) -> tuple[str, ...]:
    """Give a word for each atom that stands in the source where it fits; nothing when an atom has none."""
    words = [_source_word(atom) for atom in group]
    return tuple(dict.fromkeys(words)) if all(words) else ()


def _source_word(atom: Atom) -> str:
    if atom.kind not in LITERAL or atom.kind == "text":
        return atom.written if atom.kind == "text" else ""
    longest = max(WORD.findall(atom.written) if "[" not in atom.written else [], key=len, default="")
    word = max(longest.split("_"), key=len) if atom.kind == "import" else longest  # `github.com` is github_com in a fact
    return WHOLE + word if word in atom.segments and len(word) <= SHORT else word


def could_have_role(text: str, rules: Rules) -> bool:
    """Say whether some rule's words all stand in a text, so that it is worth to be parsed."""
    held: dict[str, bool] = {}

    def stands(word: str) -> bool:
        if word not in held:
            held[word] = _stands_alone(word[1:], text) if word[0] == WHOLE else word in text
        return held[word]

    return any(all(not words or any(stands(word) for word in words) for words in rule.words) for rule in rules.rules)


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
    return tuple(_atoms(written, {}, "code-signals"))


def fulfilled(rules: Rules, facts: Iterable[Fact]) -> Iterator[Hit]:
    """List the rules that the facts of a file fulfil, in their order."""
    index = FactIndex(facts, rules.atoms)
    for read in rules.rules:
        shown = _shown(index, read)
        if shown and not read.none.stands(index.matched):
            yield Hit(read.rule, shown)


def _shown(index: FactIndex, read: ReadRule) -> tuple[Fact, ...]:
    """Give a fact for each group that has to be fulfilled; nothing when one has none."""
    matched = index.matched
    if not all(group.stands(matched) for group in read.all):
        return ()
    some = [group for group in read.some if group.stands(matched)]
    if len(some) < read.rule.least:
        return ()
    found = [group.first(index, read.rule.unless_owner) for group in (*read.all, *some)]
    shown = tuple(fact for fact in found if fact is not None)
    return shown if len(shown) == len(found) else ()
