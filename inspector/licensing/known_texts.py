"""Licence texts and notices that are known whole, recognised by a digest of their words, so that a common bundle loads no index.

The table `standards/known-texts.tsv` is made of ScanCode's own data by `make schema`: a digest of the words, the SPDX expression, the rule, and
whether it is the text of a licence or a notice that names one.
Comment marks, copyright lines and a title do not count, as long as they hold no word that could restrict anything.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from inspector.licensing.license_words import restricts
from inspector.tables import read_shipped

TABLE = "known-texts.tsv"
FEWEST_WORDS = 12
WORD = re.compile(r"\w+")
# A line of credits and nothing else: "copyright license to reproduce" is a line of a licence.
COPYRIGHT = re.compile(
    r"^[\s#*/;%!<>\"'.\-|]*((portions )?copyright\s*(\(c\)|©|[12]\d{3}|by\b|:|[<{\[]|the .{1,60}(authors|contributors|team|inc))|©"
    r"|\(c\)\s*(copyright\s*)?[12]\d{3}|all rights reserved\W*$|spdx-(file)?copyright)",
    re.IGNORECASE,
)
HOLDER = re.compile(
    r"(copyright|\(c\)|©).{0,20}\b[12]\d{3}\b.*[^\W\d]{2,}|copyright\W{0,5}(\(c\)|©|by\b).{0,5}[^\W\d]{2,}|copyright .{3,60}(authors|contributors)",
    re.IGNORECASE,
)
TEMPLATE = re.compile(
    r"[<\[{](year|yyyy|name|copyright|fullname|owner)|free software foundation|creative commons corporation", re.IGNORECASE
)
LONGEST_CREDIT = 200
TITLE = re.compile(r"^[\s#*/;=\-]*(the )?[\w .,()-]{0,40}licen[sc]e[\w .,()-]{0,30}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KnownText:
    """A text that is known whole: its SPDX expression, ScanCode's rule, and whether it is a licence's text or a notice that names the licence."""

    expression: str
    rule: str
    full: bool


def recognise_text(text: str) -> KnownText | None:
    """Find a text that is known whole; None for any other."""
    table = load_known_texts()
    return next((table[digest] for digest in digest_text(text) if digest in table), None)


@cache
def load_known_texts() -> dict[str, KnownText]:
    """Read the table once, by the digest of the text."""
    rows = (line.split("\t") for line in read_shipped(TABLE).decode().splitlines())
    return {digest: KnownText(expression, rule, kind == "text") for digest, expression, rule, kind in rows}


def write_known_texts(texts: Iterable[tuple[str, KnownText]]) -> str:
    """Write the table from texts and what each is, sorted; of texts with the same words the first rule by name counts."""
    table: dict[str, KnownText] = {}
    for text, known in sorted(texts, key=lambda row: row[1].rule):
        for digest in digest_text(text):
            table.setdefault(digest, known)
            break
    rows = ((digest, known.expression, known.rule, "text" if known.full else "notice") for digest, known in sorted(table.items()))
    return "".join("\t".join(row) + "\n" for row in rows)


def digest_text(text: str) -> Iterator[str]:
    """Digest the words of a text: as it stands without its copyright lines, then without its title too. Nothing for very short texts."""
    lines = [line for line in text.splitlines() if line.strip() and not _is_credit(line)]
    for kept in (lines, lines[1:] if lines and _is_title(lines[0]) else []):
        words = [word for line in kept for word in WORD.findall(line.lower())]
        if len(words) >= FEWEST_WORDS:
            yield sha256(" ".join(words).encode()).hexdigest()[:32]


def find_credit(text: str) -> str:
    """Find the first copyright line that names a holder, of at most 200 characters; a template's "<year> <copyright holders>" names none."""
    for line in text.splitlines():
        if len(line) <= LONGEST_CREDIT and HOLDER.search(line) and not TEMPLATE.search(line):
            return line.strip(" #*/;\t")
    return ""


def _is_credit(line: str) -> bool:
    return COPYRIGHT.match(line) is not None and not restricts(set(WORD.findall(line.lower())))


def _is_title(line: str) -> bool:
    return TITLE.match(line) is not None and not restricts(set(WORD.findall(line.lower())))
