"""NumPy arrays: one array in a file.

What it sees: files that begin with NumPy's magic number, under any name.
What it says: the array is a parameter where its name ends in a word of one (`layers.0.wq.weight.npy`); objects in it are a pickle, and
every global in that which weights do not need; an array of another size than its header says.
What it cannot know: what an array of another name is for: such arrays are data as often as not, and are not called parameters. No element
is read.
Source: NumPy's description of the `.npy` format, versions 1 to 3.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Severity, Span, Unit
from inspector.pickles.issues import judge_objects
from inspector.pickles.opcodes import list_pickle
from inspector.serialization.stream import Stream
from inspector.sightings import Sightings
from inspector.weights.array_header import LONGEST, MAGIC, ArrayHeader, read_array_header
from inspector.weights.census import Census
from inspector.weights.pickled import count_tensors, is_data_name, judge_globals
from inspector.weights.role import is_parameter_name, role_by_name, role_of

SETTLE = "Save the array again without objects, or fetch the file again from its origin and compare digests."


@detector(
    "npy",
    wants=Wants(magic=(Magic(MAGIC),)),
    formats=("npy",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def npy(file: File) -> Iterator[Said]:
    """Read the header; follow the pickle of an array of objects."""
    if not file.head.startswith(MAGIC):
        return
    yield Format("npy")
    header = read_array_header(file.read(0, min(file.size, LONGEST + 12)))
    if header.dtype == "objects":
        yield from _follow_objects(file, header)
        return
    census, role = Census(), role_by_name(file.path)
    census.add(header.dtype, header.shape)
    if role is None and is_parameter_name(file.name) and not is_data_name(file.path):
        role = role_of(file.path, (file.name,), "npy")
    details = census.weights("npy")
    if role is not None and census.parameters:
        yield Found(role.component, Claim.PRESENT, role.value, span=Span(0, header.start, Unit.BYTES), details=details)
    end = file.size if header.size is None else header.start + header.size
    if end < file.size:
        sightings = Sightings(file)
        message = f"{file.size - end} bytes follow the array that belong to nothing"
        sightings.add("npy.trailing-bytes", Severity.MEDIUM, message, span=(end, file.size))
        yield from sightings.issues(SETTLE)
    elif end > file.size:
        if role is not None:
            yield Found(Component.PARAMETERS, Claim.MISSING, "truncated", span=Span(file.size, file.size, Unit.BYTES))
        raise Malformed(f"truncated: its array needs {end} bytes, the file has {file.size}")


def _follow_objects(file: File, header: ArrayHeader) -> Iterator[Said]:
    listing = list_pickle(Stream(file.read, file.size, header.start))
    sightings = Sightings(file)
    severity, message = judge_objects(listing)
    sightings.add("npy.pickled-array", severity, message, span=(header.start, min(listing.end, file.size)))
    yield from sightings.issues(SETTLE)
    yield from judge_globals(file, [(listing, None)])
    census = count_tensors([listing])
    if census.parameters and is_parameter_name(file.name) and not is_data_name(file.path):
        role = role_of(file.path, listing.names, "npy")
        yield Found(role.component, Claim.PRESENT, role.value, span=Span(0, listing.end, Unit.BYTES), details=census.weights("npy"))
    if listing.fault:
        raise Malformed(listing.fault)
