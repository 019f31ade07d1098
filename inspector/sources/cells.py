"""Cells of notebooks as IPython takes them: Python, lines for the kernel (magics), and commands of a shell. Nothing is run.

Source: IPython, "IPython reference" (system shell access, magic functions) and its input transformer: a magic or a shell line begins where a
statement could begin, never inside of a text in quotes or of brackets.
"""

import re
from dataclasses import dataclass

from inspector.sources.source import source_lines

MAGIC = re.compile(r"^([ \t]*)(?:[%!?]|[\w, ]+=[ \t]*[%!]|%?[\w.]+\?{1,2}[ \t]*$)")
CELL = re.compile(r"%%(!|\w+)[ \t]*(.*)")
SHELL = re.compile(r"^[ \t]*(?:[\w, ]+=[ \t]*)?(?:!{1,2}|%(?:sx|system)[ \t]+)(.*)$", re.DOTALL)
RUN = re.compile(r"^[ \t]*%run[ \t]+(.*)$", re.DOTALL)
INSTALL = re.compile(r"^[ \t]*%((?:pip|conda|mamba|uv)[ \t].*)$", re.DOTALL)
# Magics whose cell is Python all the same, and those whose cell is commands of a shell.
PYTHON = frozenset({"time", "timeit", "capture", "prun", "memit", "mprun", "wandb", "python", "python3", "py", "debug", "heat", "scalene"})
SHELLS = frozenset({"!", "bash", "sh", "shell", "sx", "system", "zsh"})
TOKEN = re.compile(r"\"\"\"|'''|#.*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|[()\[\]{}]|\\.")
OPENS, CLOSES = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class CellCode:
    """The Python of a cell, line by line where it stood, and the commands that it gives to a shell."""

    python: str
    commands: tuple[str, ...] = ()


def read_cell(text: str) -> CellCode:
    """Tell Python from magics and commands: a line for the kernel or the shell becomes `pass`, a cell in another language is empty."""
    lines = source_lines(text)
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    if (match := CELL.match(lines[first].strip())) is not None:
        name, rest = match[1], match[2].strip()
        body = lines[first + 1 :]
        if name in SHELLS or (name == "script" and rest.partition(" ")[0].rpartition("/")[2] in SHELLS):
            return CellCode("", tuple(_joined(body)))
        if name not in PYTHON:
            return CellCode("")
        lines = (*lines[:first], "pass", *body)
    return _read_lines(lines)


def _read_lines(lines: tuple[str, ...]) -> CellCode:
    kept, commands, within, depth, runs = list[str](), list[str](), "", 0, ""
    for line in lines:
        match = MAGIC.match(line) if not within and not depth and not runs else None
        if runs or match is not None:
            kept.append(f"{match[1]}pass" if match else "")
            runs += line.strip() if runs else line
            if line.rstrip().endswith("\\"):
                runs = runs.rstrip().removesuffix("\\") + " "
                continue
            commands += _command(runs)
            runs = ""
        else:
            kept.append(line)
            within, depth = _follow(line, within, depth)
    return CellCode("\n".join(kept), (*commands, *_command(runs)))


def _follow(line: str, within: str, depth: int) -> tuple[str, int]:
    """Say in which kind of quotes a line leaves off, and in how many brackets."""
    for match in TOKEN.finditer(line):
        token = match[0]
        if within or token in {'"""', "'''"}:
            within = "" if token == within else within or token
        elif token in OPENS:
            depth += 1
        elif token in CLOSES:
            depth = max(0, depth - 1)
    return within, depth


def _command(line: str) -> list[str]:
    """Give a line for the shell as its command; a line for the kernel only is none."""
    if match := SHELL.match(line):
        return [match[1].strip()] if match[1].strip() else []
    if match := RUN.match(line):
        return [f"python {match[1].strip()}"]
    return [match[1].strip()] if (match := INSTALL.match(line)) else []


def _joined(lines: tuple[str, ...]) -> list[str]:
    text = "\n".join(lines).replace("\\\n", " ")
    return [line.strip() for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
