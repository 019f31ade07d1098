"""What describes a dataset or an attribute of an HDF5 file: its dtype, its shape, where its bytes are.

Source: the HDF5 File Format Specification 3.0, IV.A.2 (messages).
"""

from dataclasses import dataclass
from typing import NamedTuple

from inspector.errors import Malformed
from inspector.weights.hdf5_file import Hdf5, Message

MOST_DIMENSIONS = 32
FIXED, FLOAT, TEXT, COMPOUND, ENUMERATION, VARIABLE, ARRAY = 0, 1, 3, 6, 8, 9, 10
NAMES = {4: "bits", 5: "opaque", 7: "references"}
FLOATS = {1: "F8", 2: "F16", 4: "F32", 8: "F64", 16: "F128"}
COMPLEX = {8: "C64", 16: "C128"}


class Dtype(NamedTuple):
    """A dtype by its name, the size of an element in bytes, and a shape that each element has itself."""

    name: str
    size: int
    shape: tuple[int, ...] = ()

    @property
    def is_number(self) -> bool:
        """Say whether its elements are numbers."""
        return (self.name[0] in "FIUBC" and self.name[-1:].isdigit()) or self.name == "BOOL"


class Extent(NamedTuple):
    """Where a dataset's bytes are: `compact`, `contiguous`, `chunked` or `virtual`; where they are in one piece also address and size (bytes)."""

    kind: str
    address: int | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute: its name, dtype and shape, its value as it stands, and at which byte of the file that begins."""

    name: str
    dtype: Dtype
    shape: tuple[int, ...]
    value: bytes
    place: int


def read_dtype(data: bytes, depth: int = 0) -> Dtype:
    """Read a datatype message."""
    if len(data) < 8 or depth > 4:
        raise Malformed("a dtype that is cut, or nested too deeply")
    kind, size = data[0] & 15, int.from_bytes(data[4:8], "little")
    match kind:
        case 0:
            return Dtype(f"{'I' if data[1] & 8 else 'U'}{8 * size}", size)
        case 1:
            wide = size == 2 and len(data) > 13 and data[13] == 8  # bits of the exponent
            return Dtype("BF16" if wide else FLOATS.get(size, f"float of {size} bytes"), size)
        case 3:
            return Dtype("text", size)
        case 6:
            return Dtype(COMPLEX.get(size, "records") if _is_complex(data) else "records", size)
        case 8:
            boolean = size == 1 and int.from_bytes(data[1:3], "little") == 2
            return Dtype("BOOL", 1) if boolean else read_dtype(data[8:], depth + 1)
        case 9:
            return Dtype("long text" if data[1] & 15 == 1 else "lists", size)
        case 10:
            return _read_array(data, size, depth)
        case _:
            return Dtype(NAMES.get(kind, f"type {kind}"), size)


def _is_complex(data: bytes) -> bool:
    """Say whether a record is what numpy's complex numbers are written as."""
    names = int.from_bytes(data[1:3], "little") == 2 and data[8:10] == b"r\0"
    return names and b"i\0" in data[10:]


def _read_array(data: bytes, size: int, depth: int) -> Dtype:
    rank, at = data[8] if len(data) > 8 else 0, 9 if data[0] >> 4 >= 3 else 12
    if rank > MOST_DIMENSIONS or at + 4 * rank > len(data):
        raise Malformed(f"a dtype of {rank} dimensions")
    shape = tuple(int.from_bytes(data[at + 4 * number : at + 4 * number + 4], "little") for number in range(rank))
    inner = read_dtype(data[at + 4 * rank * (1 if data[0] >> 4 >= 3 else 2) :], depth + 1)
    return Dtype(inner.name, size, shape + inner.shape)


def read_shape(hdf: Hdf5, data: bytes) -> tuple[int, ...] | None:
    """Read a dataspace message; `None` for one without any element."""
    if len(data) < 4 or data[0] not in {1, 2} or data[1] > MOST_DIMENSIONS:
        raise Malformed("a shape that is none, or of too many dimensions")
    if data[0] == 2 and data[3] == 2:
        return None
    at, shape = 8 if data[0] == 1 else 4, list[int]()
    for _ in range(data[1]):
        size, at = hdf.length(data, at)
        shape.append(size)
    return tuple(shape)


def read_extent(hdf: Hdf5, data: bytes) -> Extent:
    """Read a data layout message."""
    if len(data) < 3:
        raise Malformed("a layout that is cut")
    if data[0] < 3:
        address, _ = (None, 0) if data[2] == 0 else hdf.address(data, 8)
        return Extent(("compact", "contiguous", "chunked")[min(data[2], 2)], None if address == hdf.nowhere else address)
    if data[1] == 1:
        address, at = hdf.address(data, 2)
        size, _ = hdf.length(data, at)
        return Extent("contiguous", None if address == hdf.nowhere else address, size)
    if data[1] == 0:
        return Extent("compact", None, int.from_bytes(data[2:4], "little"))
    return Extent("virtual" if data[1] == 3 else "chunked")


def read_attribute(hdf: Hdf5, message: Message) -> Attribute | None:
    """Read an attribute message; `None` for one whose dtype stands elsewhere."""
    data = message.data
    if len(data) < 9 or not 1 <= data[0] <= 3:
        raise Malformed(f"no attribute stands at byte {message.place}")
    if data[0] > 1 and data[1] & 3:
        return None
    sizes = [int.from_bytes(data[at : at + 2], "little") for at in (2, 4, 6)]
    at, parts = 9 if data[0] == 3 else 8, list[bytes]()
    for size in sizes:
        parts.append(data[at : at + size])
        at += -(-size // 8) * 8 if data[0] == 1 else size
    if at > len(data):
        raise Malformed(f"an attribute at byte {message.place} reaches beyond its message")
    name = parts[0].split(b"\0")[0].decode("utf-8", "replace")
    return Attribute(name, read_dtype(parts[1]), read_shape(hdf, parts[2]) or (), data[at:], message.place + at)
