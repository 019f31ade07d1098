"""Text of a bundle in Markdown: it stays text, whatever it says. No markup, HTML, link, mention or reference to an issue can be made of it.

Source: CommonMark 0.31.2, 2.5 (entities are never structure) and 6.1 (code spans); GitHub Flavored Markdown, 6.9 (addresses become links).
"""

import re

from inspector.model import printable

BREAK = "\u200b"  # what a page looks for in text that was rendered already, no entity can hide; this character parts it and does not show
MARKS = {char: f"&#{ord(char)};" for char in "\\`*_[]{}|~$!"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
MENTION = re.compile(r"[@#](?=\w)|(?i:\bgh-)(?=\d)")
ADDRESS = re.compile(r"(?i)\b(?:[a-z][a-z0-9+.-]{0,20}:(?=//)|www(?=\.)|(?:mailto|xmpp)(?=:))")
MOST = 500


def plain(text: str, most: int = MOST) -> str:
    """Write text so that it reads as it is, on one line; what is longer than `most` characters is cut."""
    shown = cut(printable(text), most)
    parted = ADDRESS.sub(lambda found: found[0] + BREAK, MENTION.sub(lambda found: found[0] + BREAK, shown))
    return "".join(MARKS.get(char, char) for char in parted)


def code(text: str, most: int = MOST) -> str:
    """Write a name as code, between more backticks than it has in a row."""
    shown = cut(printable(text), most)
    if not shown.strip():
        return "``(nothing)``" if not shown else f"`` {shown}``"
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if "`" in {shown[0], shown[-1]} or shown[0] == shown[-1] == " " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def cut(text: str, most: int) -> str:
    """Shorten text, and show that it was."""
    return text if len(text) <= most else text[: most - 1] + "…"
