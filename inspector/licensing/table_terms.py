"""Terms in the rows of a table: `| License | CC-BY-NC-4.0 |`, or a column of licences beside one of parts or of models.

A row counts where it is about something that is here: its label is that of the whole table, it names a part of the system, or the model by the name
of the document. What other models or sources are under says nothing.
"""

import re
from collections.abc import Iterator

from inspector.documents.document import Block, Section
from inspector.licensing.mentions import find_licences, find_parts, is_found, load_terms, name_words, share_name
from inspector.model import Component

NAMED = re.compile(r"[^\W\d_]{3}")
NOTHING = re.compile(r"\W*(n/?a|none|unknown|other|tbd|todo|more information needed|yes|no|open|open[- ]source)\W*", re.IGNORECASE)
POINTER = re.compile(r"\W*((please )?(see|refer to|read|same as|in|as)\b.*|(the )?licen[cs]e(\.\w+)?( file)?)\W*", re.IGNORECASE)
OF_DATA = re.compile(r"\bdata", re.IGNORECASE)
LONGEST = 120


def read_rows(section: Section, title: frozenset[str], subject: Component | None) -> Iterator[tuple[Block, str, Component]]:
    """Give each licence that a row states, with the row and the component that it is stated of.

    `title` are the words that name the document's model, `subject` is what a card describes.
    """
    for block, number, cell, head in section.cells:
        if parts := _parts(block, number, head, title, subject):
            for words in _licences(cell, known_only=not subject):
                yield from ((block, words, part) for part in parts)


def _parts(block: Block, number: int, head: tuple[str, ...], title: frozenset[str], subject: Component | None) -> tuple[Component, ...]:
    """List what the licence in a cell is said of; nothing where the cell is none of a licence, or the row about something else."""
    label = block.cells[0]
    if number == 1 and len(block.cells) == 2 and _is_label(label) and not OF_DATA.search(label):
        return _named(label) or ((subject,) if subject else ())
    if number == 0 or block.kind == "head" or number >= len(head) or not _is_label(head[number]):
        return ()
    if named := _named(label):
        return named
    return (subject or Component.PARAMETERS,) if share_name(name_words(label), title) else ()


def _is_label(cell: str) -> bool:
    return is_found(load_terms().labels, cell) and not cell.strip(" *").casefold().startswith("terms")


def _named(label: str) -> tuple[Component, ...]:
    return tuple(dict.fromkeys(part for mention in find_parts(label) for part in mention.covers))


def _licences(cell: str, *, known_only: bool) -> tuple[str, ...]:
    """Take the licences of a cell; words that name no known one are terms that nobody knows, unless they lead to the licence or say nothing."""
    found = tuple(licence.text for licence in find_licences(cell))
    if found or known_only or NOTHING.fullmatch(cell) or not NAMED.search(cell) or POINTER.fullmatch(cell):
        return found
    return (cell[:LONGEST],)
