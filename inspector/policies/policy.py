"""A policy: what an organisation asks of a bundle before it goes on. One TOML file, read strictly into frozen values.

`inspector policy init` writes one with every key explained; docs/ci.md says how it is used.
"""

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from inspector.decoding import decode_toml
from inspector.errors import UsageError
from inspector.gate import Exemption
from inspector.model import Component, Frozen, Role, Severity
from inspector.requirement import Fitness
from inspector.rule_catalogue import Subject
from inspector.serialization.toml_lines import find_line, index_lines

CODE_WORD = "code"


class Unread(StrEnum):
    """What follows from what could not be read: exit code 3, as without a policy, or a violation."""

    TELL = "tell"
    FORBID = "forbid"


class Limit(StrEnum):
    """The worst severity that may stand."""

    NONE = "none"
    NOTE = "note"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    def allows(self, severity: Severity) -> bool:
        """Say whether an issue of a severity may stand."""
        order = tuple(Limit)
        return order.index(Limit(severity)) <= order.index(self)


CHOICES: Mapping[str, tuple[str, ...]] = {
    "unread": tuple(Unread),
    "worst": tuple(Limit),
    "role": tuple(Role),
    "component": tuple(Component),
}


class StandardDemand(Frozen, frozen=True):
    """A standard (its name, or the path of its file), its id, and what is asked: a grade, or a class of its ladder."""

    name: str
    id: str
    wanted: str


class TermsDemand(Frozen, frozen=True):
    """Which terms fit the components; no component is any that no other demand names."""

    key: str
    components: tuple[str, ...]
    fitness: Fitness


class FormatDemand(Frozen, frozen=True):
    """A name that is forbidden, with the formats and rules it stands for; `unrecognised` is a file of no known format."""

    name: str
    formats: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    unrecognised: bool = False
    settle: str = "Ask for the content in another format, or remove the file."


class FileDemand(Frozen, frozen=True):
    """Patterns of paths of which each must match a file; in roots of this role, or in any."""

    key: str
    require: tuple[str, ...]
    role: Role | None = None


class Policy(Frozen, frozen=True):
    """A whole policy, held against what the program knows."""

    title: str
    file: str
    sha256: str
    unread: Unread
    standards: tuple[StandardDemand, ...]
    terms: tuple[TermsDemand, ...]
    formats: tuple[FormatDemand, ...]
    worst: Limit | None
    about: tuple[tuple[Subject, Limit], ...]
    files: tuple[FileDemand, ...]
    exemptions: tuple[Exemption, ...]


class RawTerms(Frozen, frozen=True):
    """`[[terms]]`: buckets and ids of licences."""

    components: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    settle: str = ""


class RawFormats(Frozen, frozen=True):
    """`[formats]`: names of formats, or of groups with `@`."""

    forbid: tuple[str, ...] = ()


class RawIssues(Frozen, frozen=True):
    """`[issues]`: the worst severity that may stand, for all and for some subjects."""

    worst: Limit | None = None
    about: dict[str, str] = msgspec.field(default_factory=dict)


class RawFiles(Frozen, frozen=True):
    """`[[files]]`: what must be there."""

    require: tuple[str, ...]
    role: Role | None = None


class RawPolicy(Frozen, frozen=True):
    """The file as it is written."""

    title: str = ""
    unread: Unread = Unread.TELL
    require: dict[str, str] = msgspec.field(default_factory=dict)
    terms: tuple[RawTerms, ...] = ()
    formats: RawFormats = RawFormats()
    issues: RawIssues = RawIssues()
    files: tuple[RawFiles, ...] = ()
    exception: tuple[Exemption, ...] = ()


class Source:
    """The text of a policy, which makes errors that name file, line and key."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name, self.data = name, data
        self._text = data.decode("utf-8", "replace")

    def error(self, path: tuple[str | int, ...], reason: str) -> UsageError:
        """Make an error about what stands at a path of keys."""
        line = find_line(index_lines(self._text), path)
        return UsageError(f"{self.name}:{line or 1}: {spell_key(path)}: {reason}")

    def decode(self) -> RawPolicy:
        """Read the text.

        Raises UsageError with file, line and, where the text is TOML, the key.
        """
        try:
            tomllib.loads(self.data.decode())
            return decode_toml(self.data, RawPolicy)
        except UnicodeDecodeError as error:
            raise UsageError(f"{self.name}: it is not written in UTF-8") from error
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            line = re.search(r"at line (\d+)", str(error))
            reason = str(error).partition(" (at ")[0] or "nested too deeply"
            raise UsageError(f"{self.name}:{line[1] if line else 1}: this is no TOML: {reason}") from error
        except msgspec.MsgspecError as error:
            raise self._explain(str(error)) from error

    def _explain(self, text: str) -> UsageError:
        reason, _, where = text.partition(" - at ")
        inside = re.search(r"`\$([^`]*)`", where)
        names = re.findall(r"\.([A-Za-z0-9_-]+)|\[(\d+)\]", inside[1] if inside else "")
        path = tuple(int(number) if number else name for name, number in names)
        unknown = re.search(r"unknown field `([^`]+)`", reason)
        if unknown:
            known = "there is no such key; `inspector policy init` shows all of them"
            return self.error((*path, unknown[1]), known)
        choices = CHOICES.get(str(path[-1]), ()) if path and "enum" in reason else ()
        known = f"; write {' or '.join(choices)}" if choices else ""
        return self.error(path, f"{reason[:1].lower()}{reason[1:]}{known}")


def spell_key(path: tuple[str | int, ...]) -> str:
    """Write a path of keys as people do: `exception[2].path`; entries are counted from 1."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).removeprefix(".") or "the file"
