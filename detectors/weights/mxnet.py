"""MXNet: parameters as a list of arrays under names.

What it sees: files that begin with the magic number of MXNet's lists of arrays, under any name (`.params`, `.nd`).
What it says: parameters are present (or training state): the arrays, dtypes and elements, record by record; names that stand twice, and
names and arrays that are not as many.
What it cannot know: the network they belong to, which stands in a file beside. Sparse arrays are refused. No element is read.
Source: MXNet's `ndarray.cc` (`NDArray::Save`, `NDArray::Load`).
"""

from collections.abc import Iterator
from math import prod

from inspector.bundle import File
from inspector.detector import Format, Magic, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.model import Severity
from inspector.pickles.symbols import SIZES
from inspector.serialization.fields import Fields
from inspector.weights.tally import TALLY_EMITS, Tally

MAGIC = (0x112).to_bytes(16, "little")
V1, V2, V3 = 0xF993FAC8, 0xF993FAC9, 0xF993FACA
TYPES = ("F32", "F64", "F16", "U8", "I32", "I8", "I64", "BOOL", "I16", "U16", "U32", "U64", "BF16")
MOST, MOST_DIMENSIONS, LONGEST_NAME = 200_000, 32, 1024
NOTHING = -1  # dimensions of an array without a shape, in the third version


@detector("mxnet", wants=Wants(magic=(Magic(MAGIC),)), formats=("mxnet",), emits=TALLY_EMITS)
def mxnet(file: File) -> Iterator[Said]:
    """Read the records, never the elements."""
    if not file.head.startswith(MAGIC):
        return
    yield Format("mxnet")
    tally, fields = Tally(file, "mxnet"), Fields(file, len(MAGIC))
    tally.take(lambda tally: _read(tally, fields))
    yield from tally.say()


def _read(tally: Tally, fields: Fields) -> None:
    count = fields.number("Q")
    if count > MOST:
        raise TooLarge(f"{count} arrays, the limit is {MOST}")
    for _ in range(count):
        dtype, shape = _read_array(fields)
        tally.census.add(dtype, shape)
        if dtype not in SIZES:
            raise Malformed(f"an array of the unknown dtype {dtype} before byte {fields.position}: where it ends cannot be told")
        fields.skip(prod(shape) * SIZES[dtype])
    names, seen = fields.number("Q"), set[str]()
    if names not in {0, count}:
        message = f"{names} names for {count} arrays: loaders refuse the file"
        tally.sightings.add("mxnet.names", Severity.HIGH, message)
    for _ in range(min(names, MOST)):
        name = fields.text(fields.number("Q"), LONGEST_NAME, "a name")
        tally.votes.add(name)
        if name in seen:
            tally.sightings.add("mxnet.duplicate-name", Severity.HIGH, "two arrays have the same name", name)
        seen.add(name)
    tally.end = fields.position


def _read_array(fields: Fields) -> tuple[str, tuple[int, ...]]:
    """Read the record of one array of four versions, of which the first has no number of its own."""
    first = fields.number("I")
    if first in {V2, V3}:
        if fields.number("i") != 0:
            raise Malformed(f"a sparse array before byte {fields.position}: these are not read")
        shape = _shape(fields, fields.number("i"), "q", empty=NOTHING if first == V3 else 0)
    elif first == V1:
        shape = _shape(fields, fields.number("i"), "q", empty=0)
    else:
        shape = _shape(fields, first, "I", empty=0)
    if shape is None:
        return "F32", (0,)
    fields.skip(8)  # the device
    kind = fields.number("i")
    return (TYPES[kind] if 0 <= kind < len(TYPES) else f"type {kind}"), shape


def _shape(fields: Fields, dimensions: int, code: str, *, empty: int) -> tuple[int, ...] | None:
    """Read a shape; `None` for an array that has none, behind which nothing stands."""
    if dimensions == empty:
        return None
    if not 0 <= dimensions <= MOST_DIMENSIONS:
        raise Malformed(f"no array begins before byte {fields.position}: {dimensions} dimensions")
    shape = fields.numbers(code, dimensions)
    if min(shape, default=0) < 0:
        raise Malformed(f"an array of negative sizes before byte {fields.position}")
    return shape
