"""A program of ExecuTorch: constants, operators, delegates and segments, by the FlatBuffers schema.

Source: ExecuTorch's `program.fbs`, `scalar_type.fbs`, `flat_tensor.fbs` and its extended header.
"""

from collections.abc import Iterator
from typing import NamedTuple

from inspector.bundle import File
from inspector.errors import Malformed
from inspector.serialization.flat_tables import FlatTable, read_root

MOST_PLANS, MOST_VALUES, MOST_OPERATORS, MOST_SEGMENTS = 100, 500_000, 100_000, 200_000
PLANS, INLINE, SEGMENTS, NAMED = 1, 2, 4, 7
PLAN_NAME, VALUES, OPERATORS, DELEGATES = 0, 2, 6, 7
TENSOR = 5  # the kind of a value that is a tensor
SCALAR, SIZES_OF, BUFFER, ALLOCATION, EXTRA = 0, 2, 5, 6, 9
NAME_OF_TENSOR, LOCATION = 1, 2
TYPES = {
    0: "U8", 1: "I8", 2: "I16", 3: "I32", 4: "I64", 5: "F16", 6: "F32", 7: "F64", 11: "BOOL", 12: "I8", 13: "U8", 14: "I32", 15: "BF16",
    16: "U4", 17: "U2", 22: "16 bits", 23: "F8_E5M2", 24: "F8_E4M3", 25: "F8_E5M2FNUZ", 26: "F8_E4M3FNUZ", 27: "U16", 28: "U32", 29: "U64",
}  # fmt: skip
EXTENDED = b"eh"
EXTENDED_AT = 8
LONG_HEADER = 32


class Layout(NamedTuple):
    """Where the program ends and the segments begin and end, in bytes; 0 where there are none."""

    program: int
    segments: int
    end: int


class Constant(NamedTuple):
    """A tensor that the program brings: its name where it has one, its dtype and shape, whether it stands in another file."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    outside: bool


def read_layout(file: File) -> Layout:
    """Read the header behind the mark; a program without one has its constants inside."""
    head = file.head
    if head[EXTENDED_AT : EXTENDED_AT + 2] != EXTENDED or len(head) < 36:
        return Layout(file.size, 0, 0)
    length = int.from_bytes(head[12:16], "little")
    program, base, size = (int.from_bytes(head[at : at + 8], "little") for at in (16, 24, 32))
    if program > file.size or (base and base < program):
        raise Malformed(f"truncated: its program has {program} bytes, the file has {file.size}")
    return Layout(program, base, base + size if base and length >= LONG_HEADER else 0)


def read_constants(program: FlatTable) -> Iterator[Constant]:
    """Give the tensors that have numbers of their own."""
    seen: set[tuple[int, tuple[int, ...]]] = set()
    for plan in program.each(PLANS, MOST_PLANS):
        for value in plan.each(VALUES, MOST_VALUES):
            tensor = value.table(1) if value.byte(0) == TENSOR else None
            if tensor is None:
                continue
            extra = tensor.table(EXTRA)
            outside = extra is not None and extra.byte(LOCATION) == 1
            data = tensor.data(SIZES_OF, 4)
            shape = tuple(int.from_bytes(data[at : at + 4], "little", signed=True) for at in range(0, len(data), 4))
            buffer = tensor.number(BUFFER)
            if min(shape, default=0) < 0 or not (outside or buffer) or (not outside and (buffer, shape) in seen):
                continue
            seen.add((buffer, shape))
            name = extra.text(NAME_OF_TENSOR)[0][:300] if extra else ""
            yield Constant(name, TYPES.get(tensor.byte(SCALAR), f"type {tensor.byte(SCALAR)}"), shape, outside)


def read_names(program: FlatTable, part: int) -> list[str]:
    """List the names of operators or delegates of all plans, each once."""
    most = MOST_OPERATORS
    return list(dict.fromkeys(item.text(0)[0][:200] for plan in program.each(PLANS, MOST_PLANS) for item in plan.each(part, most)))


def read_segments(table: FlatTable, field: int) -> list[tuple[int, int]]:
    """List the segments by where they begin, counted from their base, and their sizes (bytes)."""
    return [(segment.wide(0), segment.wide(1)) for segment in table.each(field, MOST_SEGMENTS)]


def open_program(file: File, layout: Layout) -> FlatTable:
    """Read the root table."""
    return read_root(file, 0, layout.program)
