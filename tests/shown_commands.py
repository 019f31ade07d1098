"""Commands that documents show: taken out of fenced blocks, run in order in a directory of the page's own, held against what the page says.

A `console` block has commands after `$ ` and under each what it prints, where `…` stands for text that is left out; a command exits with 0
unless `$ echo $?` follows and another code under it. A line of a `sh` or `bash` block is a command. A block whose fence has a title is a file.
"""

import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from typer.testing import CliRunner

from inspector.cli import app
from tests.fleets import without_pace

ASK_CODE = "echo $?"
TITLE = re.compile(r'title="([^"]+)"')
NEEDS_SHELL = re.compile(r"[|<>;&$`*?~]")
SECONDS = 1200  # an end for what hangs, and not for what is slow


@dataclass(frozen=True)
class Shown:
    """A command as a page shows it: where (a line), with which exit code, and what is said of its output (none: nothing is)."""

    line: int
    command: str
    code: int
    output: str | None


@dataclass(frozen=True)
class Written:
    """A file that a page asks its reader to write."""

    line: int
    path: str
    text: str


@dataclass(frozen=True)
class Fence:
    """A fenced block: the line of its first row, what stands behind the fence, and its rows."""

    line: int
    info: str
    text: str


def list_fences(page: str) -> tuple[Fence, ...]:
    """List the fenced blocks of a page, also those in lists."""
    tokens = MarkdownIt("commonmark").parse(page)
    return tuple(Fence((token.map or [0])[0] + 2, token.info.strip(), token.content) for token in tokens if token.type == "fence")


def list_shown(page: str) -> Iterator[Shown | Written]:
    """List what a page has its reader do, in order."""
    for fence in list_fences(page):
        language, _, rest = fence.info.partition(" ")
        titled = TITLE.search(rest)
        if titled:
            yield Written(fence.line, titled[1], fence.text)
        elif language == "console":
            yield from _read_console(fence)
        elif language in {"sh", "bash"}:
            yield from (Shown(line, text, 0, None) for line, text in _join_lines(fence) if text and not text.startswith("#"))


def _join_lines(fence: Fence) -> Iterator[tuple[int, str]]:
    """Give the lines of a block, those that end with a backslash together with the next."""
    held, start = "", 0
    for number, line in enumerate(fence.text.splitlines(), fence.line):
        start = start if held else number
        held += line.removesuffix("\\").strip() + " " if line.endswith("\\") else line if not held else line.strip()
        if not line.endswith("\\"):
            yield start, held.rstrip()
            held = ""


def _read_console(fence: Fence) -> Iterator[Shown]:
    commands: list[tuple[int, str, list[str]]] = []
    for line, text in _join_lines(fence):
        if text.startswith("$ "):
            commands.append((line, text.removeprefix("$ "), []))
        elif commands:
            commands[-1][2].append(text)
        else:
            raise ValueError(f"line {line}: output without a command")
    for place, (line, command, output) in enumerate(commands):
        if command == ASK_CODE:
            continue
        after = commands[place + 1] if place + 1 < len(commands) else (0, "", [])
        code = int(after[2][0]) if after[1] == ASK_CODE else 0
        yield Shown(line, command, code, "\n".join(output).rstrip() if output else None)


def fits(shown: str, real: str) -> bool:
    """Say whether output is what a page shows: `…` alone on a line stands for any lines, in a line for any text."""
    parts: list[str] = []
    for line in shown.strip("\n").splitlines():
        if line.strip() == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(r".*?".join(re.escape(piece) for piece in line.rstrip().split("…")) + r"\n")
    text = "".join(f"{line.rstrip()}\n" for line in without_pace(real).rstrip().lstrip("\n").splitlines())
    return re.fullmatch("".join(parts), text) is not None


def run_shown(command: str, place: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Run a command in a directory: `inspector` in this process, all else (also pipes and patterns) in bash; give its code and what it printed."""
    if command.startswith("inspector ") and not NEEDS_SHELL.search(re.sub(r"'[^']*'|\"[^\"$`]*\"", "", command)):
        words = shlex.split(command, comments=True)[1:]
        result = CliRunner().invoke(app, words, prog_name="inspector")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=place,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    return done.returncode, done.stdout
