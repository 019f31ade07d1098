"""Statements of terms at the top of source files: an SPDX tag, or the comments before the first code."""

import re
from collections.abc import Iterator, Sequence

from inspector.detector import Declared, Passage
from inspector.model import Component, Scope, Source, Span

TAG_LINES = 60
HEADER_LINES = 200
LONGEST = 16_384
LONGEST_LINE = 1_000
TAG = re.compile(r"SPDX-License-Identifier:[ \t]*([^\s*][^\r\n]{0,199})")
ENDS = re.compile(r"[ \t]*(?:\*+/|-->|--\]\]|\"\"\"|''').*$")
TERMS = re.compile(
    r"licen[cs]e|permission is hereby|public domain|redistribution and use|all rights reserved|terms of use|gnu general public|mozilla public|"
    r"proprietary|confidential|trade secret|unauthori[sz]ed",
    re.I,
)
HASHES = frozenset({".py", ".sh", ".r", ".jl", ".slurm", ".sbatch", ".bash", ".yaml", ".yml", ".toml", ".gin", ".cfg"})
DASHES = frozenset({".lua"})
FENCES = {'"""': '"""', "'''": "'''", "/*": "*/", "--[[": "]]", "#=": "=#"}


def read_header(lines: Sequence[str], suffix: str) -> Iterator[Declared | Passage]:
    """Give the terms that the top of a source file states: its SPDX tag (first 60 lines), else the comment blocks that speak of terms."""
    for number, line in enumerate(lines[:TAG_LINES], 1):
        if (tag := TAG.search(line[:LONGEST_LINE])) is not None and (text := ENDS.sub("", tag[1]).strip()):
            span = Span(number, number)
            yield Declared(text, Component.UNSPECIFIED, Scope.FILE, Source.HEADER, span=span, excerpt=line.strip()[:200])
            return
    about = [(start, text) for start, text in _comment_blocks(lines[:HEADER_LINES], suffix) if TERMS.search(text)]
    if about:
        last_start, last_text = about[-1]
        end = last_start + last_text.count("\n")
        text = "\n".join(line[:LONGEST_LINE] for line in lines[about[0][0] - 1 : end])[:LONGEST]
        yield Passage(text, Component.UNSPECIFIED, Scope.FILE, Source.HEADER, first_line=about[0][0])


def _comment_blocks(lines: Sequence[str], suffix: str) -> Iterator[tuple[int, str]]:
    """List the blocks of comments before the first code, each with its first line; a blank line or another kind of comment ends a block."""
    marks = "#" if suffix in HASHES else "--" if suffix in DASHES else "//"
    number = 0
    while number < len(lines):
        line, start = lines[number].strip()[:LONGEST_LINE], number
        fence = next((FENCES[opening] for opening in FENCES if line.lstrip("rRuU").startswith(opening)), None)
        if fence is not None:
            number += 1
            if line.count(fence) < (2 if fence in "\"\"\"'''" else 1):
                while number < len(lines) and fence not in lines[number]:
                    number += 1
                number += 1
        elif line.startswith(marks):
            while number < len(lines) and lines[number].strip().startswith(marks) and lines[number].strip() != "":
                number += 1
        elif line in {"", "<?php", '"use strict";'}:
            number += 1
            continue
        else:
            return
        yield start + 1, "\n".join(lines[start : min(number, len(lines))])
