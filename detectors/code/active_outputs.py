"""Outputs of notebooks that act: scripts in what a notebook shows.

What it sees: `.ipynb` files.
What it says: an issue where an output is JavaScript, or HTML with scripts in it, with the cell. Libraries that draw charts write such outputs.
What it cannot know: what the script does, and whether a viewer runs it: those that do not trust a notebook leave it out.
Source: nbformat, "The Notebook file format"; Jupyter, "Security in notebook documents".
"""

import re
from collections.abc import Iterator

import msgspec

from inspector.bundle import File
from inspector.decoding import decode_json
from inspector.detector import Said, Wants, detector
from inspector.model import Severity
from inspector.sightings import Sightings
from inspector.sources.notebooks import LARGEST

ACTIVE = re.compile(r"<script\b|<iframe\b|\bon(?:error|load|click|mouseover)\s*=|javascript:", re.IGNORECASE)
SETTLE = "Clear the outputs before the notebook is opened as trusted."


class Output(msgspec.Struct):
    """An output of a cell: what it shows, by media type."""

    data: dict[str, object] = {}


class Cell(msgspec.Struct):
    """A cell, as far as its outputs go."""

    outputs: list[Output] = []


class Shown(msgspec.Struct):
    """A notebook, as far as its outputs go."""

    cells: list[Cell] = []


@detector("active-outputs", wants=Wants(suffixes=(".ipynb",)), formats=())
def active_outputs(file: File) -> Iterator[Said]:
    """Look into the outputs; a notebook that breaks its format is named by the detector of notebooks."""
    if file.size > LARGEST or b'"nbformat"' not in (data := file.whole(LARGEST)):
        return
    try:
        shown = decode_json(data, Shown)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    sightings = Sightings(file)
    for place, cell in enumerate(shown.cells):
        for output in cell.outputs:
            if any(_acts(kind, value) for kind, value in output.data.items()):
                sightings.add("notebook.active-output", Severity.LOW, "an output with a script in it", f"/cells/{place}")
    yield from sightings.issues(SETTLE)


def _acts(kind: str, value: object) -> bool:
    if kind in {"application/javascript", "text/javascript"}:
        return True
    parts = value if isinstance(value, list) else [value]
    return kind in {"text/html", "image/svg+xml"} and any(isinstance(part, str) and ACTIVE.search(part) for part in parts)
