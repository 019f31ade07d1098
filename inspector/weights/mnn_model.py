"""A model of MNN: its operators, and how many numbers each of them holds. Source: MNN's FlatBuffers schema (`Net`, `Op`, `OpParameter`, `Blob`)."""

from collections.abc import Iterator
from typing import NamedTuple

from inspector.serialization.flat_tables import FlatTable

MOST_OPERATORS = 100_000
MOST_GRAPHS = 1000
OPERATORS, TENSOR_NAMES, SUBGRAPHS, SOURCE, UUID = 3, 7, 10, 6, 11
GRAPH_OPERATORS = 3  # of a graph inside
PARAMETER_TYPE, PARAMETER, NAME, EXTERNAL_PATH = 1, 2, 3, 7
BLOB = 7
# the parameter's type -> the fields that hold numbers, each with its dtype and the bytes of one
VECTORS: dict[int, tuple[tuple[int, str, int], ...]] = {
    5: tuple((number, "F32", 4) for number in range(1, 7)),  # BatchNorm
    9: ((1, "F32", 4), (2, "F32", 4)),  # Convolution2D
    20: ((3, "F32", 4), (4, "F32", 4)),  # InnerProduct
    32: ((1, "F32", 4),),  # PRelu
    58: ((1, "F32", 4), (2, "F32", 4)),  # Scale
    80: ((1, "F32", 4), (2, "F32", 4)),  # Convolution3D
    88: ((2, "F32", 4), (3, "F32", 4)),  # LayerNorm
    95: ((2, "F32", 4), (3, "F32", 4)),  # GroupNorm
}
BLOB_VECTORS = ((3, "U8", 1), (4, "I8", 1), (5, "I32", 4), (6, "I64", 8), (7, "F32", 4))
BLOBS = {24: range(3, 8), 72: range(4, 14)}  # LSTM and RNN hold blobs
QUANTIZED = {9: 3, 20: 7}  # where packed weights stand
PACKED, SCALES, HALF_SCALES = (0, "packed", 1), (1, "F32", 4), (14, "F16", 2)
EXTERNAL = {7: 9, 9: 6, 58: 3, 80: 3, 88: 5, 95: 6}
PLUGIN, EXTRA = 30, 78
SOURCES = ("caffe", "tensorflow", "tflite", "onnx", "torch")


class Numbers(NamedTuple):
    """Numbers of an operator: the operator's name, their dtype, how many."""

    name: str
    dtype: str
    size: int


class External(NamedTuple):
    """Numbers of an operator that stand in another file: from which to which byte of it."""

    name: str
    start: int
    end: int


class Custom(NamedTuple):
    """An operator that is not MNN's own: its name."""

    name: str


Told = Numbers | External | Custom


def read_operators(net: FlatTable) -> Iterator[FlatTable]:
    """Give the operators of the model and of the graphs in it."""
    yield from net.tables(OPERATORS, MOST_OPERATORS)
    for graph in net.tables(SUBGRAPHS, MOST_GRAPHS):
        yield from graph.tables(GRAPH_OPERATORS, MOST_OPERATORS)


def tell_operator(operator: FlatTable) -> Iterator[Told]:
    """Say what one operator holds."""
    kind, held = operator.byte(PARAMETER_TYPE), operator.table(PARAMETER)
    if held is None:
        return
    name = operator.text(NAME)[0][:200]
    if kind in {PLUGIN, EXTRA}:
        yield Custom(name)
    fields = BLOB_VECTORS if kind == BLOB else VECTORS.get(kind, ())
    yield from _vectors(held, fields, name)
    for number in BLOBS.get(kind, ()):
        if (blob := held.table(number)) is not None:
            yield from _vectors(blob, BLOB_VECTORS, name)
    packed = held.table(QUANTIZED[kind]) if kind in QUANTIZED else None
    if packed is not None:
        yield from _vectors(packed, (PACKED, SCALES, HALF_SCALES), name)
    if kind in EXTERNAL and (values := _external(held, EXTERNAL[kind])):
        yield External(name, values[0], sum(values))


def _vectors(table: FlatTable, fields: tuple[tuple[int, str, int], ...], name: str) -> Iterator[Numbers]:
    for number, dtype, width in fields:
        count, _ = table.vector(number, width)
        if count:
            yield Numbers(name, dtype, count)


def _external(table: FlatTable, number: int) -> list[int]:
    """Read where numbers stand in another file: an offset, and the sizes of one part after the other, in bytes."""
    data = table.data(number, 8)
    values = [int.from_bytes(data[at : at + 8], "little", signed=True) for at in range(0, len(data), 8)]
    return [value for value in values if 0 <= value < 2**48]
