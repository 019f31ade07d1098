"""A policy read from its file, and its words held against what the program knows. Each error names file, line and key."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from inspector.errors import InspectorError, UsageError
from inspector.gate import Breach, Exemption
from inspector.judgement import Grade
from inspector.licensing.licenses import load_licenses
from inspector.model import Bucket, Component, Frozen
from inspector.policies.policy import (
    CODE_WORD,
    FileDemand,
    FormatDemand,
    Limit,
    Policy,
    RawPolicy,
    RawTerms,
    Source,
    StandardDemand,
    TermsDemand,
)
from inspector.registry import load_registry
from inspector.requirement import Fitness
from inspector.rule_catalogue import Subject, load_rules
from inspector.scoring.catalogue import load_standard, read_demand
from inspector.tables import load_table

LARGEST = 2**20
GROUPS = "format-groups.toml"
UNRECOGNISED = "@unrecognised"
UNKNOWN = "Look at what it is; remove it, or add an exception for its path."


class FormatGroup(Frozen, frozen=True):
    """A group of formats, and rules of issues that say that a file of another format belongs to it."""

    id: str
    title: str
    formats: tuple[str, ...]
    rules: tuple[str, ...]
    settle: str


class FormatGroups(Frozen, frozen=True):
    """The table of groups."""

    group: tuple[FormatGroup, ...]


@cache
def load_format_groups() -> Mapping[str, FormatGroup]:
    """Read the groups, by `@id`."""
    return {f"@{group.id}": group for group in load_table(GROUPS, FormatGroups).group}


def load_policy(path: Path) -> Policy:
    """Read a policy from a file, and hold it against what the program knows.

    Raises UsageError with file, line and key: an unknown key, standard, class, component, licence, format, rule or requirement, an exception
    without reason, owner or last day, and a policy that asks for nothing.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path}: it cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise UsageError(f"{path}: larger than {LARGEST} bytes; this is no policy")
    source = Source(data, str(path))
    return check_policy(source.decode(), source, path.parent, hashlib.sha256(data).hexdigest())


def check_policy(raw: RawPolicy, source: Source, directory: Path, digest: str) -> Policy:
    """Make a policy of what was read; paths of standards are relative to `directory`.

    Raises UsageError with the place of what the program does not know.
    """
    check = _Check(raw, source, directory)
    standards = tuple(check.standards())
    policy = Policy(
        title=raw.title or Path(source.name).stem,
        file=Path(source.name).name,
        sha256=digest,
        unread=raw.unread,
        standards=standards,
        terms=tuple(check.terms()),
        formats=tuple(check.formats()),
        worst=raw.issues.worst,
        about=tuple(check.about()),
        files=tuple(check.files()),
        exemptions=tuple(check.exemptions(standards)),
    )
    asks = (policy.standards, policy.terms, policy.formats, policy.files, policy.about, policy.worst)
    if not any(asks) and policy.unread == "tell":
        raise source.error((), "it asks for nothing; `inspector policy init` shows what can be asked for")
    return policy


