"""LaTeX source as a flat list of tokens with their lines, and where each brace and bracket ends: in one pass, without recursion.

Comments are gone, listings are whole. Source: The TeXbook, chapters 7 and 8; the LaTeX reference manual.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import NamedTuple

from inspector.model import Frozen
from inspector.tables import load_table

MAX_TOKENS = 300_000
LONGEST_RAW = 1_000
# Commands behind which text stands literally, and the kind of token that it becomes.
RAW = {"verb": "text", "lstinline": "text", "url": "url", "nolinkurl": "url", "path": "text", "href": "href"}
ESCAPED = re.compile(r"\\([%#&_~{}])")
PIECE = re.compile(
    r"(?P<comment>%[^\n]*(?:\n[ \t]*)?)"
    r"|\\begin[ \t]?\{(?P<begin>[A-Za-z]{1,30})\*?\}"
    r"|\\end[ \t]?\{(?P<end>[A-Za-z]{1,30})\*?\}"
    r"|\\(?P<command>[A-Za-z@]{1,60})\*?"
    r"|(?P<row>\\\\\*?)"
    r"|(?P<math>\$\$?|\\[()\[\]])"
    r"|\\(?P<symbol>.|\n)"
    r"|(?P<blank>\n[ \t]*\n\s*)"
    r"|(?P<open>\{)|(?P<close>\})|(?P<left>\[)|(?P<right>\])|(?P<cell>&)"
    r"|(?P<text>[^\\%${}\[\]&\n]+|\n|\\)"
)
SYMBOLS = {",": " ", ";": " ", ":": " ", " ": " ", "\n": " ", ">": " ", "!": "", "-": "", "/": "", "@": ""}
ACCENTS = frozenset("'\"`^~=.")


class TexWords(Frozen, frozen=True):
    """The table of LaTeX's words."""

    levels: dict[str, int]
    commands: dict[str, tuple[str, ...]]
    dropped: dict[str, int]
    characters: dict[str, str]
    numbers: dict[str, str]
    environments: dict[str, tuple[str, ...]]
    tables: dict[str, int]


@cache
def load_tex_words() -> TexWords:
    """Read the table once."""
    return load_table("tex-words.toml", TexWords)


class Token(NamedTuple):
    """A piece of a source: its kind, text and line.

    Kinds are `begin`, `end`, `command`, `row`, `math`, `blank`, `open`, `close`, `left`, `right`, `cell`, `url`,
    `href`, `text` and `code`.
    """

    kind: str
    text: str
    line: int


class Source:
    """The tokens of a source, and for each brace and bracket the index of the one that ends it. `cut` is the line at which reading stopped."""

    def __init__(self, text: str) -> None:
        self.tokens = list(islice(_pieces(text), MAX_TOKENS + 1))
        self.cut = self.tokens[-2].line if len(self.tokens) > MAX_TOKENS else 0
        del self.tokens[MAX_TOKENS:]
        self.ends = dict(_pair(self.tokens))
        self.closed = {token.text: index for index, token in enumerate(self.tokens) if token.kind == "end"}

    def skip_space(self, index: int) -> int:
        """Give the index of the next token that is no white space; a paragraph's end is none."""
        while index < len(self.tokens) and self.tokens[index].kind == "text" and not self.tokens[index].text.strip():
            index += 1
        return index

    def argument(self, index: int) -> tuple[range, int]:
        """Find the argument in braces that begins at an index, white space aside: its tokens and the index behind it; nothing without a brace."""
        start = self.skip_space(index)
        end = self.ends.get(start)
        if end is None or self.tokens[start].kind != "open":
            return range(0), index
        return range(start + 1, end), end + 1

    def option(self, index: int) -> tuple[range, int]:
        """Find the argument in brackets that begins at an index: its tokens and the index behind it; nothing without a bracket."""
        end = self.ends.get(index)
        if end is None or self.tokens[index].kind != "left":
            return range(0), index
        return range(index + 1, end), end + 1

    def is_open(self, index: int) -> bool:
        """Say whether the environment that begins at an index is ended anywhere behind it."""
        return self.closed.get(self.tokens[index].text, -1) > index

    def spell(self, part: range, macros: Mapping[str, str], most: int = 2_000) -> str:
        """Give the words of some tokens: commands leave their arguments, known macros their texts; at most so many characters."""
        parts: list[str] = []
        length = 0
        for index in part:
            token = self.tokens[index]
            word = token.text if token.kind in {"text", "url", "left", "right", "cell"} else ""
            if token.kind == "command":
                word = macros.get(token.text, load_tex_words().characters.get(token.text, ""))
            elif token.kind in {"row", "blank"}:
                word = " "
            parts.append(word)
            length += len(word)
            if length > most:
                break
        return tidy("".join(parts))[:most]


def tidy(text: str) -> str:
    """Write single spaces."""
    return " ".join(text.split())


def _pieces(text: str) -> Iterator[Token]:
    """Cut a source into tokens; a symbol or a `verb` command becomes text, an address or a listing is one token."""
    place, line, endless = 0, 1, set[str]()
    while match := PIECE.match(text, place):
        kind, end = match.lastgroup or "text", match.end()
        token = Token(kind, match[kind], line)
        if kind == "symbol":
            token = Token("text", SYMBOLS.get(match[kind], "" if match[kind] in ACCENTS else match[kind]), line)
        elif kind == "text":
            token = Token("text", _write(match[kind]), line)
        elif kind == "command" and match[kind] in RAW:
            token, end = _raw(text, end, token)
        elif kind == "begin" and match[kind] in load_tex_words().environments["code"] and match[kind] not in endless:
            close = text.find(f"\\end{{{match[kind]}", end)
            if close < 0:
                endless.add(match[kind])
            else:
                token, end = Token("code", text[end:close], line), text.find("}", close) + 1 or len(text)
        if kind != "comment":
            yield token
        line += text.count("\n", place, end)
        place = end


def _write(text: str) -> str:
    """Write what TeX's ligatures stand for."""
    return text.replace("~", " ").replace("``", '"').replace("''", '"').replace("---", " - ").replace("--", "-")


def _raw(text: str, start: int, token: Token) -> tuple[Token, int]:
    """Read what stands literally behind a command: an address in braces, the text between the marks of a `verb` command."""
    kind = RAW[token.text]
    mark = text[start : start + 1]
    if not mark.strip() or (kind != "text" and mark != "{"):
        return token, start
    end = text.find("}" if mark == "{" else mark, start + 1, start + LONGEST_RAW)
    if end < 0 or (kind == "text" and "\n" in text[start:end]):
        return token, start
    inside = text[start + 1 : end]
    return Token(kind, inside if kind == "text" else ESCAPED.sub(r"\1", tidy(inside).replace(" ", "")), token.line), end + 1


def _pair(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Pair braces as they nest, and each bracket with the next that closes one on the same level of braces."""
    braces, brackets = list[int](), list[list[int]]([[]])
    for index, token in enumerate(tokens):
        if token.kind == "open":
            braces.append(index)
            brackets.append([])
        elif token.kind == "close" and braces:
            yield braces.pop(), index
            brackets.pop()
        elif token.kind == "left":
            brackets[-1].append(index)
        elif token.kind == "right" and brackets[-1]:
            yield brackets[-1].pop(), index
