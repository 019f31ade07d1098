"""Facts of a source file that is not Python 3, matched by expressions line by line: Python 2, and files that break off.

Names are followed through imports only. What stands in comments is left out; what stands in texts over several lines is not told apart from code.
"""

import re
from collections.abc import Iterator, Mapping

from inspector.sources.facts import LONGEST_TEXT, Fact, split_words

LONGEST_LINE = 2_000
MOST_LINES = 40_000
IMPORT = re.compile(r"\s*import\s+([\w., \t]+)")
FROM = re.compile(r"\s*from\s+([\w.]+)\s+import\s+\(?([\w., \t*]+)")
DEFINED = re.compile(r"\s*(?:async\s+)?(def|class)\s+(\w+)\s*(?:\(([^)]{0,500}))?")
PRINTED = re.compile(r"^\s*print\b")
CALLED = re.compile(r"(?<![\w.])([A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,8})\s*\(")
METHOD = re.compile(r"[\])]\.([A-Za-z_]\w*)\s*\(")
TEXT = re.compile(r"\"([^\"\\\n]{0,80})\"|'([^'\\\n]{0,80})'")
KEY = re.compile(r"\[[\"'](\w{1,40})[\"']\]")
COMMENT = re.compile(r"^([^\"'#]*)#.*$")
WORD = re.compile(r"[A-Za-z_][\w.]*")
NO_CALLS = frozenset(
    {
        "if",
        "elif",
        "while",
        "for",
        "return",
        "print",
        "and",
        "or",
        "not",
        "in",
        "assert",
        "lambda",
        "yield",
        "def",
        "class",
        "with",
        "except",
        "del",
        "exec",
        "raise",
    }
)


def scan_facts(lines: tuple[str, ...]) -> tuple[Fact, ...]:
    """List the facts that single lines show: imports, calls, methods, definitions, keys and short texts."""
    held: dict[tuple[str, str], Fact] = {}
    aliases: dict[str, str] = {}
    for number, line in enumerate(lines[:MOST_LINES], 1):
        code = COMMENT.sub(r"\1", line[:LONGEST_LINE])
        aliases.update(_aliases(code))
        for kind, name in _of_line(code, aliases):
            held.setdefault((kind, name), Fact(kind, name, number))
    return tuple(held.values())


def _aliases(code: str) -> Iterator[tuple[str, str]]:
    """List what the names of an import stand for."""
    if (match := FROM.match(code)) is not None:
        package = "~" + match[1] if match[1].startswith(".") else match[1]
        for item in match[2].split(","):
            words = item.split()
            if words and words[0] != "*":
                yield words[-1], f"{package}.{words[0]}"
    elif (match := IMPORT.match(code)) is not None:
        for item in match[1].split(","):
            words = item.split()
            if words:
                yield (words[-1], words[0]) if len(words) > 1 else (words[0].partition(".")[0], words[0].partition(".")[0])


def _of_line(code: str, aliases: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if FROM.match(code) is not None or IMPORT.match(code) is not None:
        for _, name in _aliases(code):
            yield "import", name
            yield from (("given", word) for word in split_words(name.rpartition(".")[2]))
        return
    if (match := DEFINED.match(code)) is not None:
        yield match[1], match[2]
        yield from (("own", word) for word in split_words(match[2]))
        for name in WORD.findall(match[3] or ""):
            yield ("base" if match[1] == "class" else "arg"), _named(name, aliases)
        return
    if PRINTED.match(code) is not None:
        yield "call", "print"
    for match in CALLED.finditer(code):
        if match[1] not in NO_CALLS:
            yield "call", _named(match[1], aliases)
            head, _, last = match[1].rpartition(".")
            if head and head.partition(".")[0] not in aliases:
                yield "method", last
    yield from (("method", match[1]) for match in METHOD.finditer(code))
    yield from (("key", match[1]) for match in KEY.finditer(code))
    for match in TEXT.finditer(code):
        yield "text", (match[1] or match[2] or "")[:LONGEST_TEXT]


def _named(name: str, aliases: Mapping[str, str]) -> str:
    first, dot, rest = name.partition(".")
    return f"{aliases[first]}{dot}{rest}" if first in aliases else name
