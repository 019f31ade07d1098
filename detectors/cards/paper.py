"""Paper: a report or an article beside the model, known by its name only.

What it sees: PDF by its magic, TeX by its first command.
What it says: a technical report, research paper or data sheet is there, if the file's name says so.
What it cannot know: what it holds; the text of a PDF is not read.
Source: ISO 32000-2, section 7.5.2 (the PDF header); the names that repositories use.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.model import Certainty, Claim, Component

PDF = b"%PDF-"
TEX = re.compile(rb"^\s{0,80}(%[^\n]{0,500}\n\s{0,80}){0,50}\\(documentclass|documentstyle)\b")
NAMES = (
    (re.compile(r"data[-_ ]?(sheet|card|statement)", re.I), Component.DATA_CARD),
    (re.compile(r"model[-_ ]?card", re.I), Component.MODEL_CARD),
    (re.compile(r"(tech(nical)?|tr)[-_ ]?report|\breport\b", re.I), Component.TECHNICAL_REPORT),
    (re.compile(r"paper|preprint|manuscript|arxiv|^\d{4}\.\d{4,5}(v\d+)?\.", re.I), Component.RESEARCH_PAPER),
)


@detector(
    "paper",
    wants=Wants(suffixes=(".tex",), magic=(Magic(PDF),)),
    formats=("pdf", "tex"),
    emits={(component, Claim.PRESENT) for _, component in NAMES},
)
def paper(file: File) -> Iterator[Said]:
    """Look at the first bytes and the name."""
    if file.head.startswith(PDF):
        yield Format("pdf")
    elif TEX.match(file.head):
        yield Format("tex")
    else:
        return
    component = next((component for pattern, component in NAMES if pattern.search(file.name)), None)
    if component:
        yield Found(component, Claim.PRESENT, file.suffix.lstrip(".") or "pdf", Certainty.NAMED)
