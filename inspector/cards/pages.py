"""Pages of text as a document: sections by lines that look like headings, and page numbers in place of lines.

A line is a heading when it has the next number of its level, as papers number them, or is a title that papers have. Where nothing looks like a
heading all of it is one section. Headers and footers that return, and numbers of pages, are left out.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from inspector.cards.papers import is_worded, load_paper_words
from inspector.data_information.topics import is_promised
from inspector.documents.document import MAX_BLOCKS, Block, Document, Draft
from inspector.documents.prose import BARE, Link

MOST_LINES = 100_000
LONGEST_HEADING = 90
MOST_WORDS = 12
LONGEST_BLOCK = 6_000
NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+(?P<title>[A-Z][^|=]{1,80})")
LETTERED = re.compile(r"(?:Appendix\s+)?(?P<letter>[A-Z])(?P<rest>(?:\.\d{1,2}){0,3})\.?:?\s+(?P<title>[A-Z][^|=,.;]{1,80})")
ITEM = re.compile(r"\s*[•●◦▪∙\u2013*-]\s+(?=\S)")
STAMP = re.compile(r"arXiv:\d{4}\.\d{4,5}")
HYPHEN = re.compile(r"(\w)-\n(?=[a-z])")
NO_TITLE = re.compile(r"[,;:]$|\.$|\b(the|of|a|an|and|with|for|to|in|on|by)$|[=<>≤≥|]|\d{3}")


def read_page_document(pages: Sequence[str], title: str = "") -> Document:
    """Split pages into sections; lines of the document are numbers of pages, from 1. Titles come from the file's description or its first lines."""
    lines = list(_lines(pages))
    reader = _Reader()
    for number, line in lines[:MOST_LINES]:
        reader.take(number, line)
    reader.flush()
    reader.draft.close(len(pages) + 1)
    cut = "longer than a paper is read: not all of its lines were read" if len(lines) > MOST_LINES else None
    return Document((), tuple(reader.draft.sections), cut, _title(lines, title))


def _lines(pages: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Give the lines with their pages; a line without words ends a paragraph."""
    split = [[" ".join(line.split()) for line in page.splitlines()] for page in pages]
    edges = Counter(line for page in split for line in {*_edges(page)})
    for number, page in enumerate(split, 1):
        again = {line for line in _edges(page) if edges[line] >= 3}
        for line in page:
            if line not in again and not line.isdigit():
                yield number, line


def _edges(page: list[str]) -> list[str]:
    full = [line for line in page if line]
    return [*full[:2], *full[-2:]]


def _title(lines: Sequence[tuple[int, str]], described: str) -> str:
    """Take the title from the file's description where the first page says it too, else from the first lines before the authors or abstract."""
    first = [line for number, line in lines if number == 1 and line and not STAMP.search(line)][:8]
    head = " ".join(first)
    if described and _plain(described) in _plain(head):
        return described
    parts: list[str] = []
    for line in first[:3]:
        if is_worded(load_paper_words().words.abstract, line) or "@" in line or (parts and "," in line):
            break
        parts.append(line)
        if len(" ".join(parts)) > 60:
            break
    return " ".join(parts)[:300]


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


@dataclass(slots=True)
class _Reader:
    """Reads line by line: the section numbers so far say which number can be a heading next."""

    draft: Draft = field(default_factory=Draft)
    _parts: list[str] = field(default_factory=list)
    _page: int = 0
    _top: int = 0
    _letter: str = ""
    _after: bool = False
    _length: int = 0

    def take(self, page: int, line: str) -> None:
        """Take the next line."""
        if heading := self._heading(line):
            self.flush()
            self.draft.open(heading[0], heading[1], page)
            self._after = self._after or is_worded(load_paper_words().words.references, heading[1])
            return
        ended = bool(self._parts) and page != self._page and self._parts[-1].endswith((".", "!", "?", ":"))
        if not line or ended or ITEM.match(line) or self._length > LONGEST_BLOCK:
            self.flush()
        if line:
            self._page = self._page or page
            self._parts.append(line)
            self._length += len(line)

    def flush(self) -> None:
        """End the paragraph."""
        text = HYPHEN.sub(r"\1", "\n".join(self._parts)).replace("\n", " ")
        if text and self.draft.count < MAX_BLOCKS:
            kind = "item" if ITEM.match(text) else "text"
            links = tuple(Link("", match[0].rstrip(".,;:!?)"), self._page) for match in BARE.finditer(text))
            self.draft.add(Block(kind, ITEM.sub("", text, count=1) if kind == "item" else text, self._page, self._page, links))
        self._parts, self._page, self._length = [], 0, 0

    def _heading(self, line: str) -> tuple[int, str] | None:
        """Give the level and title of a line that is a heading."""
        if not line or len(line) > LONGEST_HEADING or len(line.split()) > MOST_WORDS:
            return None
        if match := NUMBERED.fullmatch(line):
            return self._numbered(match["number"], match["title"])
        if self._after and (match := LETTERED.fullmatch(line)):
            return self._lettered(match["letter"], match["rest"].count("."), match["title"])
        bare = line.rstrip(":. ")
        if (
            len(line.split()) <= 6
            and bare[:1].isupper()
            and any(re.fullmatch(words, bare, re.I) for words in load_paper_words().words.headings)
        ):
            return 1, bare
        return None

    def _numbered(self, number: str, title: str) -> tuple[int, str] | None:
        top, depth = int(number.partition(".")[0]), number.count(".")
        if not _is_title(title) or not (self._top <= top <= self._top + 2 if depth else self._top < top <= self._top + 2):
            return None
        self._top = top
        return depth + 1, title.strip()

    def _lettered(self, letter: str, depth: int, title: str) -> tuple[int, str] | None:
        following = chr(ord(self._letter) + 1) if self._letter else "A"
        if not _is_title(title) or letter not in ({self._letter, following} if depth else {following}):
            return None
        self._letter = letter
        return depth + 1, title.strip()


def _is_title(text: str) -> bool:
    """Say whether words could be a title: no end of a sentence, no formula, no long number; or known words of one."""
    return not NO_TITLE.search(text) and (text.count(",") < 2 or is_promised(text))