@dataclass(frozen=True, slots=True)
class _Check:
    raw: RawPolicy
    source: Source
    directory: Path

    def standards(self) -> Iterator[StandardDemand]:
        grades = (Grade.CONFORMS, Grade.TERMS_ONLY)
        for key, wanted in self.raw.require.items():
            name = str(self.directory / key) if key.endswith(".toml") else key
            try:
                standard = load_standard(name)
                if wanted not in grades:
                    read_demand(f"{name}:{wanted}")
            except InspectorError as error:
                rungs = "" if wanted in grades else f" (a grade is {' or '.join(grades)})"
                raise self.source.error(("require", key), f"{str(error).removeprefix('--require ')}{rungs}") from error
            yield StandardDemand(name=name, id=standard.id, wanted=wanted)

    def terms(self) -> Iterator[TermsDemand]:
        named = dict[str, int]()
        for number, item in enumerate(self.raw.terms):
            for place, word in enumerate(item.components):
                path = ("terms", number, "components", place)
                if word != CODE_WORD and word not in set(Component):
                    raise self.source.error(path, f"there is no component {word!r}; there are {CODE_WORD}, {', '.join(Component)}")
                if named.setdefault(word, number) != number:
                    raise self.source.error(path, f"{word} has terms in terms[{named[word] + 1}] already")
            if not item.components and named.setdefault("", number) != number:
                raise self.source.error(("terms", number), "only one entry may be without `components`: it is for all that no other names")
            yield TermsDemand(key=f"terms[{number + 1}]", components=item.components, fitness=self._fitness(item, number))

    def _fitness(self, item: RawTerms, number: int) -> Fitness:
        if not item.allow and not item.deny:
            raise self.source.error(("terms", number), "it needs `allow` or `deny`")
        names = {"allow": list[str](), "deny": list[str]()}
        for key, words in (("allow", item.allow), ("deny", item.deny)):
            for place, word in enumerate(words):
                if word not in set(Bucket):
                    names[key].append(self._license(word, ("terms", number, key, place)))
        chosen = tuple(bucket for bucket in Bucket if (bucket in item.allow or not item.allow) and bucket not in item.deny)
        return Fitness(
            id=f"terms[{number + 1}]", accept=chosen, licenses=tuple(names["allow"]), refuse=tuple(names["deny"]), settle=item.settle
        )

    def _license(self, word: str, path: tuple[str | int, ...]) -> str:
        if load_licenses().is_id(word):
            return word
        found = load_licenses().get(word)
        hint = f"; do you mean {found.id!r}?" if found else f"; what terms allow is {', '.join(Bucket)}"
        raise self.source.error(path, f"{word!r} is no id of a licence{hint}")

    def formats(self) -> Iterator[FormatDemand]:
        known = {name for item in load_registry().detectors for name in item.formats}
        for place, word in enumerate(self.raw.formats.forbid):
            group = load_format_groups().get(word)
            if group is not None:
                yield FormatDemand(name=word, formats=group.formats, rules=group.rules, settle=group.settle)
            elif word == UNRECOGNISED:
                yield FormatDemand(name=word, unrecognised=True, settle=UNKNOWN)
            elif word in known:
                yield FormatDemand(name=word, formats=(word,))
            else:
                groups = ", ".join((*load_format_groups(), UNRECOGNISED))
                reason = f"there is no format {word!r}; `inspector list formats` lists them, and there are the groups {groups}"
                raise self.source.error(("formats", "forbid", place), reason)

    def about(self) -> Iterator[tuple[Subject, Limit]]:
        for word, limit in self.raw.issues.about.items():
            path = ("issues", "about", word)
            if word not in set(Subject):
                raise self.source.error(path, f"rules are about {', '.join(Subject)}; no rule is about {word!r}")
            if limit not in set(Limit):
                raise self.source.error(path, f"there is no severity {limit!r}; write {' or '.join(Limit)}")
            yield Subject(word), Limit(limit)

    def files(self) -> Iterator[FileDemand]:
        for number, item in enumerate(self.raw.files):
            for place, pattern in enumerate(item.require):
                if not pattern.strip() or pattern.startswith("/"):
                    raise self.source.error(
                        ("files", number, "require", place), f"{pattern!r}: write a path below a root, such as LICENSE*"
                    )
            if not item.require:
                raise self.source.error(("files", number, "require"), "it names no file")
            yield FileDemand(key=f"files[{number + 1}]", require=item.require, role=item.role)

    def exemptions(self, standards: tuple[StandardDemand, ...]) -> Iterator[Exemption]:
        known = {rule.id for demand in standards for rule in load_standard(demand.name).requirements}
        for number, item in enumerate(self.raw.exception):
            for key, fault in self._faults(item, known):
                raise self.source.error(("exception", number, *key), fault)
            yield item

    def _faults(self, item: Exemption, requirements: set[str]) -> Iterator[tuple[tuple[str, ...], str]]:
        if not (item.rule or item.requirement or item.path or item.component):
            yield (), "it covers nothing; give rule, requirement, component or path"
        if item.rule and item.rule not in set(Breach) and load_rules().get(item.rule) is None:
            yield ("rule",), f"there is no rule {item.rule!r}; `inspector list rules` lists them, and there are {', '.join(Breach)}"
        if item.requirement and item.requirement not in requirements:
            yield ("requirement",), f"no standard under [require] has {item.requirement!r}; `inspector list requirements` lists them"
        for key, text in (("reason", item.reason), ("owner", item.owner)):
            if not text.strip():
                yield (key,), "it must say something"
