"""Statements of terms at the top of source files: an SPDX tag, or the comments before the first code."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from inspector.detector import Declared, Passage
from inspector.licensing.license_files import SIDECAR
from inspector.licensing.restrictions import restrict_text
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
DUNDER = re.compile(r"__licen[cs]e__\s*=\s*[\"']([^\"']{1,200})[\"']")
FOUND_IN = re.compile(
    r"licen[cs]e\w*\b[^.;]{0,60}\b(?:found|contained|described|given|provided|stated) in (?:the )?([\w./-]{1,80}) file\b"
    r"|\bsee (?:the )?([\w/-]*licen[cs]e[\w./-]*)",
    re.IGNORECASE,
)
USUAL = re.compile(r"(\W*)(licen[cs]e|copying|notice|root|the|this|file|accompanying)s?([.-](txt|md|rst))?\W*", re.IGNORECASE)
FORBIDS = re.compile(
    r"commercial|research|prohibit|forbid|license-nc|\bby-n[cd]\b|may not|must not|non-?commercial|\u7981|\u4ec5", re.IGNORECASE
)
MOST = 20
HASHES = frozenset({".py", SIDECAR, ".sh", ".r", ".jl", ".slurm", ".sbatch", ".bash", ".yaml", ".yml", ".toml", ".gin", ".cfg"})
DASHES = frozenset({".lua"})
FENCES = {'"""': '"""', "'''": "'''", "/*": "*/", "--[[": "]]", "#=": "=#"}


def read_header(lines: Sequence[str], suffix: str) -> Iterator[Declared | Passage]:
    """Give the terms that a source file states: its SPDX tags, the comment blocks at its top that speak of terms, and what comments forbid."""
    tags = tuple(read_tags(lines, suffix))
    yield from tags
    for number, line in enumerate(lines[:HEADER_LINES], 1):
        if match := DUNDER.match(line[:LONGEST_LINE]):
            yield _declare(match[1], number, line)
    about = [(start, text) for start, text in _comment_blocks(lines[:HEADER_LINES], suffix) if TERMS.search(text)]
    if about and not tags:
        last_start, last_text = about[-1]
        end = last_start + last_text.count("\n")
        text = "\n".join(line[:LONGEST_LINE] for line in lines[about[0][0] - 1 : end])[:LONGEST]
        yield from _named_files(text, about[0][0])
        yield Passage(text, Component.UNSPECIFIED, Scope.FILE, Source.HEADER, first_line=about[0][0])
    yield from islice(_restrictions(lines[:HEADER_LINES], suffix), MOST)


def read_tags(lines: Sequence[str], suffix: str) -> Iterator[Declared]:
    """Give the SPDX tags of a file: any in its first 60 lines, and below them those in comments. All of them apply."""
    mark = _mark(suffix)
    for number, line in enumerate(lines, 1):
        if "SPDX-License-Identifier" not in line or (number > TAG_LINES and not line.lstrip().startswith((mark, "*", "/*", "<!--"))):
            continue
        if (tag := TAG.search(line[:LONGEST_LINE])) is not None and (text := ENDS.sub("", tag[1]).strip()):
            yield _declare(text, number, line)


def _declare(text: str, number: int, line: str, link: str | None = None) -> Declared:
    span, told = Span(number, number), line.strip()[:200]
    return Declared(text, Component.UNSPECIFIED, Scope.FILE, Source.HEADER, link=link, span=span, pointer="header", excerpt=told)


def _named_files(text: str, first_line: int) -> Iterator[Declared]:
    """Give the licence files other than the usual one that a header leads to: "the license found in the MODEL_LICENSE file"."""
    for match in FOUND_IN.finditer(" ".join(line.strip(" \t#*/;-") for line in text.splitlines())):
        named = (match[1] or match[2]).rstrip(".")
        if not USUAL.fullmatch(named):
            yield _declare("", first_line, match[0], link=named)


def _restrictions(lines: Sequence[str], suffix: str) -> Iterator[Declared]:
    """List what comments forbid, wherever they stand in the first lines; comments on lines that follow each other are one text."""
    mark = _mark(suffix)
    runs: list[tuple[int, list[str]]] = []
    for number, line in enumerate(lines, 1):
        if not (text := line.strip()[:LONGEST_LINE]).startswith((mark, "*", "/*", "//")):
            continue
        if not runs or runs[-1][0] + len(runs[-1][1]) != number:
            runs.append((number, []))
        runs[-1][1].append(text.lstrip("#*/;- "))
    for first, text in _comment_blocks(lines, suffix):
        if not text.lstrip().startswith(mark):
            runs.append((first, [line.strip() for line in text.splitlines()]))
    for first, texts in runs:
        if FORBIDS.search(text := " ".join(texts)):
            yield from restrict_text(text, Scope.FILE, first_line=first)


def _mark(suffix: str) -> str:
    return "#" if suffix in HASHES else "--" if suffix in DASHES else "//"


def _comment_blocks(lines: Sequence[str], suffix: str) -> Iterator[tuple[int, str]]:
    """List the blocks of comments before the first code, each with its first line; a blank line or another kind of comment ends a block."""
    marks = _mark(suffix)
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
