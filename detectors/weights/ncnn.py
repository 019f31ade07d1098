"""ncnn: a description of layers as text, and a file of numbers beside it.

What it sees: files named `.param` whose first line is ncnn's magic number.
What it says: parameters are present, by the layers that take numbers; how many bytes the file beside (`.bin`) has at least; layers whose
numbers are not counted.
What it cannot know: how numbers are packed, which only the file beside says; how many of layers of other kinds, and of 8-bit layers. No
number is read.
Source: ncnn's layers and its `modelbin.cpp`.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Reference, Severity, Span, Stored, Unit, printable
from inspector.sightings import Sightings
from inspector.weights.census import Census
from inspector.weights.ncnn_layers import MAGIC, Layer, list_blocks, read_layers
from inspector.weights.role import role_of

MARK = 4  # bytes before numbers that say how they are packed
SETTLE = "Convert the model again, and keep both files of one conversion together."


@detector(
    "ncnn",
    wants=Wants(suffixes=(".param",)),
    formats=("ncnn",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.REFERENCED),
    },
)
def ncnn(file: File) -> Iterator[Said]:
    """Read the layers, and count what they take from the file beside."""
    first = file.head.partition(b"\n")[0].strip()
    if is_pointer(file) or first != MAGIC.encode():
        return
    yield Format("ncnn")
    sightings, census, least, names, fault = Sightings(file), Census(), 0, list[str](), None
    try:
        for layer in read_layers(file.lines):
            least += _count(layer, census, sightings)
            names.append(layer.name)
    except Malformed as error:
        fault = error
    span, path = Span(1, max(1, len(file.lines)), Unit.LINES), PurePosixPath(file.path)
    if census.parameters:
        role = role_of(file.path, names, "ncnn")
        yield Found(role.component, Claim.PRESENT, role.value, span=span, details=census.weights("ncnn"))
        details = Stored(files=(str(path.with_suffix(".bin")),), size=least)
        yield Found(Component.PARAMETERS, Claim.REFERENCED, path.with_suffix(".bin").name, span=span, details=details)
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, "ncnn", span=span, details=Reference(kind="package", target="ncnn"))
    yield from sightings.issues(SETTLE)
    if fault is not None:
        raise fault


def _count(layer: Layer, census: Census, sightings: Sightings) -> int:
    """Count the numbers of a layer, and say how many bytes they take at least: one each where they may be packed."""
    blocks = list_blocks(layer)
    if blocks is None:
        message = f"numbers of a layer of this kind are not counted: {printable(layer.kind)}"
        sightings.add("ncnn.unknown-layer", Severity.LOW, message, layer.name)
        return 0
    for block in blocks:
        if block.size:
            census.add("packed" if block.marked else "F32", (block.size,))
    return sum(MARK + block.size if block.marked else 4 * block.size for block in blocks)
