"""TensorStore checkpoints: the file of T5X and of older Orbax that names arrays in directories beside it.

What it sees: files named `checkpoint` or `.msgpack` that hold specifications of TensorStore, or texts in their place, where Flax has arrays.
What it says: which arrays there must be, by the path of each; dtypes and shapes as far as the specifications give them; small arrays that
are kept in the file itself; paths that lead out of the checkpoint.
What it cannot know: whether the arrays are here: their own descriptions and their chunks tell, and are counted in their place.
Source: T5X' `checkpoints.py`; Orbax' aggregate files; the MessagePack specification.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from inspector.beside import find_beside, leads_out
from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Reference, Severity, Span, Unit, printable
from inspector.pickles.symbols import DTYPES
from inspector.serialization.msgpack_events import Data, read_array, read_msgpack_events
from inspector.serialization.stream import Stream
from inspector.sightings import Sightings
from inspector.weights.census import Census
from inspector.weights.role import Role
from inspector.weights.tensorstore_specs import Spec, Specs, take_spec
from inspector.weights.zarr_array import place_array

MOST_NAMED = 5_000
SETTLE = "Restore the checkpoint where it was written, and save it with paths of its own directory."


@detector(
    "tensorstore",
    wants=Wants(suffixes=(".msgpack",), names=("checkpoint",)),
    formats=("tensorstore-checkpoint",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.REFERENCED),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def tensorstore(file: File) -> Iterator[Said]:
    """Walk the tree, and name the arrays that are kept elsewhere."""
    if is_pointer(file) or not file.head or not (0x81 <= file.head[0] < 0x90 or file.head[0] in {0xDE, 0xDF}):
        return
    specs, sightings, fault = Specs(), Sightings(file), None
    try:
        for item in read_msgpack_events(Stream(file.read, file.size)):
            take_spec(item, specs)
    except Malformed as error:
        fault = error
    if not specs.whole:
        return
    yield Format("tensorstore-checkpoint")
    yield from _say_specs(file, specs.whole, sightings)
    yield from _say_arrays(file, specs.arrays)
    yield from sightings.issues(SETTLE)
    if fault is not None:
        yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", span=Span(file.size, file.size, Unit.BYTES))
        raise fault


def _say_specs(file: File, specs: list[Spec], sightings: Sightings) -> Iterator[Found]:
    census = Census()
    for spec in specs:
        shown, path = printable("/".join(spec.keys))[:200], spec.path.rstrip("/")
        if spec.shape is not None or spec.dtype:
            census.add(spec.dtype or "?", spec.shape or ())
        if leads_out(path):
            message = "the checkpoint names an array outside of its own directory"
            sightings.add("tensorstore.path-outside", Severity.HIGH, message, shown)
    if census.tensors:
        yield Found(Component.MODEL_METADATA, Claim.PRESENT, "array-specifications", details=census.weights("tensorstore"))
    for spec in specs[:MOST_NAMED]:
        target, shown = find_beside(file.path, spec.path.rstrip("/")), printable("/".join(spec.keys))[:200]
        if not leads_out(spec.path.rstrip("/")):
            state = place_array(f"{target}/x") == "state" or "state" in spec.keys[:2]
            component = Component.CHECKPOINTS if state else Component.PARAMETERS
            name = printable(PurePosixPath(target).name)[:200]
            details = Reference(kind="file", target=printable(target)[:1000])
            yield Found(component, Claim.REFERENCED, name, pointer=shown, details=details)


def _say_arrays(file: File, arrays: list[tuple[tuple[str, ...], Data]]) -> Iterator[Found]:
    """Count the arrays of the model that are small enough to be kept in the file itself."""
    census = Census()
    for path, data in arrays:
        if "target" in path or "params" in path[:2]:
            window = Stream(file.read, min(file.size, data.start + data.size), data.start)
            dtype, shape, _ = read_array(window, data.size)
            census.add(DTYPES.get(dtype, printable(dtype)[:32]), shape)
    if census.parameters:
        role = Role(Component.PARAMETERS, "tensorstore-checkpoint")
        yield Found(role.component, Claim.PRESENT, role.value, details=census.weights("tensorstore"))
