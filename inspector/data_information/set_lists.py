"""Lists of sources in a document: items and labelled paragraphs that begin with the name of a data set."""

import re
from collections.abc import Iterator

from inspector.data_information.corpora import hub_id, load_corpora
from inspector.data_information.set_words import (
    amount_in,
    expression,
    holds,
    is_data_place,
    is_name,
    is_platform,
    load_set_words,
    name_of_link,
)
from inspector.data_information.spoken import Spoken
from inspector.documents.document import Block
from inspector.documents.prose import Link, sentences
from inspector.model import NamedSet

APART = re.compile(r"\s?[:(\[]\s?|\s[-\u2013\u2014|=]{1,2}\s|, | {2,}|\t|\.(?=\s|$)")
SHARE = re.compile(r"(?<![\w.])\d{1,2}(?:\.\d{1,3})?\s?%")


def read_items(part: Spoken, lines: set[int]) -> Iterator[tuple[NamedSet, Block]]:
    """Give the items whose head is the name of a data set: by a link to its page, because it is well known, or by what stands before the list.

    `lines` are those of units that speak of training data.
    """
    words, lead = load_set_words(), ""
    for block in part.section.blocks:
        if block.kind == "text":
            lead = block.text[-300:]
        if block.kind not in {"item", "text"} or block.first not in lines:
            continue
        head, rest = _split(block.text)
        if holds(words.sentences.against, head) or holds(words.lists.against, f"{lead if block.kind == 'item' else ''} {rest[:300]}"):
            continue
        listed = block.kind == "item" and holds(words.lists.leads, lead)
        if (block.kind == "item" or rest.startswith(":")) and (named := _read(block, head, rest, listed=listed)):
            yield named, block


def _split(text: str) -> tuple[str, str]:
    match = APART.search(text, 0, 120)
    return (text[: match.start()].strip(), text[match.start() :].strip()) if match else (text.strip(), "")


def _read(block: Block, head: str, rest: str, *, listed: bool) -> NamedSet | None:
    link = next((link for link in block.links[:10] if _belongs(link, head)), None)
    fits, target = is_name(head), link.target[:300] if link else ""
    # What a later sentence says may be about another set.
    beside = next(sentences(rest[:300].lstrip(" .:,")), "")
    named = NamedSet(
        name=name_of_link(link.text or head, target) if link else head,
        id=hub_id(target),
        url=target,
        size=amount_in(beside),
        license=_first(load_set_words().names.license, beside),
        share=match[0] if (match := SHARE.search(beside)) else "",
        access=_first(load_set_words().access.words, f"{head} {beside}"),
    )
    known = fits and load_corpora().named(head) is not None and (listed or (bool(rest) and not is_platform(head)))
    # A name that nobody knows counts only with a fact beside it: items of a list can be anything.
    told = bool(named.size or named.share or named.license)
    return named if link or known or (listed and fits and told and _looks_named(head)) else None


def _belongs(link: Link, head: str) -> bool:
    """Say whether a link to a data set is that of the item's head: its words, or the whole item's only address."""
    return is_data_place(link.target) and (not link.text or link.text in head or head in link.text)


def _looks_named(head: str) -> bool:
    """Say whether a head is written as a name: with a capital or a digit, no kind of data, and not many small words."""
    parts = head.split()
    if expression(load_set_words().names.kinds).search(head):
        return False
    return any(char.isupper() or char.isdigit() for char in head) and (
        len(parts) <= 3 or sum(part[:1].islower() for part in parts) <= len(parts) // 2
    )


def _first(pattern: str, text: str) -> str:
    match = expression(pattern).search(text)
    return match[0].strip() if match else ""
