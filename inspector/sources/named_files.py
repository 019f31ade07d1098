"""What a file of a bundle uses of the others: scripts it runs, settings it reads, modules it imports, each by the name that stands in it."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePosixPath

from inspector.documents.document import Document
from inspector.sources.launches import WORD, Command, read_commands
from inspector.sources.settings import Setting
from inspector.sources.source import Fact
from inspector.uses import SCRIPT_SUFFIXES, SETTING_SUFFIXES, Use, UseKind

MOST = 400
LONGEST = 200
# Commands that only move, show or fetch what they name.
IDLE = frozenset(
    {
        "cat",
        "cp",
        "echo",
        "git",
        "ls",
        "mkdir",
        "mv",
        "pip",
        "rm",
        "scp",
        "touch",
        "wget",
        "curl",
        "chmod",
        "ln",
        "cd",
        "grep",
        "sed",
        "awk",
        "tail",
    }
    | {
        "head",
        "diff",
        "vim",
        "nano",
        "rsync",
        "tar",
        "zip",
        "unzip",
        "dos2unix",
        "ruff",
        "black",
        "isort",
        "flake8",
        "pylint",
        "mypy",
        "pytest",
    }
)
# Programs that end others by the names of what these run.
ENDS = frozenset({"pkill", "kill", "killall", "pgrep", "ps"})
SHOWS = frozenset({"altair", "bokeh", "dash", "gradio", "matplotlib", "plotly", "seaborn", "streamlit", "tkinter"})
PROMPTS = frozenset({"$", "%", "!", "#"})
MODULE = re.compile(r"[A-Za-z_]\w*")
DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")


def uses_of_commands(commands: Sequence[Command]) -> Iterator[Use]:
    """List what commands of a shell run and read."""
    yield from _distinct(use for command in commands for use in _of_command(command))


def _of_command(command: Command) -> Iterator[Use]:
    words = [word for word in WORD.findall(command.text) if word not in PROMPTS]
    if not words or words[0] in IDLE or not ENDS.isdisjoint(words):
        return
    for place, word in enumerate(words):
        name = PurePosixPath(word).name.casefold()
        if name.endswith(SCRIPT_SUFFIXES):
            yield Use(kind=UseKind.RUNS, target=word[:LONGEST], line=command.line)
        elif name.endswith(SETTING_SUFFIXES):
            yield Use(kind=UseKind.READS, target=word[:LONGEST], line=command.line)
        elif DOTTED.fullmatch(word) or (MODULE.fullmatch(word) and words[place - 1] == "-m" and place):
            yield Use(kind=UseKind.RUNS, target=word[:LONGEST], line=command.line)


def uses_of_document(document: Document) -> Iterator[Use]:
    """List what the commands in a document's blocks of code run and read."""
    blocks = (block for section in document.sections for block in section.blocks if block.kind == "code")
    for block in islice(blocks, MOST):
        # A fence stands on a line of its own, above the code.
        first = block.first if block.last - block.first + 1 <= block.text.count("\n") else block.first + 1
        for command in read_commands(block.text.split("\n")):
            yield from _of_command(replace(command, line=command.line + first - 1))


def uses_of_module(facts: Iterable[Fact]) -> Iterator[Use]:
    """List the modules that a Python module imports, and the scripts and settings that its texts name."""
    yield from _distinct(use for fact in facts if (use := _of_fact(fact)) is not None)


def uses_of_program(facts: Iterable[Fact]) -> Iterator[Use]:
    """List what a program calls, or hands on to be called, of the modules that it imports.

    The standard library is left out, and so are programs that draw or show: they look at what they call for.
    """
    known = tuple(facts)
    imported = {fact.name for fact in known if fact.kind == "import"}
    if any(name.partition(".")[0] in SHOWS for name in imported):
        return
    for fact in known:
        if fact.kind in {"call", "ref"} and fact.name.partition(".")[0] not in sys.stdlib_module_names:
            parts = fact.name.split(".")
            if any(".".join(parts[:length]) in imported for length in range(1, len(parts) + 1)):
                yield Use(kind=UseKind.CALLS, target=fact.name[:LONGEST], line=fact.line)


def _of_fact(fact: Fact) -> Use | None:
    if fact.kind == "import":
        return Use(kind=UseKind.IMPORTS, target=fact.name[:LONGEST], line=fact.line)
    if fact.kind == "text" and " " not in fact.name.strip():
        return _of_value(fact.name, fact.line)
    return None


def uses_of_settings(settings: Iterable[Setting]) -> Iterator[Use]:
    """List the scripts and further settings that settings name."""
    yield from _distinct(use for item in settings if (use := _of_value(item.value, item.line)) is not None)


def _of_value(value: str, line: int) -> Use | None:
    word = value.strip().strip("\"'")
    name = PurePosixPath(word).name.casefold()
    if "://" in word or name in SETTING_SUFFIXES or name in SCRIPT_SUFFIXES or not word.isprintable():
        return None
    if name.endswith(SETTING_SUFFIXES):
        return Use(kind=UseKind.READS, target=word[:LONGEST], line=line)
    return Use(kind=UseKind.RUNS, target=word[:LONGEST], line=line) if name.endswith(SCRIPT_SUFFIXES) else None


def _distinct(uses: Iterable[Use]) -> Iterator[Use]:
    """Give each use once, at its first line, and at most 400."""
    seen: set[tuple[UseKind, str]] = set()
    for use in uses:
        if (use.kind, use.target) not in seen and len(seen) < MOST:
            seen.add((use.kind, use.target))
            yield use
