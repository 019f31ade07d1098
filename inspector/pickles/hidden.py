"""Pickles where nothing announces one: behind the end of another, in bytes that belong to nothing, under any name.

Bytes are a pickle when they are followed to a STOP, or name a global on the way; two bytes of a mark are not enough.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.model import Severity
from inspector.pickles.globals import judge_global
from inspector.pickles.listing import Listing
from inspector.pickles.opcodes import list_pickle
from inspector.pickles.payloads import PROTOCOL, is_meant
from inspector.serialization.stream import Stream

# What a stream of any protocol can begin with, when no mark stands before it: opcodes that put something on the stack.
STARTS = b"()]}NIFLSVGJKMTUXBCci\x82\x83\x84\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x95\x96\x97"
BEGINS = re.compile(rb"\x80[\x00-\x05]|[(\]})]{0,8}[ci][A-Za-z_][\w.]{0,200}\n[A-Za-z_][\w.]{0,200}\n|\x95.{6}\x00\x00\x8c", re.DOTALL)
MOST_CANDIDATES = 2_000
MOST_OPCODES = 1_000_000  # of one candidate
MOST_FOUND = 64
MOST_BYTES = 64 * 2**20
WINDOW = 4 * 2**20
LONGEST_BEGIN = 512


def list_stacked(stream: Stream, most: int) -> list[Listing]:
    """Follow one pickle after another, while another begins where the last one ended."""
    listings: list[Listing] = []
    while len(listings) < most and stream.left and (not listings or PROTOCOL.match(stream.look(2))):
        listings.append(list_pickle(stream))
        if listings[-1].fault:
            break
    return listings


def acts(listing: Listing) -> bool:
    """Say whether a pickle would call something that acts."""
    called = any(judge_global(known.module, known.name) is Severity.HIGH for part in listing.parts() for known in part.calls)
    return called or any(maker is not None for part in listing.parts() for _, maker in part.computed)


def names_acting(listing: Listing) -> bool:
    """Say whether a pickle names something that acts, whether or not it comes to call it."""
    return any(judge_global(known.module, known.name) is Severity.HIGH for known in listing.globals)


def is_unmarked_pickle(listing: Listing, size: int) -> bool:
    """Say whether a stream without a mark is a pickle: it acts, or it is whole and names a global."""
    whole = listing.fault is None and listing.end == size and listing.opcodes > 2
    return acts(listing) or (whole and is_meant(listing) and bool(listing.globals))


def find_hidden(file: File, begin: int, end: int) -> Iterator[Listing]:
    """Find the pickles in a range of bytes that belongs to nothing, in its first 64 MiB."""
    tried = found = 0
    end = min(end, begin + MOST_BYTES)
    after = begin
    for start in range(begin, end, WINDOW):
        data = file.read(start, min(WINDOW + LONGEST_BEGIN, end - start))
        for match in BEGINS.finditer(data):
            place = start + match.start()
            if place < after or match.start() >= WINDOW:
                continue
            tried += 1
            if tried > MOST_CANDIDATES or found >= MOST_FOUND:
                return
            listing = list_pickle(Stream(file.read, file.size, place), 0, MOST_OPCODES)
            if (is_meant(listing) and (listing.fault is None or listing.calls)) or acts(listing):
                found, after = found + 1, listing.end
                yield listing
