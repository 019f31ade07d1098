"""Prose: what a line of Markdown, reStructuredText or HTML says without its markup, where it links to, and its sentences.

Every expression here is free of nested repetition, so that hostile text costs no more than its length.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MAX_SENTENCE = 2000
EXCERPT = 200
COMMENT = re.compile(r"<!--.*?(-->|\Z)", re.S)
IMAGE = re.compile(r"!\[[^\[\]]{0,500}\](\([^()\s]{0,2000}(\s[^()]{0,200})?\)|\[[^\[\]]{0,200}\])")
INLINE = re.compile(r"\[([^\[\]]{0,1000})\]\(\s{0,3}<?([^()\s<>]{0,2000}(?:\([^()\s]{0,500}\)[^()\s<>]{0,500})?)>?(?:\s[^()]{0,300})?\)")
LABELLED = re.compile(r"\[([^\[\]]{1,500})\]\[([^\[\]]{0,200})\]")
RST = re.compile(r"`([^`<>]{1,300}?)\s{0,3}<([^<>\s]{1,1000})>`_{1,2}")
HREF = re.compile(r"""\bhref\s{0,3}=\s{0,3}["']([^"'<>\s]{1,2000})["']""", re.I)
BARE = re.compile(r"\bhttps?://[^\s<>()\[\]\"'`|]{3,2000}")
TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
INLINE_TAG = re.compile(r"</?(?:a|abbr|b|code|em|i|kbd|mark|s|small|span|strong|sub|sup|u)(?:\s[^<>]{0,2000})?>", re.I)
EMPHASIS = re.compile(r"[*`]{1,3}|(?<![A-Za-z0-9])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![A-Za-z0-9])")
SPACE = re.compile(r"\s+")
END = re.compile(r"(?<=[.!?])[\"')\]]?\s+(?=[\"'(\[]?[A-Z0-9])")
ABBREVIATION = re.compile(r"\b(e\.g|i\.e|et al|etc|cf|vs|v|no|fig|sec|approx|resp|incl|ca|Dr|Mr|Ms|Inc|Ltd|Co)\.$", re.I)


@dataclass(frozen=True, slots=True)
class Link:
    """A link: the words it stands under (empty for a bare address), its target, and its line."""

    text: str
    target: str
    line: int


def plain_text(source: str, targets: Mapping[str, str]) -> str:
    """Take the markup out of a text: links leave their words, images and badges leave nothing, white space becomes single spaces."""
    text = IMAGE.sub(" ", COMMENT.sub(" ", source))
    text = INLINE.sub(lambda match: match[1], text)
    text = LABELLED.sub(lambda match: match[1] if _label(match) in targets else match[0], text)
    text = RST.sub(lambda match: match[1], text)
    return SPACE.sub(" ", EMPHASIS.sub("", TAG.sub(" ", INLINE_TAG.sub("", text)))).strip()


def read_pictures(source: str) -> tuple[str, ...]:
    """List what the pictures and badges of a text are called, where they are called anything."""
    named = (SPACE.sub(" ", EMPHASIS.sub("", match[0][2 : match[0].index("]")])).strip() for match in IMAGE.finditer(source))
    return tuple(name for name in named if name)


def read_links(source: str, targets: Mapping[str, str], line: int) -> tuple[Link, ...]:
    """List the links of a text whose first line is given; images and badges are none."""
    text = IMAGE.sub(lambda match: "\n" * match[0].count("\n"), COMMENT.sub(" ", source))
    found: list[tuple[int, str, str]] = []
    for pattern in (INLINE, RST):
        found += [(match.start(), match[1], match[2]) for match in pattern.finditer(text) if match[1].strip()]
    for match in LABELLED.finditer(text):
        if _label(match) in targets:
            found.append((match.start(), match[1], targets[_label(match)]))
    found += [(match.start(), "", match[1]) for match in HREF.finditer(text)]
    rest = INLINE.sub(lambda match: " " * len(match[0]), RST.sub(lambda match: " " * len(match[0]), text))
    found += [(match.start(), "", match[0].rstrip(".,;:!?")) for match in BARE.finditer(HREF.sub(lambda match: " " * len(match[0]), rest))]
    ordered = sorted(set(found))
    breaks = [place for place, char in enumerate(text) if char == "\n"] if ordered else []
    return tuple(Link(plain_text(words, targets), target, line + bisect_left(breaks, place)) for place, words, target in ordered)


def _label(match: re.Match[str]) -> str:
    return SPACE.sub(" ", (match[2] or match[1]).strip()).upper()


def sentences(text: str) -> Iterator[str]:
    """Split a text without markup into sentences of at most 2,000 characters; an abbreviation does not end one."""
    start = 0
    for match in END.finditer(text):
        if ABBREVIATION.search(text[max(0, match.start() - 12) : match.start()]):
            continue
        yield text[start : match.start()].strip()[:MAX_SENTENCE]
        start = match.end()
    if rest := text[start:].strip():
        yield rest[:MAX_SENTENCE]


def excerpt(text: str) -> str:
    """Cut a text to one line of at most 200 characters, without control characters."""
    line = SPACE.sub(" ", "".join(char if char.isprintable() else " " for char in text)).strip()
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"
