"""How many parameters a card says that its model has: "6.9 billion parameters", "Parameters | 6,857,302,016", each with its line."""

import re
from collections.abc import Iterator
from itertools import islice

from inspector.detector import Found
from inspector.documents.document import Block, Document
from inspector.model import Certainty, Claim, Component, Count, Sizes, Span

MOST_CLAIMS = 20
LONGEST = 2_000
LARGEST = 10**15
SCALES = {"": 1, "k": 10**3, "m": 10**6, "million": 10**6, "b": 10**9, "bn": 10**9, "billion": 10**9, "t": 10**12, "trillion": 10**12}
NUMBER = r"([0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,15}(?:\.[0-9]{1,4})?)"
SCALE = r"[ -]?(million|billion|trillion|[kmbt]|bn)?\b"
BEFORE = re.compile(
    rf"(?<![\w.]){NUMBER}{SCALE}[ -]+(?:total |trainable |learnable |model )?(?:parameters?|params|weights)\b", re.IGNORECASE
)
BEHIND = re.compile(rf"\b(?:parameters?|params|model size)\b[^\w\d\n]{{1,6}}{NUMBER}{SCALE}", re.IGNORECASE)
OTHER = re.compile(
    r"\b(?:active|activated|per token|embedding|non-embedding|compared|than|fewer|more|smaller|larger|up to|at least|ranging)\b",
    re.IGNORECASE,
)


def tell_parameters(document: Document) -> Iterator[Found]:
    """Give every number of parameters that a card states, each number once; comparisons and parts of a model are none."""
    seen: set[int] = set()
    for found in islice(_claims(document), MOST_CLAIMS):
        (size,) = found.details.sizes if isinstance(found.details, Sizes) else (None,)
        if size is not None and size.number not in seen:
            seen.add(size.number)
            yield found


def _claims(document: Document) -> Iterator[Found]:
    for section in document.sections:
        for block in section.blocks:
            if block.kind in {"text", "item", "row", "head"} and not OTHER.search(text := _text(block)):
                for match in (*BEFORE.finditer(text), *BEHIND.finditer(text)):
                    yield from _claim(match, block)


def _text(block: Block) -> str:
    return (" | ".join(block.cells) if block.cells else block.text)[:LONGEST]


def _claim(match: re.Match[str], block: Block) -> Iterator[Found]:
    scale = SCALES[(match[2] or "").casefold()]
    number = round(float(match[1].replace(",", "")) * scale)
    if (scale > 1 or number >= 10**5) and number < LARGEST:
        details = Sizes(sizes=(Count("parameters", number),))
        told = match[0].strip()[:200]
        yield Found(
            Component.PARAMETERS,
            Claim.MENTIONED,
            f"{number} parameters",
            Certainty.MATCHED,
            Span(block.first, block.last),
            details=details,
            excerpt=told,
        )
