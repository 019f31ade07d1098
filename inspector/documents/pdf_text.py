"""The text of a PDF, page by page, with bounds on pages, characters and the size of what a page draws. A pure function of bytes.

It is meant to run in a process of its own: a small file can ask a reader of PDF for any amount of time and memory.
Source: ISO 32000-2, sections 7.5 (structure), 7.6 (encryption) and 9.10 (extraction of text).
"""

import logging
from io import BytesIO
from typing import TYPE_CHECKING

import msgspec

from inspector.errors import Malformed

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_PAGES = 300
MOST_CHARACTERS = 2 * 2**20
# Bytes of instructions that draw one page, and all pages that are read: plots can have many more, and say nothing.
LARGEST_PAGE = 2**20
LARGEST_SUM = 8 * 2**20
LONGEST_TITLE = 300


class PdfText(msgspec.Struct, frozen=True):
    """The text of each page that was read, the number of pages there are, the title in the file's own description, and the pages not read."""

    pages: tuple[str, ...]
    count: int
    title: str = ""
    unread: tuple[int, ...] = ()


def read_pdf(data: bytes) -> PdfText:
    """Read the text of the first 300 pages, at most 2 MiB of characters.

    Raises Malformed when the file is encrypted with a password or is no PDF that can be read.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(BytesIO(data))
        _open(reader)
        count = len(reader.pages)
    except Malformed:
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, AssertionError) as error:
        raise Malformed(f"no PDF that can be read: {_spell(error)}") from error
    pages, unread, length, drawn = list[str](), list[int](), 0, 0
    for number in range(1, min(count, MOST_PAGES) + 1):
        size, text = _page(reader, number - 1, LARGEST_SUM - drawn)
        drawn += size
        if text is None:
            unread.append(number)
        pages.append((text or "")[: MOST_CHARACTERS - length])
        length += len(pages[-1])
        if length >= MOST_CHARACTERS:
            break
    return PdfText(tuple(pages), count, _title(reader), tuple(unread))


def _open(reader: "PdfReader") -> None:
    """Open a file that is encrypted without a password, as many are that only forbid changes."""
    from pypdf.errors import DependencyError, FileNotDecryptedError

    if not reader.is_encrypted:
        return
    try:
        opened = bool(reader.decrypt(""))
    except (DependencyError, FileNotDecryptedError, NotImplementedError, ValueError) as error:
        raise Malformed(f"encrypted in a way that is not read: {_spell(error)}") from error
    if not opened:
        raise Malformed("encrypted: it cannot be read without its password")


def _page(reader: "PdfReader", index: int, left: int) -> tuple[int, str | None]:
    """Give the size of what draws a page and its text; no text when it cannot be read, or draws more than is looked at."""
    from pypdf.errors import PyPdfError

    try:
        page = reader.pages[index]
        contents = page.get_contents()
        size = 0 if contents is None else len(contents.get_data())
        return (size, page.extract_text().strip()) if size <= min(LARGEST_PAGE, left) else (0, None)
    except RecursionError:
        return 0, None
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, AssertionError, ArithmeticError):
        return 0, None


def _title(reader: "PdfReader") -> str:
    from pypdf.errors import PyPdfError

    try:
        title = reader.metadata.title if reader.metadata else None
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ""
    return " ".join(title.split())[:LONGEST_TITLE] if isinstance(title, str) else ""


def _spell(error: Exception) -> str:
    return " ".join(str(error).split())[:150] or type(error).__name__
