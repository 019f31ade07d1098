"""The matrices and vectors in a binary file of Kaldi, found by their headers; what stands between them is scanned, their numbers are not read.

Source: Kaldi's `io-funcs` (a size of four bytes behind the byte 4), `kaldi-matrix.cc` and `kaldi-vector.cc` (`FM`, `DM`, `FV`, `DV`).
"""

import re
from collections.abc import Iterator
from math import prod
from typing import NamedTuple

from inspector.bundle import File
from inspector.errors import Malformed, TooLarge

MAGIC = b"\0B"
WINDOW = 1 << 18
LONGEST = 64  # bytes of a header or a word
# Begins with a set of bytes, which is what a search is fast for.
HEADER = re.compile(
    rb"[<FD](?:(?<=[FD])(?:M \x04(?P<rows>....)\x04(?P<columns>....)|V \x04(?P<size>....))|(?<=<)(?P<word>[A-Z]\w{2,40})>)", re.DOTALL
)
WIDTHS = {b"F": ("F32", 4), b"D": ("F64", 8)}
MOST = 1_000_000


class Block(NamedTuple):
    """A matrix or a vector: its dtype, its shape, the last word before it."""

    dtype: str
    shape: tuple[int, ...]
    word: str


class Word(NamedTuple):
    """A word in brackets, which opens a part of a model."""

    name: str
    place: int


def scan_objects(file: File, start: int = len(MAGIC)) -> Iterator[Block | Word]:
    """Give the words and the blocks of numbers in the order of the file.

    Raises Malformed where a block reaches beyond the file, TooLarge above a million of both.
    """
    window, begin, at, word, count = b"", start, start, "", 0
    while at < file.size:
        if at - begin > len(window) - LONGEST and begin + len(window) < file.size:
            window, begin = file.read(at, min(WINDOW, file.size - at)), at
        found = HEADER.search(window, at - begin)
        if found is None:
            at = max(at + 1, begin + len(window) - LONGEST + 1) if begin + len(window) < file.size else file.size
            continue
        count += 1
        if count > MOST:
            raise TooLarge(f"more than {MOST} words and matrices")
        at = begin + found.end()
        if found["word"]:
            word = found["word"].decode("latin-1")
            yield Word(word, begin + found.start())
        elif (shape := _shape(found)) is None:
            at = begin + found.start() + 1  # chance: no header
        else:
            dtype, width = WIDTHS[found[0][:1]]
            size = width * prod(shape)
            if at + size > file.size:
                raise Malformed(f"truncated: a block of {size} bytes begins at byte {at}, the file has {file.size}")
            yield Block(dtype, shape, word)
            at += size


def _shape(found: re.Match[bytes]) -> tuple[int, ...] | None:
    """Read the sizes of a block; `None` for sizes that none has."""
    parts = (found["rows"], found["columns"]) if found["size"] is None else (found["size"],)
    shape = tuple(int.from_bytes(part, "little", signed=True) for part in parts)
    return shape if min(shape) >= 0 else None
