"""torch distributed checkpoints: the state of a training, dealt over files.

What it sees: files named `.distcp`, which are torch archives behind one another, one for each tensor or object; and the file `.metadata`
beside them, a pickle that names all tensors and where they stand.
What it says: an intermediate checkpoint is present: its tensors, dtypes and elements, from the opcodes of every archive; every global that
weights do not need; which files the metadata names; where bytes belong to no archive.
What it cannot know: which tensor of a file is which: names stand in the metadata only. Such a file is never called final parameters, since
the state of the optimizer stands beside them. Nothing is unpickled, and no tensor is read.
Source: torch's `distributed.checkpoint` as version 2.13 writes it; PKWARE's APPNOTE for the zip.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from inspector.archives.directory import MAGIC, read_directory, read_member
from inspector.archives.part import Part
from inspector.archives.stacked import Stack, find_archives
from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Reference, Severity, Span, Unit
from inspector.pickles.issues import is_plain
from inspector.pickles.opcodes import Listing, list_pickle
from inspector.serialization.stream import stream_of
from inspector.sightings import Sightings
from inspector.weights.census import Census
from inspector.weights.pickled import count_into, judge_globals

LARGEST_PICKLE = 32 * 2**20  # bytes
LARGEST_METADATA = 64 * 2**20
MOST_NAMED = 10_000
MOST_KEPT = 1000  # pickles with something to say of
NAMES = (b"torch.distributed.checkpoint.metadata", b"TensorStorageMetadata")
PART = re.compile(rb"__\d{1,6}_\d{1,6}\.distcp")
SETTLE = "Fetch the checkpoint again from its origin, or convert it into one file of weights with torch's own tools."


@detector(
    "torch-distributed",
    wants=Wants(suffixes=(".distcp",), names=(".metadata",)),
    formats=("torch-distributed", "torch-distributed-metadata"),
    emits={
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.CHECKPOINTS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.REFERENCED),
    },
)
def torch_distributed(file: File) -> Iterator[Said]:
    """Follow the pickles of every archive, never a tensor."""
    if is_pointer(file):
        return
    if file.suffix != ".distcp":
        yield from _name_parts(file)
        return
    if not file.head.startswith(MAGIC):
        return
    yield Format("torch-distributed")
    stack, sightings = find_archives(file), Sightings(file)
    if stack.begin:
        message = "bytes before the first archive belong to none"
        sightings.add("torch-distributed.gap", Severity.MEDIUM, message, span=(0, stack.begin))
    census, listings = Census(), list[Listing]()
    for listing in _list_archives(file, stack, sightings):
        count_into(census, listing)
        if not is_plain(listing) and len(listings) < MOST_KEPT:
            listings.append(listing)
    yield from judge_globals(file, [(listing, None) for listing in listings])
    if census.parameters:
        details, span = census.weights("torch-distributed"), Span(stack.begin, file.size, Unit.BYTES)
        yield Found(Component.CHECKPOINTS, Claim.PRESENT, "torch-distributed", span=span, details=details)
    yield from sightings.issues(SETTLE)
    if fault := next((listing.fault for listing in listings if listing.fault), None):
        yield Found(Component.CHECKPOINTS, Claim.MISSING, "damaged", span=Span(file.size, file.size, Unit.BYTES))
        raise Malformed(fault)


def _list_archives(file: File, stack: Stack, sightings: Sightings) -> Iterator[Listing]:
    for start, size in stack.archives:
        part = Part(file, f"at byte {start}", start, size)
        try:
            yield from _list_archive(part)
        except Malformed as error:
            message = f"an archive that cannot be read: {error}"[:300]
            sightings.add("torch-distributed.broken-archive", Severity.HIGH, message, span=(start, start + size))


def _list_archive(part: Part) -> Iterator[Listing]:
    """Follow the main pickle; each tensor's storage has to be there, in its size."""
    directory = read_directory(part)
    names = {PurePosixPath(member.name).parts[1:] for member in directory.members}
    for member in directory.members:
        if PurePosixPath(member.name).name.casefold() == "data.pkl":
            data, _ = read_member(part, member, LARGEST_PICKLE)
            yield (listing := list_pickle(stream_of(data)))
            if any(("data", key) not in names for key in listing.storages):
                raise Malformed("the pickle names a storage that the archive does not hold")


def _name_parts(file: File) -> Iterator[Said]:
    """Name the files that the metadata lists; a pickle of that name which is none of torch's is left alone."""
    if file.size > LARGEST_METADATA or not file.head.startswith(b"\x80"):
        return
    data = file.whole(LARGEST_METADATA)
    if NAMES[0] not in data:
        return
    yield Format("torch-distributed-metadata")
    seen: dict[str, int] = {}
    for match in PART.finditer(data):
        if len(seen) < MOST_NAMED:
            seen.setdefault(match[0].decode(), match.start())
    for name, start in sorted(seen.items()):
        details = Reference(kind="file", target=str(PurePosixPath(file.path).parent / name))
        span = Span(start, start + len(name), Unit.BYTES)
        yield Found(Component.CHECKPOINTS, Claim.REFERENCED, name, span=span, details=details)
