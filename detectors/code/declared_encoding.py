"""Declared encodings: what a Python source says it is written in, under which it can be another text than the one that a reader sees.

What it sees: `.py` files.
What it says: an issue where the first two lines declare an encoding in which bytes of ASCII stand for something else (utf-7, unicode_escape, shifting
encodings), or one that is not known: what looks like a comment can then be code. This program reads such a file as UTF-8.
What it cannot know: what the text is in that encoding; it is not decoded.
Source: PEP 263; Python, "codecs", Standard Encodings and Text Encodings.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File, printable
from inspector.detector import Said, Wants, detector
from inspector.model import Location, Severity, Span
from inspector.sightings import Sightings

DECLARED = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")
BLANK = re.compile(rb"[ \t\f]*(?:#.*)?\r?")
# In these every byte of ASCII stands for itself wherever it is, or (in those of East Asia) after a byte that is none.
PLAIN = re.compile(
    r"u8|utf-?8(-sig)?|cp65001|(us-?)?ascii|646|l1|latin-?\d*|iso-?8859(-\d+)?|8859|cp(437|720|737|775|8\d\d|9\d\d|10\d\d|11\d\d|125\d)|(windows-?)?(125\d|31j)"
    r"|koi8-[rtu]|kz1048|mac-?(roman|cyrillic|greek|iceland|latin2|turkish)|hp-roman8|ptcp154|tis-?620"
    r"|euc-?(jp|kr|cn|tw)|gb(2312|k|18030)(-80)?|big5(-?hkscs)?|s(hift)?-?jis(-2004|x0213)?|ms-?kanji|johab|uhc"
)
ACTING = re.compile(
    r"u(tf)?-?7|(raw-)?unicode-?escape|unicodeescape|utf-?(16|32)(-?[lb]e)?|hz(-gb.*)?|iso-?2022.*|rot-?13|idna|punycode|mbcs|undefined"
)
SETTLE = "Read the file in the encoding that it declares before any of it is run; honest source needs no such encoding."


@detector("declared-encoding", wants=Wants(suffixes=(".py",)), formats=())
def declared_encoding(file: File) -> Iterator[Said]:
    """Look at the first two lines, as Python does; the second counts only where the first is blank or a comment."""
    sightings = Sightings(file)
    for number, line in enumerate(file.head.removeprefix(b"\xef\xbb\xbf").split(b"\n")[:2], 1):
        if match := DECLARED.match(line):
            name = match[1].decode()
            plain = name.casefold().replace("_", "-")
            if not PLAIN.fullmatch(plain):
                known = ACTING.fullmatch(plain)
                severity = Severity.HIGH if known else Severity.MEDIUM
                told = "in which a comment can be code" if known else "which is not known here"
                message = f"the source declares the encoding {printable(name[:60])}, {told}; it was read as UTF-8"
                place = Location(root=file.root.name, path=file.path, span=Span(number, number))
                sightings.add_at("code.declared-encoding", severity, message, place)
            break
        if not BLANK.fullmatch(line):
            break
    yield from sightings.issues(SETTLE)
