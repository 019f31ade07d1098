"""Zarr: arrays in chunks, each chunk a file, as T5X and Orbax keep parameters and others keep data.

What it sees: `.zarray` of version 2 and `zarr.json` of version 3, groups of both, and the metadata of all arrays in one file (`.zmetadata`).
What it says: parameters are present, or the state of an optimizer, where the array's directory has a name of theirs (`target.encoder.kernel`,
`params/dense/bias`): dtype and shape of each array, and which chunks it must have.
What it cannot know: what arrays of other names are for: they are data as often as not, and are recognised only. No chunk is read; whether
the chunks are there is another detector's question, over all files.
Source: the Zarr storage specifications, versions 2 and 3; TensorStore's drivers of the same names.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Span, Unit, printable
from inspector.weights.census import Census
from inspector.weights.role import Role, is_adapter_name
from inspector.weights.zarr_array import place_array, read_second, read_third

ARRAY, GROUP, ALL, THIRD = ".zarray", ".zgroup", ".zmetadata", "zarr.json"
LARGEST = 1 << 20  # bytes of the description of one array
NODE = (b'"zarr_format"', b'"node_type"')


@detector(
    "zarr",
    wants=Wants(names=(ARRAY, GROUP, ALL, THIRD)),
    formats=("zarr", "zarr-group"),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.CHECKPOINTS, Claim.REFERENCED),
    },
)
def zarr(file: File) -> Iterator[Said]:
    """Read the description of one array."""
    name = file.name.casefold()
    if is_pointer(file) or not any(word in file.head for word in NODE[: 2 if name == THIRD else 1]):
        return
    if name in {GROUP, ALL} or (name == THIRD and b'"chunk_grid"' not in file.head):
        yield Format("zarr-group")
        return
    yield Format("zarr")
    data = file.whole(LARGEST)
    array = read_third(data) if name == THIRD else read_second(data)
    directory, span = PurePosixPath(file.path).parent, Span(0, file.size, Unit.BYTES)
    role = _role_of(file.path)
    if role is None:
        return
    census = Census()
    census.add(array.dtype, array.shape)
    if census.parameters:
        yield Found(role.component, Claim.PRESENT, role.value, span=span, details=census.weights("zarr"))
        shown = printable(directory.name)[:200] or "."
        yield Found(role.component, Claim.REFERENCED, shown, span=span, details=array.grid)


def _role_of(path: str) -> Role | None:
    place = place_array(path)
    if place == "state":
        return Role(Component.CHECKPOINTS, "optimizer-state")
    adapter = is_adapter_name(PurePosixPath(path).parent.name)
    return Role(Component.PARAMETERS, "zarr-adapter" if adapter else "zarr") if place else None
