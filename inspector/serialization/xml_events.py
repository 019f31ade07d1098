"""XML of any size, walked through a window: elements with their attributes as they begin and end. Nothing is resolved.

A document type is refused, since with it come entities, which can read files and grow without end; so are references to any entity but the
five of the language. Texts between elements are skipped. Source: W3C, Extensible Markup Language 1.0.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from inspector.errors import Malformed, TooLarge
from inspector.serialization.json_events import Readable

BLOCK = 1 << 18
LONGEST_TAG = 1 << 20  # bytes
LARGEST_SKIP = 1 << 24  # bytes of a comment or an instruction
MOST_TAGS = 4_000_000
DEEPEST = 256
NAME = rb"[A-Za-z_:\x80-\xff][A-Za-z0-9_:.\x80-\xff-]*+"
PAIR = rb"[ \t\r\n]++(" + NAME + rb")[ \t\r\n]*+=[ \t\r\n]*+(\"[^\"<]*+\"|'[^'<]*+')"
UNNAMED = PAIR.replace(b"(" + NAME + b")", NAME).replace(b'(\\"', b'(?:\\"')
START = re.compile(rb"<(" + NAME + rb")((?:" + UNNAMED + rb")*+)[ \t\r\n]*+(/?)>")
END = re.compile(rb"</(" + NAME + rb")[ \t\r\n]*+>")
PAIRS = re.compile(PAIR)
REFERENCE = re.compile(r"&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|\w{1,40})?;?")
WORDS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
SKIPPED = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"))


class Tag(NamedTuple):
    """An element that begins (`attributes` is a mapping) or ends (`attributes` is `None`), and at which bytes its tag stands."""

    name: str
    attributes: dict[str, str] | None
    start: int
    end: int


def read_xml_events(file: Readable) -> Iterator[Tag]:
    """Walk a document; an element without content begins and ends.

    Raises Malformed where it is none or has a document type, TooLarge for tags of more than 1 MiB, 256 levels and four million tags.
    """
    return _Reader(file).read()


class _Reader:
    def __init__(self, file: Readable) -> None:
        self._file, self._data, self._start, self._at = file, b"", 0, 0

    def _load(self) -> bool:
        """Read on by a block, and forget what was read; say whether there was more."""
        end = self._start + len(self._data)
        more = self._file.read(end, min(BLOCK, self._file.size - end))
        self._start, self._data, self._at = self._start + self._at, self._data[self._at :] + more, 0
        return bool(more)

    def _seek(self) -> bool:
        """Move to the next tag; say whether there is one."""
        while (place := self._data.find(b"<", self._at)) < 0:
            self._at = len(self._data)
            if not self._load():
                return False
        self._at = place
        if len(self._data) - place < 16:
            self._load()
        return True

    def read(self) -> Iterator[Tag]:
        """Give the tags of the whole document."""
        levels, count, ended = list[str](), 0, False
        while self._seek():
            if self._skip():
                continue
            count += 1
            if count > MOST_TAGS or len(levels) > DEEPEST:
                raise TooLarge(f"more than {MOST_TAGS} tags or {DEEPEST} levels, at byte {self._start + self._at}")
            for tag in self._tag():
                if ended:
                    raise Malformed(f"something follows the document at byte {tag.start}")
                if tag.attributes is not None:
                    levels.append(tag.name)
                elif not levels or levels.pop() != tag.name:
                    raise Malformed(f"the element {tag.name[:100]!r} ends at byte {tag.start} and did not begin")
                yield tag
                ended = not levels
        if levels or not count:
            raise Malformed(f"truncated: the document ends at byte {self._file.size} inside of {'/'.join(levels)[:100] or 'nothing'}")

    def _skip(self) -> bool:
        """Move behind a comment, an instruction or a literal text; say whether there was one."""
        for opening, closing in SKIPPED:
            if self._data.startswith(opening, self._at):
                begin, self._at = self._start + self._at, self._at + len(opening)
                while (place := self._data.find(closing, self._at)) < 0:
                    self._at = max(self._at, len(self._data) - len(closing) + 1)
                    if self._start + self._at - begin > LARGEST_SKIP or not self._load():
                        raise Malformed(f"truncated, or without end: what begins at byte {begin}")
                self._at = place + len(closing)
                return True
        if self._data.startswith(b"<!", self._at):
            raise Malformed(f"a document type at byte {self._start + self._at}: its entities could read files, and it is not read")
        return False

    def _tag(self) -> Iterator[Tag]:
        """Read a tag; an element without content gives two events."""
        while True:
            found = START.match(self._data, self._at) or END.match(self._data, self._at)
            if found is not None:
                break
            if len(self._data) - self._at > LONGEST_TAG:
                raise TooLarge(f"a tag of more than {LONGEST_TAG} bytes at byte {self._start + self._at}")
            if b">" in self._data[self._at + LONGEST_TAG // 2 :] or not self._load():
                cut = "" if b">" in self._data[self._at :] else "truncated: "
                raise Malformed(f"{cut}no tag begins at byte {self._start + self._at}")
        start, end = self._start + found.start(), self._start + found.end()
        self._at = found.end()
        name = found[1].decode("utf-8", "replace")
        if found.re is END:
            yield Tag(name, None, start, end)
            return
        yield Tag(name, _attributes(found[2], start), start, end)
        if found[3]:
            yield Tag(name, None, start, end)


def _attributes(data: bytes, place: int) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for key, value in PAIRS.findall(data):
        name, text = key.decode("utf-8", "replace"), value[1:-1].decode("utf-8", "replace")
        if name in attributes:
            raise Malformed(f"the attribute {name[:100]!r} is there twice, at byte {place}")
        attributes[name] = REFERENCE.sub(lambda found: _resolve(found, place), text) if "&" in text else text
    return attributes


def _resolve(found: "re.Match[str]", place: int) -> str:
    """Write what a reference stands for; raises Malformed for any entity that is not of the language."""
    word = found[1] or ""
    if found[0].endswith(";") and word in WORDS:
        return WORDS[word]
    if found[0].endswith(";") and word.startswith("#"):
        number = int(word.lstrip("#x"), 16 if word[1] == "x" else 10)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    raise Malformed(f"a reference to {found[0][:60]!r} at byte {place}, which nothing defines")
