"""Tables of a FlatBuffer, written each before what it leads to."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Field: TypeAlias = "int | str | Numbers | Table | Sequence[Table | str] | None"


@dataclass(frozen=True)
class Numbers:
    """A vector of numbers of one kind, by its letter in `struct`."""

    kind: str
    values: Sequence[float]


@dataclass(frozen=True)
class Table:
    """A table of a FlatBuffer; a number is a field of 32 bits."""

    fields: Sequence[Field]


def flat_bytes(root: Table, mark: bytes = b"") -> bytes:
    """Write tables as a FlatBuffer, with a mark of four bytes behind the first four, or none."""
    data = bytearray(4) + mark
    struct.pack_into("<I", data, 0, _add(data, root))
    return bytes(data)


def _add(data: bytearray, item: Field) -> int:
    """Write one thing at the end, and say where it stands."""
    match item:
        case Table():
            return _add_table(data, item)
        case Numbers():
            data += bytes(-(len(data) + 4) % 8)
            place = len(data)
            data += struct.pack(f"<I{len(item.values)}{item.kind}", len(item.values), *item.values)
            return place
        case str():
            data += bytes(-len(data) % 4)
            place = len(data)
            data += struct.pack("<I", len(item.encode())) + item.encode() + b"\0"
            return place
        case None | int():
            raise ValueError("a field of a table, and nothing to follow")
        case _:
            data += bytes(-len(data) % 4)
            place = len(data)
            data += struct.pack("<I", len(item)) + bytes(4 * len(item))
            for slot, child in enumerate(item, 1):
                _link(data, place + 4 * slot, child)
            return place


def _add_table(data: bytearray, table: Table) -> int:
    data += bytes(-len(data) % 4)
    listing, offset, offsets = len(data), 4, []
    for field in table.fields:
        offsets.append(0 if field is None else offset)
        offset += 0 if field is None else 4
    data += struct.pack(f"<HH{len(offsets)}H", 4 + 2 * len(offsets), offset, *offsets)
    data += bytes(-len(data) % 4)
    place = len(data)
    data += struct.pack("<i", place - listing) + bytes(offset - 4)
    for field, slot in zip(table.fields, offsets, strict=True):
        if isinstance(field, int):
            struct.pack_into("<i", data, place + slot, field)
        elif field is not None:
            _link(data, place + slot, field)
    return place


def _link(data: bytearray, slot: int, item: Field) -> None:
    place = _add(data, item)
    struct.pack_into("<I", data, slot, place - slot)
