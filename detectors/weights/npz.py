"""NumPy archives: arrays under names, as a zip file.

What it sees: zip files that hold arrays of NumPy and nothing else, and files named `.npz`.
What it says: parameters are present where half of the names end in a word of parameters (`layers.0.wq.weight`), or the file's name says
that it is a model; every array by its own header; arrays of objects, which are pickles, and what in them weights do not need; arrays of
another size than their headers say, names that stand twice, bytes that belong to no member.
What it cannot know: what arrays of other names are for: they are data as often as not. No element is read.
Source: NumPy's `savez` and its description of the `.npy` format; PKWARE's APPNOTE for the zip.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.archives.directory import DEFLATED, MAGIC, Directory, Member, read_directory, read_member
from inspector.archives.findings import judge_gaps, judge_names
from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Severity, Span, Unit
from inspector.pickles.issues import judge_objects
from inspector.pickles.opcodes import Listing, list_pickle
from inspector.serialization.stream import stream_of
from inspector.sightings import Sightings
from inspector.weights.array_header import read_array_header
from inspector.weights.census import Census
from inspector.weights.pickled import is_data_name, judge_globals
from inspector.weights.role import is_model_file_name, is_parameter_name, role_by_name, role_of

HEAD = 4096
LARGEST_PICKLE = 32 * 2**20  # bytes
MOST_PICKLES = 200
SETTLE = "Save the arrays again without objects, or fetch the file again from its origin and compare digests."


@dataclass(slots=True)
class Arrays:
    """What was read of the members so far."""

    census: Census = field(default_factory=Census)
    names: list[str] = field(default_factory=list)
    listings: list[tuple[Listing, str | None]] = field(default_factory=list)
    fault: str | None = None


@detector(
    "npz",
    wants=Wants(magic=(Magic(MAGIC),)),
    formats=("npz",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def npz(file: File) -> Iterator[Said]:
    """Read the headers of the arrays."""
    try:
        directory = read_directory(file)
    except Malformed:
        if file.suffix == ".npz":
            yield Format("npz")
            raise
        return
    arrays_only = [member.name.endswith(".npy") for member in directory.members]
    if not any(arrays_only) or not (all(arrays_only) or file.suffix == ".npz"):
        return
    yield Format("npz")
    sightings, arrays = Sightings(file), Arrays()
    judge_names((member.name for member in directory.members), sightings)
    judge_gaps(directory.gaps, sightings)
    read_arrays(file, directory, arrays, sightings)
    yield from judge_globals(file, arrays.listings)
    yield from _say_weights(file, directory, arrays)
    yield from sightings.issues(SETTLE)
    if arrays.fault:
        raise Malformed(arrays.fault)


def read_arrays(file: File, directory: Directory, arrays: Arrays, sightings: Sightings) -> None:
    """Read the headers of all members, and follow the pickles of those that are arrays of objects."""
    for member in directory.members:
        _read_array(file, member, arrays, sightings)


def _read_array(file: File, member: Member, arrays: Arrays, sightings: Sightings) -> None:
    try:
        header = read_array_header(read_member_head(file, member))
    except Malformed as error:
        sightings.add("npz.broken-array", Severity.HIGH, f"a member that is no array: {error}"[:300], member.name)
        return
    if header.dtype == "objects":
        severity, message = judge_objects(_follow_objects(file, member, header.start, arrays))
        sightings.add("npz.pickled-array", severity, message, member.name)
        return
    if header.size is not None and header.start + header.size != member.size:
        sightings.add("npz.array-size", Severity.HIGH, "an array has another size than its header says", member.name)
    arrays.census.add(header.dtype, header.shape)
    arrays.names.append(member.name.removesuffix(".npy"))


def read_member_head(file: File, member: Member) -> bytes:
    """Read the first bytes of a member, at most 4 KiB, inflated where it is packed."""
    data = file.read(member.start, min(member.stored, HEAD))
    if member.method != DEFLATED:
        return data
    try:
        return zlib.decompressobj(-15).decompress(data, HEAD)
    except zlib.error as error:
        raise Malformed(f"{member.name}: it cannot be inflated: {error}") from error


def _follow_objects(file: File, member: Member, start: int, arrays: Arrays) -> Listing | None:
    """Follow the pickle of an array of objects; `None` where that cannot be done, or there are too many."""
    if len(arrays.listings) >= MOST_PICKLES:
        arrays.fault = arrays.fault or f"more than {MOST_PICKLES} arrays of objects: the rest was not followed"
        return None
    try:
        data, _ = read_member(file, member, LARGEST_PICKLE)
    except Malformed as error:
        arrays.fault = arrays.fault or str(error)
        return None
    listing = list_pickle(stream_of(data[start:]))
    arrays.listings.append((listing, member.name))
    arrays.fault = arrays.fault or listing.fault
    return listing


def _say_weights(file: File, directory: Directory, arrays: Arrays) -> Iterator[Found]:
    role, count = role_by_name(file.path), sum(map(is_parameter_name, arrays.names))
    if role is None and (2 * count >= len(arrays.names) > 0 or is_model_file_name(file.path)) and not is_data_name(file.path):
        role = role_of(file.path, arrays.names, "npz")
    if role is None or not arrays.census.parameters:
        return
    first, last = directory.members[0], directory.members[-1]
    span = Span(first.header, last.start + last.stored, Unit.BYTES)
    yield Found(role.component, Claim.PRESENT, role.value, span=span, details=arrays.census.weights("npz"))
