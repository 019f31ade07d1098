"""Documents: Markdown, reStructuredText and plain text as frozen values, with the lines they stand on.

Markdown is split into blocks by markdown-it-py; its inline parser is never run: links and emphasis are found by expressions that cannot
backtrack, so the cost grows with the length of the text. Nothing is rendered.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from inspector.bundle import File
from inspector.documents.front_matter import FrontMatter, read_blocks
from inspector.documents.prose import Link, plain_text, read_links, read_pictures

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_BLOCKS = 200_000
MAX_LINES = 100_000
MAX_CHARACTERS = 4 * 2**20
MAX_HEADING = 300
UNDERLINE = re.compile(r"([=\-~^\"'#*+.])\1{2,}\s*$")
MARKUP = frozenset({".md", ".markdown", ".mdx", ".mkd"})


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item, quotation, table row, code or raw HTML: its kind, text without markup, lines, and links.

    `kind` is `text`, `item`, `row`, `head`, `code` or `html`; `cells` are those of a table's row. `pictures` are what its images are called.
    """

    kind: str
    text: str
    first: int
    last: int
    links: tuple[Link, ...] = ()
    cells: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading, up to the next of any level: the headings above it and its own, level (0 before the first), lines."""

    path: tuple[str, ...]
    level: int
    first: int
    last: int
    blocks: tuple[Block, ...] = ()

    @property
    def heading(self) -> str:
        """The section's own heading."""
        return self.path[-1] if self.path else ""

    @property
    def links(self) -> tuple[Link, ...]:
        """The links of all blocks."""
        return tuple(link for block in self.blocks for link in block.links)

    @property
    def rows(self) -> tuple[Block, ...]:
        """The rows of all tables, their heads included."""
        return tuple(block for block in self.blocks if block.kind in {"row", "head"})

    @property
    def cells(self) -> Iterator[tuple[Block, int, str, tuple[str, ...]]]:
        """Each cell of each row, with its row, its number in it, and the head that stands above."""
        head: tuple[str, ...] = ()
        for block in self.rows:
            head = block.cells if block.kind == "head" else head
            for number, cell in enumerate(block.cells):
                yield block, number, cell, head


@dataclass(frozen=True, slots=True)
class Document:
    """A text in parts: its front matter (none, one block or two), its sections, and what is wrong with it.

    `called` is its own title where that is no heading of its sections.
    """

    front: tuple[FrontMatter, ...]
    sections: tuple[Section, ...]
    broken: str | None = None
    called: str = ""

    @property
    def keys(self) -> frozenset[str]:
        """The top-level keys of all front matter."""
        return frozenset(key for block in self.front for key in block.keys)

    @property
    def title(self) -> str:
        """What the whole document is called: its own title, else the first heading, if no other stands as high."""
        if self.called:
            return self.called
        levels = [section.level for section in self.sections if section.path]
        alone = levels and levels.count(levels[0]) == 1 and levels[0] == min(levels)
        return next(section.heading for section in self.sections if section.path) if alone else ""


def read_document(file: File) -> Document:
    """Read a file of prose, at most 16 MiB.

    Raises TooLarge beyond that. Front matter that breaks is kept as far as it goes, with the reason in `broken`.
    """
    return parse_document(file.text, markdown=file.suffix in MARKUP)


@lru_cache(maxsize=2)
def parse_document(text: str, *, markdown: bool = True) -> Document:
    """Split a text into front matter and sections; several detectors ask for the same text, so the last answers are kept."""
    whole = text[:MAX_CHARACTERS].replace("\r\n", "\n").split("\n")
    lines = tuple(whole[:MAX_LINES])
    front = read_blocks(lines) if markdown else ()
    body = list(lines)
    for block in front:
        body[block.first - 1 : block.last] = [""] * (min(block.last, len(body)) - block.first + 1)
    sections = _markdown_sections(body) if markdown else _plain_sections(body)
    cut = len(whole) > MAX_LINES or len(text) > MAX_CHARACTERS
    long = f"longer than prose is read: what follows line {len(lines)} was not read" if cut else None
    broken = next((block.broken for block in front if block.broken), long)
    return Document(front, tuple(sections), broken)


