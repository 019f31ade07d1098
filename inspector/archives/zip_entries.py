"""The members of a zip file as a reader of any kind would find them, and what readers would disagree on.

A sound file is read by its directory alone. Of any other all bytes are looked at, and every member that a directory or a local header names is
given: the answer to a directory that lies is to read both what it says and what is there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from stat import S_ISLNK

from inspector.archives.directory import Directory, read_directory
from inspector.archives.zip_scan import Record, Records, is_encrypted, scan_records
from inspector.bundle import File
from inspector.errors import Malformed, TooLarge
from inspector.model import Severity

HIGH, MEDIUM = Severity.HIGH, Severity.MEDIUM
LARGEST_DESCRIPTOR = 24
CONTRADICTS = "archive.directory-mismatch"


@dataclass(frozen=True, slots=True)
class Entry:
    """A member: its name, how it is packed, where its data begin and how many bytes they have at most, its size and checksum as they are said.

    `sealed` says that both headers call it encrypted.
    """

    name: str
    method: int
    start: int
    stored: int
    size: int
    crc: int
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that readers would disagree on: its rule, how much it matters, what it is, and the member or bytes it is about."""

    rule: str
    severity: Severity
    message: str
    pointer: str | None = None
    span: tuple[int, int] | None = None


@dataclass(slots=True)
class Entries:
    """The members, what is wrong, and the directory where it is sound."""

    members: list[Entry] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    directory: Directory | None = None


def read_entries(file: File) -> Entries:
    """List the members of a zip file; raises TooLarge for more records than are read."""
    try:
        directory = read_directory(file)
    except TooLarge:
        raise
    except Malformed:
        return _read_all(file)
    if directory.gaps:
        return _read_all(file)
    members = [Entry(member.name, member.method, member.start, member.stored, member.size, member.crc) for member in directory.members]
    return Entries(members, [], directory)


def _read_all(file: File) -> Entries:
    records, found = scan_records(file), Entries()
    outer = _outermost(records)
    found.flaws += _judge_frame(file, records, outer)
    listed: set[int] = set()
    for entry in records.central:
        if _is_inside(entry.place, outer):
            continue
        local = _find_local(entry, records)
        if local is None:
            message = "the directory names a member where none begins"
            found.flaws.append(Flaw(CONTRADICTS, HIGH, message, entry.name, (entry.place, entry.end)))
            continue
        listed.add(local.place)
        found.flaws += _compare(entry, local)
        found.members.append(_member(file, entry, local, records))
    for place, local in records.local.items():
        if place not in listed and not _is_inside(place, outer):
            if listed:
                message = "a member stands in no directory: readers that go by the directory do not see it, others do"
                found.flaws.append(Flaw("archive.unlisted-member", HIGH, message, local.name, (place, local.end)))
            found.members.append(_member(file, local, local, records))
    return found


def _outermost(records: Records) -> list[tuple[int, int]]:
    """List the ranges that members' data take, without those inside of others: an archive can hold archives."""
    sizes = {entry.header: entry.stored for entry in records.central}
    ranges: list[tuple[int, int]] = []
    for place, local in sorted(records.local.items()):
        if ranges and place < ranges[-1][1]:
            continue
        said = sizes.get(place, local.stored)
        ranges.append((local.end, local.end + (said if local.is_late else min(said, local.stored))))
    return ranges


def _is_inside(place: int, ranges: list[tuple[int, int]]) -> bool:
    return any(begin <= place < end for begin, end in ranges) if len(ranges) < 64 else _is_inside_sorted(place, ranges)


def _is_inside_sorted(place: int, ranges: list[tuple[int, int]]) -> bool:
    """Say the same of many ranges, which are in order and do not overlap."""
    low, high = 0, len(ranges)
    while low < high:
        middle = (low + high) // 2
        if ranges[middle][1] <= place:
            low = middle + 1
        else:
            high = middle
    return low < len(ranges) and ranges[low][0] <= place


def _judge_frame(file: File, records: Records, outer: list[tuple[int, int]]) -> Iterator[Flaw]:
    """Judge what stands before the first member, how many directories there are, and whether members overlap."""
    first = min(records.local, default=None)
    ends = [end for end in records.ends if not _is_inside(end[0], outer)]
    if first:
        yield Flaw(
            "archive.prefix",
            MEDIUM,
            "bytes stand before the first member: some readers refuse the file, others skip them",
            None,
            (0, first),
        )
    if not ends and records.local:
        yield Flaw(
            "archive.no-directory", MEDIUM, "the archive has no directory: members were found by their local headers", None, (0, file.size)
        )
    if len(ends) > 1:
        message = "archives stand behind one another: which of them is read depends on the reader"
        yield Flaw("archive.concatenated", HIGH, message, None, (ends[0][0], ends[-1][0]))
    spans = sorted(
        (local.place, local.end + entry.stored, entry.name) for entry in records.central if (local := _find_local(entry, records))
    )
    for (_, end, _), (begin, _, name) in pairwise(spans):
        if begin < end:
            yield Flaw("archive.overlap", HIGH, "members of the archive overlap: one byte is content of several", name, (begin, end))
            break


def _find_local(entry: Record, records: Records) -> Record | None:
    """Find the local header of an entry: where it is said to be, or as far behind as its directory is."""
    if (local := records.local.get(entry.header)) is not None and (local.name == entry.name or not records.ends):
        return local
    for place, begin, size in records.ends:
        shifted = records.local.get(entry.header + place - begin - size)
        if shifted is not None and shifted.name == entry.name and entry.place < place:
            return shifted
    return local


def _compare(entry: Record, local: Record) -> Iterator[Flaw]:
    """Hold a local header against the directory, and say what each of them claims that the other does not."""
    differs = [
        word
        for word, said, is_there in (
            ("name", entry.name, local.name),
            ("method", entry.method, local.method),
            ("encryption", is_encrypted(entry), is_encrypted(local)),
            (
                "sizes",
                (entry.stored, entry.size),
                (entry.stored, local.size or entry.size) if local.is_late else (local.stored, local.size),
            ),
            ("checksum", entry.crc, entry.crc if local.is_late else local.crc),
        )
        if said != is_there
    ]
    if differs:
        message = f"the directory and the member itself give different {' and '.join(differs)}: readers disagree on such a file"
        yield Flaw(CONTRADICTS, HIGH, message, entry.name, (local.place, local.end))
    if S_ISLNK(entry.mode):
        yield Flaw("archive.link", HIGH, "a member is a link: unpacking it can write or read outside of its directory", entry.name)


def _member(file: File, entry: Record, local: Record, records: Records) -> Entry:
    """Give a member with as many bytes as the larger claim, or up to the next record where neither says how many."""
    most = max(entry.stored, 0 if local.is_late else local.stored)
    if not most or local.end + most > file.size:
        places = (
            place
            for place in (*records.local, *(each.place for each in records.central), *(end[0] for end in records.ends))
            if place >= local.end
        )
        most = min(places, default=file.size) - local.end
    sealed = is_encrypted(entry) and is_encrypted(local)
    method = local.method if local.method != entry.method else entry.method
    return Entry(entry.name, method, local.end, min(most, file.size - local.end), entry.size, entry.crc, sealed)
