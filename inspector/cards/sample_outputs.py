"""What a card shows of a model's answers: outputs in its `widget`, or a section that is called so and holds some.

A section of usage examples is none: its blocks are code to run. Only headings that speak of outputs alone count.
"""

import re
from collections.abc import Iterator

from inspector.detector import Found
from inspector.documents.document import Document, Section
from inspector.model import Certainty, Claim, Component, Span

OUTPUT = re.compile(r"/widget/\d+/output/(text|url|score|\d+/(label|score|text|url))")
HEADING = re.compile(
    r"^\W*((samples?|examples?|selected)( model)? (outputs?|generations?|completions?|responses?|answers)"
    r"|(outputs?|generations?|generated) (samples?|examples?))\W*$",
    re.I,
)
IMAGE = re.compile(r"<img\b|!\[", re.I)
SHORTEST = 20


def tell_samples(document: Document) -> Iterator[Found]:
    """Say once that there are sample outputs, at the first of them."""
    for block in document.front:
        for leaf in block.leaves:
            if leaf.text and OUTPUT.fullmatch(leaf.pointer):
                span = Span(leaf.line, leaf.line)
                yield Found(Component.SAMPLE_OUTPUTS, Claim.PRESENT, "widget", span=span, pointer=leaf.pointer)
                return
    for section in document.sections:
        if HEADING.match(section.heading) and _shows(section):
            yield Found(Component.SAMPLE_OUTPUTS, Claim.PRESENT, "section", Certainty.MATCHED, Span(section.first, section.last))
            return


def _shows(section: Section) -> bool:
    """Say whether a section holds something besides its heading: a text of some length, a table, or a picture."""
    return any(block.kind == "row" or len(block.text) >= SHORTEST or IMAGE.search(block.text) for block in section.blocks)
