"""Several zip archives behind one another in one file, found from the last to the first by their end records.

Source: PKWARE's APPNOTE, 4.3; the files of torch's distributed checkpoints. The archives have no comment, as torch writes them.
"""

import struct
from dataclasses import dataclass

from inspector.archives.directory import MAGIC
from inspector.bundle import File
from inspector.errors import Malformed, TooLarge

MOST_ARCHIVES = 100_000
END, LOCATOR, LARGE = 22, 20, 56  # bytes of the three records


@dataclass(frozen=True, slots=True)
class Stack:
    """The archives from the first to the last, each with where it begins and its size (bytes), and where the first of them begins."""

    archives: tuple[tuple[int, int], ...]
    begin: int


def find_archives(file: File) -> Stack:
    """Find the archives; `begin` is not 0 where something else stands before them.

    Raises Malformed when none ends where the file does, TooLarge above 100,000.
    """
    end, found = file.size, list[tuple[int, int]]()
    while end > 0 and (start := _begin(file, end)) is not None:
        found.append((start, end - start))
        end = start
        if len(found) > MOST_ARCHIVES:
            raise TooLarge(f"more than {MOST_ARCHIVES} archives in one file")
    if not found:
        raise Malformed("truncated, or no archives: no end record of one stands at its end")
    return Stack(tuple(reversed(found)), end)


def _begin(file: File, end: int) -> int | None:
    """Compute where the archive begins that ends at a byte; `None` where none does."""
    room = min(end, END + LOCATOR + LARGE)
    if room < END:
        return None
    tail = file.read(end - room, room)
    record = tail[-END:]
    if not record.startswith(b"PK\x05\x06") or record[20:22] != b"\0\0":
        return None
    size, offset = struct.unpack_from("<2I", record, 12)
    close = end - END
    if len(tail) == END + LOCATOR + LARGE and tail[LARGE:].startswith(b"PK\x06\x07") and tail.startswith(b"PK\x06\x06"):
        size, offset = struct.unpack_from("<2Q", tail, 40)
        close = end - room
    start: int = close - size - offset
    return start if 0 <= start < end and file.read(start, min(4, end - start)) == MAGIC else None
