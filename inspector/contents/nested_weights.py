"""Weights of torch that are a member of another archive: their pickles, followed where they stand."""

from dataclasses import dataclass, field
from pathlib import PurePosixPath

from inspector.archives.directory import MAGIC, read_directory, read_member
from inspector.archives.part import Part
from inspector.bundle import File
from inspector.errors import Malformed
from inspector.pickles.opcodes import Listing, list_pickle
from inspector.serialization.stream import Stream, stream_of

LARGEST_PICKLE = 32 * 2**20  # bytes
LEGACY_PICKLES = 5
LOCAL_HEADER = 30


@dataclass(slots=True)
class Nested:
    """A member with weights: where it begins (`None` where it is packed), its size, its pickles with the names they have inside."""

    name: str
    start: int | None
    size: int
    listings: list[tuple[Listing, str]] = field(default_factory=list)
    fault: str | None = None


def list_member(file: File, start: int | None, stream: Stream, name: str, size: int) -> Nested:
    """Follow the pickles of a member: all of them where the file can be read at any place, the first one where it is packed."""
    nested = Nested(name, start, size)
    try:
        if start is not None:
            _list_part(Part(file, name, start, size), nested)
        else:
            _list_packed(stream, nested)
        nested.fault = next((listing.fault for listing, _ in nested.listings if listing.fault), None)
        if not nested.listings:
            nested.fault = "it is neither a torch archive nor a pickle"
    except Malformed as error:
        nested.fault = str(error)
    return nested


def _list_part(part: File, nested: Nested) -> None:
    if not part.head.startswith(MAGIC):
        nested.listings += [(listing, "") for listing in _list_pickles(Stream(part.read, part.size))]
        return
    for member in read_directory(part).members:
        if PurePosixPath(member.name).suffix.casefold() == ".pkl":
            data, _ = read_member(part, member, LARGEST_PICKLE)
            nested.listings.append((list_pickle(stream_of(data)), f"!/{member.name}"))


def _list_packed(stream: Stream, nested: Nested) -> None:
    """Follow the first pickle: torch writes it before the storages. Its end is its own, whatever the zip file's directory would say."""
    head = stream.look(LOCAL_HEADER)
    if not head.startswith(MAGIC):
        nested.listings += [(listing, "") for listing in _list_pickles(stream)]
        return
    named, extra = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
    if int.from_bytes(head[8:10], "little"):
        raise Malformed("its first member is compressed")
    stream.skip(LOCAL_HEADER)
    inner = stream.take(named).decode("utf-8", "replace")
    stream.skip(extra)
    if PurePosixPath(inner).name.casefold() != "data.pkl":
        raise Malformed(f"its first member is no pickle: {inner[:80]!r}")
    nested.listings.append((list_pickle(stream), f"!/{inner}"))


def _list_pickles(stream: Stream) -> list[Listing]:
    """Follow one pickle after another, at most five: a file of torch before 1.6 has as many."""
    listings: list[Listing] = []
    while len(listings) < LEGACY_PICKLES and stream.look(1) == b"\x80":
        listings.append(list_pickle(stream))
        if listings[-1].fault:
            break
    return listings
