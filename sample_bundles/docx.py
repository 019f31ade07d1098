"""A writer of small Word documents: headings, paragraphs and one kind of table. Source: ECMA-376, part 1."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
EPOCH = (1980, 1, 1, 0, 0, 0)


def docx_bytes(paragraphs: Sequence[tuple[str, str] | Sequence[Sequence[str]]]) -> bytes:
    """Write paragraphs, each a style (`Heading1`, `Title` or nothing) and a text, and tables, each a list of rows."""
    body = "".join(_table(item) if not isinstance(item, tuple) else _paragraph(*item) for item in paragraphs)
    xml = f'<?xml version="1.0" encoding="UTF-8"?><w:document {SPACE}><w:body>{body}</w:body></w:document>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo("word/document.xml", EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, xml)
    return stream.getvalue()


def _paragraph(style: str, text: str) -> str:
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{styled}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _table(rows: Sequence[Sequence[str]]) -> str:
    cells = ("".join(f"<w:tc>{_paragraph('', cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"
