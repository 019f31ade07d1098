"""Find out what a shell script launches, and with which settings, from its words alone; nothing is run."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from pathlib import PurePosixPath

from inspector.model import Component, Frozen
from inspector.sources.settings import Setting
from inspector.tables import load_table

TABLE = "launches.toml"
LONGEST_COMMAND = 20_000
FEWEST_OPTIONS = 2
WORD = re.compile(r"[^\s\"'`;|&<>()=]+")
OPTION = re.compile(r"(?<![\w-])--([A-Za-z][\w.-]{1,60})(?:=|\s+|$)([^\s\"'`;|&]{0,80})")
MODULE = re.compile(r"\w+(?:\.\w+)+")
PLAIN = re.compile(r"\s*(?:export\s+|local\s+)?(\w+)=[\"']?([\w.+/-]{1,120})[\"']?\s*(?:#.*)?$")
VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
# `key=value` behind a script, as hydra, OmegaConf and gin flags are written.
OVERRIDE = re.compile(r"(?<=\s)(?:--gin_param=|--gin\.|\+{1,2})?[\"']?([A-Za-z_][\w.]{0,60})=([^\s\"'`;|&]{1,80})")
ASSIGNED = re.compile(r"\s*(?:export\s+|local\s+)?\w+=")


class LaunchedRole(Frozen, frozen=True):
    """The names of scripts, and the commands, that have a role; `options` are those of which two show it, whatever the program is called."""

    component: Component
    value: str
    scripts: tuple[str, ...]
    commands: tuple[str, ...]
    options: tuple[str, ...] = ()


class Launches(Frozen, frozen=True):
    """The table."""

    runners: tuple[str, ...]
    distributed: tuple[str, ...]
    role: tuple[LaunchedRole, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its continued lines joined, and the line it begins at."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Launch:
    """A script or program of a role, as it was written, with the line of its command."""

    role: LaunchedRole
    script: str
    line: int


@cache
def load_launches() -> Launches:
    """Read the table."""
    return load_table(TABLE, Launches)


def read_commands(lines: Sequence[str]) -> list[Command]:
    """Join continued lines and leave out comments."""
    commands: list[Command] = []
    parts: list[str] = []
    start = 1
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("#"):
            continue
        if not parts:
            start = number
        continued = line.rstrip().endswith("\\")
        parts.append(line.rstrip().removesuffix("\\"))
        if not continued:
            commands.append(Command(" ".join(parts)[:LONGEST_COMMAND], start))
            parts = []
    return [*commands, Command(" ".join(parts)[:LONGEST_COMMAND], start)] if parts else commands


def expand(commands: Sequence[Command]) -> list[Command]:
    """Put the plain values that a script gives to its variables in the place of their names; nothing else is expanded."""
    plain = {match[1]: match[2] for command in commands if (match := PLAIN.match(command.text))}
    if not plain:
        return list(commands)

    def value(match: re.Match[str]) -> str:
        return plain.get(match[1] or match[2], match[0])

    return [Command(VARIABLE.sub(value, command.text)[:LONGEST_COMMAND], command.line) for command in commands]


def find_launches(commands: Sequence[Command]) -> Iterator[Launch]:
    """List what the commands launch, in their order."""
    table = load_launches()
    split = [(command, WORD.findall(command.text)) for command in commands]
    spread = any(word in table.distributed for _, words in split for word in words)
    for command, words in split:
        runs, assigned = False, spread and ASSIGNED.match(command.text) is not None
        for place, word in enumerate(words):
            follow = words[place + 1] if place + 1 < len(words) else ""
            role = _role(word, follow, table, runs or (assigned and place <= _last_first(words)))
            if role is not None:
                yield Launch(role, word, command.line)
            runs = runs or PurePosixPath(word).name in table.runners
        given = {match[1] for match in OPTION.finditer(command.text)}
        for role in table.role:
            if words and len(given.intersection(role.options)) >= FEWEST_OPTIONS:
                yield Launch(role, words[0], command.line)


def _last_first(words: Sequence[str]) -> int:
    """Give the last place at which an assigned value can begin: after the variable, or after a command that gives the directory (`pwd`)."""
    return 3 if words[0] in {"export", "local"} else 2


def _role(word: str, follow: str, table: Launches, runs: bool) -> LaunchedRole | None:
    name = PurePosixPath(word).name
    stem = name.removesuffix(".py") if name.endswith(".py") else name.rpartition(".")[2] if MODULE.fullmatch(name) else None
    for role, scripts, programs in _patterns(table):
        if (runs and stem is not None and scripts.match(stem.casefold())) or programs.match(f"{name} {follow}") or programs.match(name):
            return role
    return None


@cache
def _patterns(table: Launches) -> tuple[tuple[LaunchedRole, re.Pattern[str], re.Pattern[str]], ...]:
    """Make one pattern of the scripts and one of the commands of each role, so that long files cost little."""
    return tuple((role, _any_of(role.scripts), _any_of(role.commands)) for role in table.role)


def _any_of(globs: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(translate(glob) for glob in globs))


def read_options(commands: Sequence[Command]) -> Iterator[Setting]:
    """List the long options of all commands, and what stands as `key=value` behind a script that is run, as settings.

    An option that another option follows has no value of its own.
    """
    for command in commands:
        for option in OPTION.finditer(command.text):
            yield Setting(option[1], "..." if not option[2] or option[2].startswith("-") else option[2], command.line)
        if any(PurePosixPath(word).name in load_launches().runners for word in WORD.findall(command.text)):
            yield from (Setting(option[1], option[2], command.line) for option in OVERRIDE.finditer(command.text))
