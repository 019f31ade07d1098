"""The matrices and vectors in a binary file of Kaldi, found by their headers; what stands between them is scanned, their numbers are not read.

Source: Kaldi's `io-funcs` (a size of four bytes behind the byte 4), `kaldi-matrix.cc` and `kaldi-vector.cc` (`FM`, `DM`, `FV`, `DV`).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from inspector.bundle import File
from inspector.errors import Malformed, TooLarge

MAGIC = b"\0B"
WINDOW = 1 << 18
LONGEST = 64  # bytes of a header or a word
SIZES = rb"(?:M \x04(?P<rows>....)\x04(?P<columns>....)|V \x04(?P<size>....))"
HEADER = re.compile(rb"(?P<kind>[FD])" + SIZES + rb"|<(?P<word>[A-Z]\w{2,40})>", re.DOTALL)
WIDTHS = {b"F": ("F32", 4), b"D": ("F64", 8)}
LARGEST = 2**31
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
    at, word, count = start, "", 0
    while at < file.size:
        window = file.read(at, min(WINDOW, file.size - at))
        found = HEADER.search(window)
        if found is None or (found.start() > WINDOW - LONGEST and at + len(window) < file.size):
            at += max(1, len(window) - LONGEST) if at + len(window) < file.size else len(window)
            continue
        count += 1
        if count > MOST:
            raise TooLarge(f"more than {MOST} words and matrices")
        end = at + found.end()
        if found["word"]:
            word = found["word"].decode("latin-1")
            yield Word(word, at + found.start())
            at = end
            continue
        shape = _shape(found)
        dtype, width = WIDTHS[found["kind"]]
        size = width
        for number in shape:
            size *= number
        if min(shape) < 0 or max(shape) >= LARGEST:
            at = at + found.start() + 1  # chance: no header
            continue
        if end + size > file.size:
            raise Malformed(f"truncated: a block of {size} bytes begins at byte {end}, the file has {file.size}")
        yield Block(dtype, shape, word)
        at = end + size


def _shape(found: re.Match[bytes]) -> tuple[int, ...]:
    parts = (found["rows"], found["columns"]) if found["size"] is None else (found["size"],)
    return tuple(int.from_bytes(part, "little", signed=True) for part in parts)
