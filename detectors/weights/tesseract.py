"""Tesseract: trained data for one script or language.

What it sees: files named `.traineddata` that begin with a count of parts and their places, one behind the other.
What it says: parameters are present: the network of the recogniser with as many weights as its header says, or the classes of the older
engine; the dictionaries and the characters inside; the version, which names the training, and the layout of the network.
What it cannot know: which fonts and texts it was trained on. The weights are not read.
Source: Tesseract's `tessdatamanager.h` (the parts by their numbers) and `network.cpp` (the header of a network).
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Severity, Span, Unit, printable
from inspector.weights.tally import TALLY_EMITS, Tally

NETWORK, CHARACTERS, VERSION, OLD_CLASSES = 17, (1, 21), 23, 3
NAMES = (
    "config", "unicharset", "unicharambigs", "inttemp", "pffmtable", "normproto", "punc-dawg", "word-dawg", "number-dawg", "freq-dawg",
    "fixed-length-dawgs", "cube-unicharset", "cube-word-dawg", "shapetable", "bigram-dawg", "unambig-dawg", "params-model", "lstm",
    "lstm-punc-dawg", "lstm-word-dawg", "lstm-number-dawg", "lstm-unicharset", "lstm-recoder", "version",
)  # fmt: skip
MOST_PARTS = 64
LONGEST_NAME = 64
TAIL = 4096
LAYOUT = re.compile(rb"\[[0-9]+,[0-9]+,[0-9]+,[0-9]+[ -Z^-~]{1,300}\]")
Parts = dict[int, tuple[int, int]]


@detector(
    "tesseract",
    wants=Wants(suffixes=(".traineddata",)),
    formats=("tesseract",),
    emits=TALLY_EMITS | {(Component.TOKENIZER, Claim.PRESENT), (Component.ARCHITECTURE, Claim.REFERENCED)},
)
def tesseract(file: File) -> Iterator[Said]:
    """Read the places of the parts, and the header of the network."""
    if is_pointer(file) or (parts := _read_parts(file)) is None:
        return
    yield Format("tesseract")
    tally = Tally(file, "tesseract", end=file.size, keys=[NAMES[number] if number < len(NAMES) else f"part {number}" for number in parts])
    tally.take(lambda tally: _count(tally, parts))
    yield from _say_parts(file, parts)
    yield from tally.say()


def _read_parts(file: File) -> Parts | None:
    """Read where each part begins and ends; `None` where the numbers are no such list."""
    head = file.head
    count = int.from_bytes(head[:4], "little")
    start = 4 + 8 * count
    if not 1 <= count <= MOST_PARTS or len(head) < start:
        return None
    places = [(int.from_bytes(head[4 + 8 * at : 12 + 8 * at], "little", signed=True), at) for at in range(count)]
    here = sorted((place, number) for place, number in places if place >= 0)
    if not here or here[0][0] != start or any(place < -1 for place, _ in places):
        return None
    ends = [place for place, _ in here[1:]] + [max(file.size, here[-1][0])]
    return {number: (place, end) for (place, number), end in zip(here, ends, strict=True)}


def _count(tally: Tally, parts: Parts) -> None:
    file = tally.file
    if (last := max(end for _, end in parts.values())) > file.size or max(start for start, _ in parts.values()) >= file.size:
        raise Malformed(
            f"truncated: its last part begins at byte {max(start for start, _ in parts.values())} of {last}, the file ends before"
        )
    if NETWORK in parts:
        tally.add("lstm", "weights", (_read_network(file, *parts[NETWORK]),))
    elif OLD_CLASSES in parts:
        start, end = parts[OLD_CLASSES]
        tally.add("inttemp", "bytes", (end - start,))
    else:
        message = "neither a network nor classes of the older engine: it recognises nothing by itself"
        tally.sightings.add("tesseract.no-recogniser", Severity.LOW, message)
        tally.is_empty_fine = True


def _read_network(file: File, start: int, end: int) -> int:
    """Read how many weights the network has, which its first header says of all of it."""
    head = file.read(start, min(end - start, 5 + LONGEST_NAME + 22))
    length = int.from_bytes(head[1:5], "little")
    if head[:1] != b"\0" or not 1 <= length <= LONGEST_NAME or len(head) < 5 + length + 18:
        raise Malformed(f"no network begins at byte {start}")
    count = int.from_bytes(head[5 + length + 14 : 5 + length + 18], "little", signed=True)
    if count < 0:
        raise Malformed(f"a network of {count} weights at byte {start}")
    return count


def _say_parts(file: File, parts: Parts) -> Iterator[Found]:
    for number in CHARACTERS:
        if number in parts:
            start, end = parts[number]
            span = Span(min(start, file.size), min(end, file.size), Unit.BYTES)
            yield Found(Component.TOKENIZER, Claim.PRESENT, "unicharset", span=span)
    version = ""
    if VERSION in parts:
        start, end = parts[VERSION]
        version = file.read(start, min(200, end - start)).decode("utf-8", "replace") if end <= file.size else ""
    layout = ""
    if NETWORK in parts and parts[NETWORK][1] <= file.size:
        start, end = parts[NETWORK]
        size = min(TAIL, end - start)
        found = LAYOUT.search(file.read(end - size, size))
        layout = found[0].decode("latin-1") if found else ""
    excerpt = printable(" ".join(filter(None, (version.strip(), layout))))[:200]
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, "tesseract", excerpt=excerpt or None)
