"""The text of a Word document: paragraphs, headings by their style, and rows of tables. Lines of the document are numbers of its paragraphs.

The XML is never parsed as such: the few elements that hold text are found in order, entities are the five of XML, and nothing is resolved.
Source: ECMA-376, part 1, sections 17.3 (paragraphs and runs) and 17.4 (tables).
"""

import re
from dataclasses import dataclass, field
from html import unescape

from inspector.archives.directory import read_directory, read_member
from inspector.bundle import File
from inspector.documents.document import Block, Document, Draft
from inspector.documents.prose import BARE, Link
from inspector.errors import Malformed

MAIN = "word/document.xml"
LARGEST = 16 * 2**20
MOST_PARAGRAPHS = 100_000
LONGEST = 20_000
ELEMENT = re.compile(
    r'<w:pStyle\s[^<>]{0,200}w:val="(?P<style>[^"<>]{1,100})"[^<>]{0,200}>'
    r"|<w:t(?:\s[^<>]{0,200})?>(?P<text>[^<]*)</w:t>"
    r"|<w:(?P<space>tab|br|cr)(?:\s[^<>]{0,200})?/>"
    r"|</w:(?P<end>p|tc|tr|tbl)>|<w:(?P<begin>tbl)>"
)
HEADING = re.compile(r"(?:Heading|berschrift|Titre|T.tulo)\s?(\d)|(Title)", re.I)


def read_docx(file: File) -> Document | None:
    """Read the main part of a Word document, at most 16 MiB of XML; None when the zip file has no such part.

    Raises Malformed when the zip file is broken, TooLarge beyond the limit.
    """
    member = next((member for member in read_directory(file).members if member.name == MAIN), None)
    if member is None:
        return None
    data, whole = read_member(file, member, LARGEST)
    if not whole:
        raise Malformed(f"{MAIN}: its checksum does not fit")
    return parse_docx(data.decode("utf-8", "replace"))


def parse_docx(xml: str) -> Document:
    """Split the XML of a main part into sections."""
    reader = _Reader()
    for match in ELEMENT.finditer(xml):
        reader.take(match)
        if reader.paragraph > MOST_PARAGRAPHS:
            break
    reader.draft.close(reader.paragraph + 1)
    return Document((), tuple(reader.draft.sections), None, reader.title)


@dataclass(slots=True)
class _Reader:
    """Collects the text of the paragraph that is open, and the cells of the row."""

    draft: Draft = field(default_factory=Draft)
    paragraph: int = 1
    title: str = ""
    _style: str = ""
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _cells: list[str] = field(default_factory=list)
    _cell: list[str] = field(default_factory=list)
    _depth: int = 0
    _rows: int = 0

    def take(self, match: re.Match[str]) -> None:
        """Take the next element."""
        if match["style"]:
            self._style = match["style"]
        elif match["begin"]:
            self._depth, self._rows = self._depth + 1, self._rows if self._depth else 0
        elif match["end"]:
            self._end(match["end"])
        elif self._length < LONGEST:
            self._parts.append(" " if match["space"] else unescape(match["text"] or ""))
            self._length += len(self._parts[-1])

    def _end(self, name: str) -> None:
        if name == "p":
            self._end_paragraph()
        elif name == "tc" and self._depth == 1:
            self._cells.append(" ".join(self._cell))
            self._cell = []
        elif name == "tr" and self._depth == 1:
            self._add("row" if self._rows else "head", " | ".join(self._cells), tuple(self._cells))
            self._cells, self._rows = [], self._rows + 1
        elif name == "tbl":
            self._depth = max(0, self._depth - 1)

    def _end_paragraph(self) -> None:
        text = " ".join("".join(self._parts).split())
        heading = HEADING.search(self._style)
        if self._depth:
            self._cell.append(text)
        elif heading and text:
            self.title = self.title or (text if heading[2] else "")
            self.draft.open(int(heading[1] or 1), text, self.paragraph)
        else:
            self._add("item" if "list" in self._style.casefold() else "text", text, ())
        self.paragraph += 1
        self._parts, self._length, self._style = [], 0, ""

    def _add(self, kind: str, text: str, cells: tuple[str, ...]) -> None:
        links = tuple(Link("", match[0].rstrip(".,;:!?"), self.paragraph) for match in BARE.finditer(text))
        self.draft.add(Block(kind, text, self.paragraph, self.paragraph, links, cells))
