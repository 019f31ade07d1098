"""ExecuTorch: programs for devices, and their data in files of their own.

What it sees: files with the mark of a program (`.pte`) or of data (`.ptd`) behind their first four bytes.
What it says: parameters are present: the constants of a program, or the tensors of a file of data, by dtype and shape; the operators it
calls that are none of torch's; the delegates that hold weights in forms of their own; data in other files; segments that do not fit.
What it cannot know: what is in the blobs of delegates, which are compiled for one kind of device. No number is read.
Source: ExecuTorch's schemas (`program.fbs`, `flat_tensor.fbs`) and its extended header.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Reference, Severity, Span, Unit, printable
from inspector.serialization.flat_tables import FlatTable, read_root
from inspector.weights.executorch_program import (
    DELEGATES,
    OPERATORS,
    SEGMENTS,
    TYPES,
    Layout,
    open_program,
    read_constants,
    read_layout,
    read_names,
    read_segments,
)
from inspector.weights.role import Role
from inspector.weights.tally import TALLY_EMITS, Tally

PROGRAM, DATA = b"ET", b"FT"
USUAL = (
    "aten::",
    "prim::",
    "executorch_prim::",
    "quantized_decomposed::",
    "dim_order_ops::",
    "llama::",
    "torchao::",
    "quantized::",
    "et_vk.",
)
NAMED_DATA, DATA_SEGMENTS = 2, 1  # of a file of data
DATA_HEADER = 16  # bytes behind the mark at 8: length, then offsets
MOST_NAMED = 200_000
MOST_SHOWN = 20
DELEGATED = "executorch-delegate"


@detector(
    "executorch",
    wants=Wants(suffixes=(".pte", ".ptd"), magic=(Magic(b"ET12", 4), Magic(b"FT01", 4))),
    formats=("executorch", "executorch-data"),
    emits=TALLY_EMITS | {(Component.PARAMETERS, Claim.REFERENCED), (Component.ARCHITECTURE, Claim.REFERENCED)},
)
def executorch(file: File) -> Iterator[Said]:
    """Follow the tables, never a segment."""
    mark = file.head[4:8]
    if mark[2:].isdigit() and mark.startswith(PROGRAM):
        yield Format("executorch")
        yield from _say_program(file)
    elif mark[2:].isdigit() and mark.startswith(DATA):
        yield Format("executorch-data")
        yield from _say_data(file)


def _say_program(file: File) -> Iterator[Said]:
    layout = read_layout(file)
    tally, delegates = Tally(file, "executorch", header=layout.program), list[str]()
    tally.take(lambda tally: _read_program(tally, layout, delegates))
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, "executorch", details=Reference(kind="package", target="executorch"))
    for name in delegates[:MOST_SHOWN]:
        yield Found(Component.ARCHITECTURE, Claim.REFERENCED, printable(f"executorch {name}"), pointer=printable(name))
    if delegates and not tally.census.parameters:
        span = Span(0, min(tally.end, file.size), Unit.BYTES)
        yield Found(Component.PARAMETERS, Claim.PRESENT, DELEGATED, span=span)
    yield from tally.say(Role(Component.PARAMETERS, DELEGATED) if delegates else None)


def _read_program(tally: Tally, layout: Layout, delegates: list[str]) -> None:
    program = open_program(tally.file, layout)
    outside = 0
    for constant in read_constants(program):
        outside += constant.outside
        if not constant.outside:
            tally.add(constant.name, constant.dtype, constant.shape)
    delegates += read_names(program, DELEGATES)
    operators = read_names(program, OPERATORS)
    segments = read_segments(program, SEGMENTS)
    ends = [layout.segments + offset + size for offset, size in segments]
    tally.end = max([layout.program, *ends])
    if layout.end:
        tally.end = max(tally.end, layout.end)
    _judge(tally, operators, delegates, outside)


def _judge(tally: Tally, operators: list[str], delegates: list[str], outside: int) -> None:
    sightings = tally.sightings
    for name in delegates[:MOST_SHOWN]:
        message = f"weights are in a blob for one kind of device, which is not counted and cannot be changed: {printable(name)}"
        sightings.add("executorch.delegate", Severity.LOW, message, name)
    for name in [name for name in operators if name and not name.startswith(USUAL)][:MOST_SHOWN]:
        message = "an operator that comes with neither torch nor ExecuTorch: its code has to be installed and trusted"
        sightings.add("executorch.custom-operator", Severity.MEDIUM, message, name)
    tally.is_empty_fine = bool(delegates or outside)
    if outside:
        message = f"{outside} tensors stand in a file of data beside the program"
        sightings.add("executorch.data-outside", Severity.LOW, message)


def _say_data(file: File) -> Iterator[Said]:
    tally = Tally(file, "executorch-data")
    tally.take(_read_data)
    yield from tally.say()


def _read_data(tally: Tally) -> None:
    file = tally.file
    head = file.read(0, 48)
    if not head[8:].startswith(b"FH"):
        raise Malformed("no header of a file of data stands at byte 8")
    start, size, base = (int.from_bytes(head[at : at + 8], "little") for at in (16, 24, 32))
    if start + size > file.size:
        raise Malformed(f"truncated: its tables end at byte {start + size}, the file has {file.size}")
    tally.header = start + size
    table = read_root(file, 0, start + size)
    ends = [base + offset + length for offset, length in read_segments(table, DATA_SEGMENTS)]
    tally.end = max([start + size, *ends])
    for named in table.each(NAMED_DATA, MOST_NAMED):
        if (tensor := named.table(2)) is not None:
            tally.add(named.text(0)[0][:300], TYPES.get(tensor.byte(0), "unknown"), _shape(tensor))


def _shape(tensor: FlatTable) -> tuple[int, ...]:
    data = tensor.data(1, 4)
    return tuple(max(0, int.from_bytes(data[at : at + 4], "little", signed=True)) for at in range(0, len(data), 4))
