"""Jupyter notebooks as source: the code of their cells in one text, and the cell that each line stands in."""

from dataclasses import dataclass

import msgspec

from inspector.decoding import decode_json
from inspector.errors import Malformed, TooLarge
from inspector.sources.cells import read_cell
from inspector.sources.source import parse_source, source_lines

LARGEST = 64 * 2**20
MOST_CELLS = 10_000


class Cell(msgspec.Struct):
    """A cell; `input` is what notebooks of format 3 call its source. Outputs are skipped."""

    cell_type: str = ""
    source: str | list[str] = ""
    input: str | list[str] = ""

    def text(self) -> str:
        """Give the source as one text."""
        source = self.source or self.input
        return source if isinstance(source, str) else "".join(source)


class Worksheet(msgspec.Struct):
    """A list of cells in notebooks of format 3."""

    cells: list[Cell] = []


class Kernel(msgspec.Struct):
    """The kernel that a notebook was written for."""

    language: str | None = None


class Metadata(msgspec.Struct):
    """What a notebook says of itself, as far as it is read."""

    kernelspec: Kernel | None = None


class Document(msgspec.Struct):
    """The structure of a notebook, as far as it is read. Source: nbformat, formats 3 and 4."""

    nbformat: int
    cells: list[Cell] | None = None
    worksheets: list[Worksheet] | None = None
    metadata: Metadata | None = None


@dataclass(frozen=True, slots=True)
class Notebook:
    """The cells' texts; the code cells that can be parsed as one source; for each line of it the index of its cell; those that cannot.

    `prose` are the cells of text, each with its index, `commands` what cells give to a shell.
    """

    cells: tuple[str, ...]
    source: str
    cell_of: tuple[int, ...]
    broken: tuple[int, ...]
    prose: tuple[tuple[int, str], ...] = ()
    commands: tuple[tuple[int, str], ...] = ()


def read_notebook(data: bytes) -> Notebook | None:
    """Read a notebook; None when the JSON is of something else, or the notebook's language is not Python.

    Raises Malformed for what breaks JSON or the structure, TooLarge above 64 MiB or 10,000 cells.
    """
    if len(data) > LARGEST:
        raise TooLarge(f"{len(data)} bytes, the limit for notebooks is {LARGEST}")
    if b'"nbformat"' not in data:
        return None
    try:
        document = decode_json(data, Document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"not a notebook: {error}") from error
    cells = document.cells if document.cells is not None else [cell for sheet in document.worksheets or () for cell in sheet.cells]
    if len(cells) > MOST_CELLS:
        raise TooLarge(f"{len(cells)} cells, the limit is {MOST_CELLS}")
    kernel = document.metadata.kernelspec if document.metadata else None
    if kernel is not None and (kernel.language or "python").casefold() not in {"python", "python3"}:
        return None
    return _join(cells)


def _join(cells: list[Cell]) -> Notebook:
    lines: list[str] = []
    cell_of: list[int] = []
    broken: list[int] = []
    commands: list[tuple[int, str]] = []
    for index, cell in enumerate(cells):
        if cell.cell_type != "code":
            continue
        code = read_cell(cell.text())
        commands += [(index, command) for command in code.commands]
        try:
            parse_source(code.python)
        except TooLarge:
            raise
        except Malformed:
            broken.append(index)
            continue
        part = source_lines(code.python)
        lines += part
        cell_of += [index] * len(part)
    prose = tuple((index, cell.text()) for index, cell in enumerate(cells) if cell.cell_type == "markdown")
    return Notebook(tuple(cell.text() for cell in cells), "\n".join(lines), tuple(cell_of), tuple(broken), prose, tuple(commands))
