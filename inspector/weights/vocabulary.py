"""The tokens of tokenizers, read forward in the order of their ids, counted and digested; none is kept.

The same tokens in the same order give the same digest whatever file they stand in, as far as they are written alike: a tokenizer that
writes bytes as other characters has another digest than one that writes them as they are.
"""

import json
import re
from binascii import Error, a2b_base64
from collections.abc import Iterable, Iterator
from hashlib import sha256

from inspector.bundle import File
from inspector.errors import Malformed, TooLarge
from inspector.model import Vocabulary
from inspector.serialization.fields import Fields
from inspector.serialization.stream import Stream

MOST_TOKENS = 4_000_000
LONGEST_TOKEN = 65_536  # bytes
BLOCK = 1 << 18
LARGEST_FILE = 256 * 2**20
OPEN = re.compile(rb'"vocab"\s*+:\s*+([{\[])')
TEXT = rb'\s*+"([^"\\]*+(?:\\.[^"\\]*+)*+)"\s*+'
ENTRY = re.compile(TEXT + rb":\s*+([0-9]{1,10})\s*+([,}])", re.DOTALL)
SCORED = re.compile(rb"\s*+\[" + TEXT + rb",\s*+-?[0-9.eE+-]{1,40}\s*+\]\s*+([,\]])", re.DOTALL)
RANK = re.compile(rb"([A-Za-z0-9+/]*={0,2}) ([0-9]{1,10})[ \t]*\r?")


def digest_tokens(tokens: Iterable[bytes]) -> Vocabulary:
    """Count and digest tokens in the order they are given.

    Raises TooLarge above four million.
    """
    digest, count = sha256(), 0
    for token in tokens:
        count += 1
        if count > MOST_TOKENS:
            raise TooLarge(f"more than {MOST_TOKENS} tokens")
        digest.update(len(token).to_bytes(4, "little") + token)
    return Vocabulary(tokens=count, sha256=digest.hexdigest())


def read_ranks(file: File) -> Iterator[bytes]:
    """Give the tokens of a file of tiktoken, each in base64 with its rank; raises Malformed where the ranks are not in order."""
    stream, last = Stream(file.read, file.size), -1
    for line in _lines(stream):
        if not line.strip():
            continue
        found = RANK.fullmatch(line)
        if found is None or int(found[2]) <= last:
            raise Malformed(f"a line of a tiktoken file is none, or out of order, before byte {stream.position}")
        last = int(found[2])
        try:
            yield a2b_base64(found[1])
        except Error as error:
            raise Malformed(f"no base64 before byte {stream.position}") from error


def read_lines(file: File) -> Iterator[bytes]:
    """Give the tokens of a text with one in each line."""
    return (line.rstrip(b"\r") for line in _lines(Stream(file.read, file.size)))


def _lines(stream: Stream) -> Iterator[bytes]:
    """Give lines; the last one may have no end."""
    while stream.left:
        if stream.left <= LONGEST_TOKEN and b"\n" not in (rest := stream.look(stream.left)):
            stream.skip(len(rest))
            yield rest
        else:
            yield stream.line()


def read_entries(file: File, start: int = 0) -> Iterator[bytes]:
    """Give the tokens of a JSON object of tokens and ids that begins at a byte, or behind the next `"vocab":`.

    Raises Malformed where it is none, or its ids are not in order: then the order of the tokens is not known.
    """
    window = _Window(file, start)
    window.skip_space()
    last, pattern = -1, ENTRY
    if window.data[window.at : window.at + 1] not in {b"{", b"["}:
        raise Malformed(f"no vocabulary begins at byte {start}")
    pattern = ENTRY if window.data[window.at : window.at + 1] == b"{" else SCORED
    window.at += 1
    while (found := window.match(pattern)) is not None:
        if pattern is ENTRY:
            if int(found[2]) <= last:
                raise Malformed(f"the ids of the tokens are not in order, before byte {window.position}")
            last = int(found[2])
        yield _plain(found[1], window.position)
        if found[found.lastindex or 1] in {b"}", b"]"}:
            return
    raise Malformed(f"the vocabulary breaks at byte {window.position}")


def find_vocabulary(file: File, start: int) -> int | None:
    """Find where a vocabulary begins behind a byte: the bracket behind `"vocab":`."""
    offset = start
    while offset < min(file.size, LARGEST_FILE):
        data = file.read(offset, min(BLOCK + 64, file.size - offset))
        if found := OPEN.search(data):
            return offset + found.start(1)
        offset += BLOCK
    return None


class _Window:
    """A file read forward through a block that grows until a pattern fits in it."""

    def __init__(self, file: File, start: int) -> None:
        self._file, self._start, self.data, self.at = file, start, b"", 0

    @property
    def position(self) -> int:
        return self._start + self.at

    def skip_space(self) -> None:
        self._load()
        while self.data[self.at : self.at + 1] in {b" ", b"\t", b"\r", b"\n"}:
            self.at += 1

    def match(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        found = pattern.match(self.data, self.at)
        while found is None and len(self.data) - self.at <= LONGEST_TOKEN and self._load():
            found = pattern.match(self.data, self.at)
        if found is not None:
            self.at = found.end()
        return found

    def _load(self) -> bool:
        end = self._start + len(self.data)
        more = self._file.read(end, min(BLOCK, self._file.size - end))
        self._start, self.data, self.at = self.position, self.data[self.at :] + more, 0
        return bool(more)


def _plain(raw: bytes, place: int) -> bytes:
    if b"\\" not in raw:
        return raw
    try:
        text: str = json.loads(b'"' + raw + b'"')
    except ValueError as error:
        raise Malformed(f"a token that is no text before byte {place}") from error
    return text.encode("utf-8", "surrogatepass")


def read_scored(fields: Fields) -> Iterator[bytes]:
    """Give the tokens of llama2.c's tokenizer: a score, a length and the bytes of each."""
    while fields.left:
        fields.skip(4)
        length = fields.number("i")
        if not 0 <= length <= LONGEST_TOKEN:
            raise Malformed(f"a token of {length} bytes before byte {fields.position}")
        yield fields.take(length)
