"""LaTeX as a document: sections, paragraphs, items and rows of tables with the lines of the file; formulas and comments are left out.

Nothing is expanded but commands without arguments that stand for a few words, and nothing is followed: the files that a source is made up of are
named. Each token is looked at a bounded number of times. Source: the LaTeX reference manual.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.documents.document import MAX_CHARACTERS, Document
from inspector.documents.tex_flow import Flow
from inspector.documents.tex_tokens import Source, Token, load_tex_words, tidy

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_INPUTS = 100
MAX_MACROS = 500
LONGEST_MACRO = 200
LONGEST_NUMBER = 60
MAX_KEYS = 30
CITE = re.compile(r"(no|full|foot|paren|text|auto|smart)?[Cc]ite[a-zA-Z]{0,12}")
NUMBER = re.compile(r"[\d\s.,~x<>=±%^+/-]{1,60}")
TRIM = re.compile(r"\s*\([lr]{1,2}\)\s*")
REFERENCES = "References"


@dataclass(frozen=True, slots=True)
class TexDocument:
    """A source that was read: its sections, the files that it names as parts of itself with their lines, and whether it is a whole document."""

    document: Document
    inputs: tuple[tuple[str, int], ...]
    whole: bool


def read_tex(text: str) -> TexDocument:
    """Read the first 4 MiB of a source, at most 300,000 tokens of it; what was not read is said in the document's `broken`."""
    return _Reader(Source(text[:MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n")), cut=len(text) > MAX_CHARACTERS).read()


class _Reader:
    """Walks over tokens once; `_step` handles one and says which is next."""

    def __init__(self, source: Source, *, cut: bool) -> None:
        self.source, self.words = source, load_tex_words()
        self.flow = Flow()
        self.title, self.inputs, self.macros = "", list[tuple[str, int]](), dict[str, str]()
        self._closers: set[int] = set()
        self._formula: list[str] | None = None
        self._cut = cut
        starts = (index for index, token in enumerate(source.tokens) if token.kind == "begin" and token.text == "document")
        self._body = next(starts, -1)
        self._handlers: dict[str, Callable[[int, Token], int]] = {
            "begin": self._begin,
            "end": self._end,
            "command": self._command,
            "row": self._row,
            "cell": self._cell,
            "url": self._address,
            "href": self._named_address,
            "code": self._code,
        }

    def read(self) -> TexDocument:
        """Read all tokens."""
        index, tokens = 0, self.source.tokens
        while index < len(tokens):
            token = tokens[index]
            if token.kind == "math" or (self._formula is not None and token.kind != "blank"):
                index = self._in_formula(index, token)
            elif index < self._body and token.kind not in {"command", "begin"}:
                index += 1
            else:
                index = self._step(index, token)
        last = tokens[-1].line + tokens[-1].text.count("\n") if tokens else 1
        self.flow.close(last + 1)
        line = self.source.cut or (last if self._cut else 0)
        broken = f"longer than a paper is read: what follows line {line} was not read" if line else None
        document = Document((), tuple(self.flow.draft.sections), broken, self.title)
        return TexDocument(document, tuple(self.inputs[:MAX_INPUTS]), self._body >= 0)

    def _step(self, index: int, token: Token) -> int:
        if (handler := self._handlers.get(token.kind)) is not None:
            return handler(index, token)
        if token.kind == "blank":
            self._formula = None
            self.flow.flush()
        elif token.kind in {"text", "left", "right"}:
            self.flow.write(token.text, token.line)
        elif token.kind == "close" and index in self._closers:
            self.flow.write(") ", token.line)
        return index + 1

    def _in_formula(self, index: int, token: Token) -> int:
        """Collect a formula; a short one that is only a number says it, all others say nothing."""
        if token.kind == "math" and self._formula is None:
            self._formula = []
        elif token.kind == "math":
            text, self._formula = tidy("".join(self._formula or ())), None
            if NUMBER.fullmatch(text) and any(char.isdigit() for char in text):
                self.flow.write(text, token.line)
        elif self._formula is not None and len(self._formula) <= LONGEST_NUMBER:
            self._formula.append(self.words.numbers.get(token.text, "?") if token.kind == "command" else token.text.strip("{}"))
        return index + 1

    def _begin(self, index: int, token: Token) -> int:
        name, environments = token.text, self.words.environments
        if name in self.words.tables:
            return self._open_table(index, self.words.tables[name])
        if name in environments["left_out"] and self.source.is_open(index):
            return self._skip_to(index, name)
        if name in environments["abstracts"]:
            self.flow.section(self.words.levels["section"], "Abstract", token.line)
        elif name in environments["references"]:
            self.flow.section(self.words.levels["section"], REFERENCES, token.line)
        elif name in environments["lists"]:
            self.flow.flush()
            self.flow.lists += 1
        else:
            self.flow.flush()
        return self.source.option(index + 1)[1]

    def _end(self, index: int, token: Token) -> int:
        if token.text in self.words.tables and self.flow.depth:
            self.flow.close_table()
            return index + 1
        self.flow.flush()
        if token.text in self.words.environments["lists"]:
            self.flow.lists = max(0, self.flow.lists - 1)
        return index + 1

    def _skip_to(self, index: int, name: str) -> int:
        """Find the end of an environment that is left out."""
        tokens = self.source.tokens
        while index < len(tokens) and not (tokens[index].kind == "end" and tokens[index].text == name):
            index += 1
        return index + 1

    def _command(self, index: int, token: Token) -> int:
        name, commands, after = token.text, self.words.commands, index + 1
        if name in commands["titles"]:
            part, after = self.source.argument(self.source.option(after)[1])
            self.title = self.title or self.source.spell(part, self.macros)
        elif name in commands["macros"] or name == "def":
            after = self._macro(after)
        elif name in commands["inputs"]:
            part, after = self.source.argument(after)
            if path := self.source.spell(part, self.macros, 300):
                self.inputs.append((path, token.line))
        elif name in self.words.dropped:
            after = self._drop(after, self.words.dropped[name])
        elif name == "iffalse":
            after = self._skip_false(index)
        elif index > self._body:
            after = self._in_body(index, token)
        return after

    def _in_body(self, index: int, token: Token) -> int:
        name, after = token.text, index + 1
        if name in self.words.levels:
            part, after = self.source.argument(self.source.option(after)[1])
            if heading := self.source.spell(part, self.macros).rstrip(".: "):
                self.flow.section(self.words.levels[name], heading, token.line)
        elif name == "item":
            after = self._item(after, token)
        elif name in self.words.commands["footnotes"]:
            after = self._footnote(after, token)
        elif name in self.words.commands["rows"]:
            after = self._row(index, token)
        elif name == "par":
            self.flow.flush()
        elif CITE.fullmatch(name):
            after = self._cite(after, token)
        else:
            self.flow.write(self.macros.get(name, self.words.characters.get(name, "")), token.line)
        return after

    def _item(self, after: int, token: Token) -> int:
        self.flow.flush()
        part, after = self.source.option(after)
        if label := self.source.spell(part, self.macros, 300):
            self.flow.write(f"{label.rstrip(':')}: ", token.line)
        return after

    def _footnote(self, after: int, token: Token) -> int:
        """Put a footnote in parentheses where its mark stands."""
        start = self.source.skip_space(self.source.option(after)[1])
        if start in self.source.ends and self.source.tokens[start].kind == "open":
            self.flow.write(" (", token.line)
            self._closers.add(self.source.ends[start])
            return start + 1
        return after

    def _cite(self, after: int, token: Token) -> int:
        for _ in range(2):
            after = self.source.option(after)[1]
        part, after = self.source.argument(after)
        for key in self.source.spell(part, self.macros).split(",")[:MAX_KEYS]:
            if key.strip():
                self.flow.link("", f"#{key.strip()[:200]}", token.line)
        return after

    def _drop(self, after: int, count: int) -> int:
        tokens = self.source.tokens
        for _ in range(count):
            after = self.source.option(self.source.skip_space(after))[1]
            if after < len(tokens) and tokens[after].kind == "text" and TRIM.fullmatch(tokens[after].text):
                after += 1
            after = self.source.argument(after)[1]
        return after

    def _macro(self, after: int) -> int:
        """Keep a command that stands for a few words; one with arguments is passed over."""
        start = self.source.skip_space(after)
        tokens, name = self.source.tokens, ""
        if start < len(tokens) and tokens[start].kind == "command":
            name, after = tokens[start].text, start + 1
        else:
            part, after = self.source.argument(after)
            name = next((tokens[index].text for index in part if tokens[index].kind == "command"), "")
        options, after = self.source.option(after)
        body, after = self.source.argument(self.source.option(after)[1])
        if name and not options and len(body) <= LONGEST_MACRO and len(self.macros) < MAX_MACROS:
            self.macros[name] = self.source.spell(body, self.macros, LONGEST_MACRO)
        return after

    def _skip_false(self, index: int) -> int:
        """Leave out what stands between `iffalse` and its `fi`."""
        tokens, depth = self.source.tokens, 0
        while index < len(tokens):
            if tokens[index].kind == "command":
                name = tokens[index].text
                depth += name.startswith("if") - (name == "fi")
            index += 1
            if not depth:
                break
        return index

    def _address(self, index: int, token: Token) -> int:
        self.flow.link("", token.text, token.line)
        self.flow.write(token.text, token.line)
        return index + 1

    def _named_address(self, index: int, token: Token) -> int:
        part, after = self.source.argument(index + 1)
        words = self.source.spell(part, self.macros)
        self.flow.link(words, token.text, token.line)
        self.flow.write(words or token.text, token.line)
        return after

    def _code(self, index: int, token: Token) -> int:
        self.flow.code(token.text, token.line)
        return index + 1

    def _open_table(self, index: int, arguments: int) -> int:
        self.flow.open_table()
        return self._drop(index + 1, arguments)

    def _cell(self, index: int, token: Token) -> int:
        self.flow.cell(token.line)
        return index + 1

    def _row(self, index: int, token: Token) -> int:
        self.flow.row(token.line)
        return self.source.option(index + 1)[1]
