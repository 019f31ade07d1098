"""What a LaTeX source puts on the page while it is read: the paragraph, item or table row that is open, and the sections before it."""

from dataclasses import dataclass, field

from inspector.documents.document import Block, Draft
from inspector.documents.prose import Link
from inspector.documents.tex_tokens import tidy

MAX_CELLS = 100


@dataclass(slots=True)
class Flow:
    """Text is written into the block that is open; a table is open while `depth` is above 0, and inner tables are text of their cell."""

    draft: Draft = field(default_factory=Draft)
    links: list[Link] = field(default_factory=list)
    lists: int = 0
    depth: int = 0
    _parts: list[str] = field(default_factory=list)
    _first: int = 0
    _last: int = 0
    _cells: list[str] = field(default_factory=list)
    _rows: list[Block] = field(default_factory=list)

    def write(self, text: str, line: int) -> None:
        """Add text that stands at a line."""
        if text.strip():
            self._first, self._last = self._first or line, line
        if self._first:
            self._parts.append(text)

    def link(self, text: str, target: str, line: int) -> None:
        """Add a link that stands at a line."""
        self.links.append(Link(text, target, line))

    def flush(self) -> None:
        """End the paragraph or item."""
        if self.depth:
            self._parts.append(" ")
            return
        text = tidy("".join(self._parts))
        if text or self.links:
            first = self._first or self.links[0].line
            self.draft.add(Block("item" if self.lists else "text", text, first, max(first, self._last), tuple(self.links)))
        self._clear()

    def _clear(self) -> None:
        self._parts, self.links, self._first, self._last = [], [], 0, 0

    def section(self, level: int, heading: str, line: int) -> None:
        """End what is open and begin a section."""
        self._finish()
        self.draft.open(level, heading, line)

    def code(self, text: str, line: int) -> None:
        """Add a listing that begins at a line."""
        self.flush()
        self.draft.add(Block("code", text.strip("\n"), line, line + text.rstrip("\n").count("\n")))

    def open_table(self) -> None:
        """Begin a table, or one inside of a cell."""
        if not self.depth:
            self.flush()
        self.depth += 1

    def close_table(self) -> None:
        """End a table; its rows become blocks, the first its head."""
        self.depth -= 1
        if not self.depth:
            self._end_row()
            rows, self._rows = self._rows, []
            for row in rows:
                self.draft.add(row)

    def cell(self, line: int) -> None:
        """End a cell."""
        if self.depth == 1:
            self._end_cell()
            self._first = self._first or line
        else:
            self.write(" ", line)

    def row(self, line: int) -> None:
        """End a row; outside of a table this is only a new line."""
        if self.depth == 1:
            self._end_row()
        else:
            self.write(" ", line)

    def _end_cell(self) -> None:
        if len(self._cells) < MAX_CELLS:
            self._cells.append(tidy("".join(self._parts)))
        self._parts = []

    def _end_row(self) -> None:
        self._end_cell()
        if any(self._cells) or self.links:
            first = self._first or self.links[0].line
            kind, cells = "row" if self._rows else "head", tuple(self._cells)
            self._rows.append(Block(kind, " | ".join(cells), first, max(first, self._last), tuple(self.links), cells))
        self._cells = []
        self._clear()

    def _finish(self) -> None:
        """End the paragraph, and tables and lists that were never ended."""
        if self.depth:
            self.depth = 1
            self.close_table()
        self.flush()
        self.lists = 0

    def close(self, line: int) -> None:
        """End everything before a line."""
        self._finish()
        self.draft.close(line)
