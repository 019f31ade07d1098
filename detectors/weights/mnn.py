"""MNN: a model for devices, as a FlatBuffer.

What it sees: files named `.mnn` whose operators and tensors can be followed; the format has no magic number.
What it says: parameters are present: the numbers of every operator, packed or not; how many bytes a file beside (`.mnn.weight`) has where
operators keep their numbers there; operators of other makers, which have to be installed.
What it cannot know: how many weights are in packed bytes. No number is read.
Source: MNN's FlatBuffers schema; FlatBuffers' description of its binary format.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Reference, Severity, Span, Stored, Unit, printable
from inspector.serialization.flat_tables import FlatTable, read_root
from inspector.weights.mnn_model import SOURCE, SOURCES, UUID, Custom, External, Numbers, read_operators, tell_operator
from inspector.weights.tally import TALLY_EMITS, Tally

NAMES = 7  # the field of the tensors' names
FIELDS = 12


@detector(
    "mnn",
    wants=Wants(suffixes=(".mnn",)),
    formats=("mnn",),
    emits=TALLY_EMITS | {(Component.PARAMETERS, Claim.REFERENCED), (Component.ARCHITECTURE, Claim.REFERENCED)},
)
def mnn(file: File) -> Iterator[Said]:
    """Follow the tables, never a number."""
    if is_pointer(file) or file.size < 16:
        return
    try:
        net = read_root(file, 0, file.size)
        if net.vector(3, 4)[0] == 0 or net.vector(NAMES, 4)[0] == 0:
            return
    except Malformed:
        return
    yield Format("mnn")
    tally, ends = Tally(file, "mnn", end=file.size), list[int]()
    tally.take(lambda tally: _read(tally, net, ends))
    source = net.byte(SOURCE)
    keys = [f"source {SOURCES[source]}"] if source < len(SOURCES) else []
    tally.keys += keys + (["mnn_uuid"] if net.holds(UUID) else [])
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, "mnn", details=Reference(kind="package", target="MNN"))
    if ends:
        beside = f"{file.path}.weight"
        details, span = Stored(files=(beside,), size=max(ends)), Span(0, file.size, Unit.BYTES)
        yield Found(Component.PARAMETERS, Claim.REFERENCED, PurePosixPath(beside).name, span=span, details=details)
    yield from tally.say()


def _read(tally: Tally, net: FlatTable, ends: list[int]) -> None:
    for operator in read_operators(net):
        for told in tell_operator(operator):
            match told:
                case Numbers(name, dtype, size):
                    tally.add(name, dtype, (size,))
                case External(name, start, end):
                    ends.append(end)
                    tally.add(name, "bytes beside", (end - start,))
                case Custom(name):
                    message = "an operator that is not MNN's own: its code has to be installed and trusted"
                    tally.sightings.add("mnn.custom-operator", Severity.MEDIUM, message, printable(name))