@dataclass(slots=True)
class Draft:
    """The sections of a document while it is read."""

    sections: list[Section] = field(default_factory=list)
    path: list[tuple[int, str]] = field(default_factory=list)
    first: int = 1
    blocks: list[Block] = field(default_factory=list)
    count: int = 0

    def add(self, block: Block) -> None:
        """Put a block into the section that is open; one without words and links, and more than 200,000, are left out."""
        if (block.text or block.links or block.pictures) and self.count < MAX_BLOCKS:
            self.count += 1
            self.blocks.append(block)

    def close(self, line: int) -> None:
        """End the section before a line."""
        if self.path or self.blocks:
            level = self.path[-1][0] if self.path else 0
            path = tuple(heading for _, heading in self.path)
            self.sections.append(Section(path, level, self.first, max(self.first, line - 1), tuple(self.blocks)))

    def open(self, level: int, heading: str, line: int) -> None:
        """Begin a section at a line, below those of a lower level."""
        self.close(line)
        self.path = [item for item in self.path if item[0] < level] + [(level, heading[:MAX_HEADING])]
        self.first, self.blocks = line, []


def _markdown_sections(body: Sequence[str]) -> list[Section]:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": 20}).enable("table").disable("inline")
    environment: dict[str, dict[str, dict[str, str]]] = {}
    tokens = parser.parse("\n".join(body), environment)
    targets = {label: entry["href"] for label, entry in environment.get("references", {}).items()}
    draft = Draft()
    _fill(draft, tokens, targets)
    draft.close(len(body) + 1)
    return draft.sections


def _fill(draft: Draft, tokens: "Sequence[Token]", targets: dict[str, str]) -> None:
    kinds: list[str] = []
    cells: list[Token] = []
    for index, token in enumerate(tokens):
        first, last = (token.map[0] + 1, token.map[1]) if token.map else (0, 0)
        if token.type == "heading_open":
            draft.open(int(token.tag[1]), plain_text(tokens[index + 1].content, targets), first)
            kinds.append("heading")
        elif token.type == "tr_open":
            cells = []
            kinds.append("head" if "thead" in kinds else "row")
        elif token.type == "tr_close":
            draft.add(_row(kinds.pop(), cells, targets))
        elif token.nesting:
            _nest(kinds, token)
        elif token.type == "inline" and ("row" in kinds or "head" in kinds):
            cells.append(token)
        elif token.type == "inline" and "heading" not in kinds:
            kind = "item" if "list_item" in kinds else "text"
            links, pictures = read_links(token.content, targets, first), read_pictures(token.content)
            draft.add(Block(kind, plain_text(token.content, targets), first, last, links, (), pictures))
        elif token.type == "html_block":
            draft.add(Block("html", plain_text(token.content, targets), first, last, read_links(token.content, targets, first)))
        elif token.type in {"fence", "code_block"}:
            draft.add(Block("code", token.content, first, last))


def _nest(kinds: list[str], token: "Token") -> None:
    if token.nesting > 0:
        kinds.append(token.type.removesuffix("_open"))
    elif kinds:
        kinds.pop()


def _row(kind: str, cells: "list[Token]", targets: dict[str, str]) -> Block:
    line = next((cell.map[0] + 1 for cell in cells if cell.map), 0)
    texts = tuple(plain_text(cell.content, targets) for cell in cells)
    links = tuple(link for cell in cells for link in read_links(cell.content, targets, line))
    return Block(kind, " | ".join(texts), line, line, links, texts)


def _plain_sections(body: Sequence[str]) -> list[Section]:
    """Split reStructuredText or plain text: a line that is underlined by a row of one character is a heading, in order of first use."""
    draft, levels, start = Draft(), list[str](), 0
    for number, line in enumerate([*body, ""], 1):
        mark = UNDERLINE.match(line)
        title = body[number - 2].strip() if number > 1 else ""
        if mark and title and not UNDERLINE.match(title) and len(line.strip()) >= len(title) - 1:
            if mark[1] not in levels:
                levels.append(mark[1])
            draft.open(levels.index(mark[1]) + 1, plain_text(title, {}), number - 1)
            start = number
        elif not line.strip() or mark:
            for block in _paragraph(body, start, number - 1):
                draft.add(block)
            start = number
    draft.close(len(body) + 1)
    return draft.sections


def _paragraph(body: Sequence[str], start: int, end: int) -> Iterator[Block]:
    """Give the lines after `start` up to `end` (from 1) as one block; a heading's own line is left out by its underline."""
    text = "\n".join(body[start:end])
    if text.strip() and not (end < len(body) and UNDERLINE.match(body[end]) and end - start == 1):
        kind = "code" if all(line.startswith("    ") or not line.strip() for line in body[start:end]) else "text"
        shown = text if kind == "code" else plain_text(text, {})
        yield Block(kind, shown, start + 1, end, () if kind == "code" else read_links(text, {}, start + 1))
