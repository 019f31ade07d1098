"""A TFLite model's tables: tensors that have a buffer of their own, operators by name, what the model says of itself.

Source: TensorFlow Lite's `schema.fbs` (version 3) and `metadata_schema.fbs`.
"""

from dataclasses import dataclass, field
from math import prod
from struct import unpack

from inspector.bundle import File
from inspector.errors import Malformed, TooLarge
from inspector.model import Severity, printable
from inspector.serialization.flat_tables import FlatTable, read_root
from inspector.sightings import Sightings
from inspector.weights.census import Census

VERSION, CODES, SUBGRAPHS, DESCRIPTION, BUFFERS, METADATA = 0, 1, 2, 3, 4, 6  # fields of a model
SHAPE, TYPE, BUFFER, NAME, SPARSITY = 0, 1, 2, 3, 6  # fields of a tensor
CUSTOM = 32  # the operator that only its name tells
# Types by number, and how many bits an element has.
TYPES = (
    ("F32", 32), ("F16", 16), ("I32", 32), ("U8", 8), ("I64", 64), ("TEXT", 0), ("BOOL", 8), ("I16", 16), ("C64", 64), ("I8", 8),
    ("F64", 64), ("C128", 128), ("U64", 64), ("RESOURCE", 0), ("VARIANT", 0), ("U32", 32), ("U16", 16), ("I4", 4), ("BF16", 16),
    ("I2", 2), ("U4", 4),
)  # fmt: skip
TEXT = 5
ABOUT = {0: "name", 1: "description", 2: "version", 4: "author", 5: "license"}  # fields of the metadata
MOST_BUFFERS, MOST_TENSORS, MOST_SUBGRAPHS, MOST_CODES, MOST_METADATA = 500_000, 500_000, 10_000, 10_000, 1_000
MOST_DIMENSIONS = 64
SETTLE = "Convert the model again, or fetch the file again from its origin and compare digests."


@dataclass(slots=True)
class TfliteModel:
    """What was found so far: tensors with numbers, names of operators of others, what the model says of itself and where, the last byte used."""

    census: Census = field(default_factory=Census)
    operators: list[str] = field(default_factory=list)
    texts: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    last: int = 0
    buffers: list[tuple[int, int]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)


def read_tflite(file: File, model: TfliteModel, sightings: Sightings) -> None:
    """Follow the tables; raises Malformed where one leads out of the file, and for other versions than 3."""
    root = read_root(file, 0, file.size)
    if root.number(VERSION) != 3:
        raise Malformed(f"TFLite of version {root.number(VERSION)}; 3 is known")
    for code in root.each(CODES, MOST_CODES):
        if max(code.byte(0), code.number(3)) == CUSTOM:
            model.operators.append(code.text(1)[0][:200])
    if (description := root.text(DESCRIPTION))[0]:
        model.texts["description"] = description
    for buffer in root.each(BUFFERS, MOST_BUFFERS):
        model.buffers.append(_locate(buffer, file.size))
        model.last = max(model.last, sum(model.buffers[-1]))
    for number, item in enumerate(root.each(METADATA, MOST_METADATA)):
        _read_metadata(file, item, number, model)
    count = 0
    for subgraph in root.each(SUBGRAPHS, MOST_SUBGRAPHS):
        for tensor in subgraph.each(0, MOST_TENSORS):
            count += 1
            if count > MOST_TENSORS:
                raise TooLarge(f"more than {MOST_TENSORS} tensors")
            _read_tensor(tensor, model, sightings)


def _locate(buffer: FlatTable, size: int) -> tuple[int, int]:
    """Say at which byte a buffer begins and how many bytes it has; large ones stand behind the tables."""
    count, place = buffer.vector(0, 1)
    if (offset := buffer.wide(1)) > 1:
        place, count = offset, buffer.wide(2)
        if place + count > size:
            raise Malformed(f"truncated: a buffer reaches to byte {place + count}, the file has {size}")
    return place, count


def _read_tensor(tensor: FlatTable, model: TfliteModel, sightings: Sightings) -> None:
    (place, number), name = _buffer_of(tensor, model), tensor.text(NAME)
    model.last = max(model.last, name[2])
    if number < 0:
        message = "a tensor names a buffer that the model does not have: loaders read beyond their table"
        sightings.add("tflite.no-buffer", Severity.HIGH, message, printable(name[0]))
        return
    start, size = place
    if not size or number in model.used:
        return
    model.used.add(number)
    kind, shape = tensor.byte(TYPE), _shape_of(tensor)
    dtype, bits = TYPES[kind] if 0 <= kind < len(TYPES) else (f"type {kind}", 0)
    if kind != TEXT:
        model.census.add(dtype, shape)
    if bits and tensor.table(SPARSITY) is None and -(-prod(shape) * bits // 8) != size:
        message = "shape and type need another number of bytes than a tensor's buffer has: loaders read beyond it"
        sightings.add("tflite.size-mismatch", Severity.HIGH, message, printable(name[0]), (start, start + size))


def _buffer_of(tensor: FlatTable, model: TfliteModel) -> tuple[tuple[int, int], int]:
    number = tensor.number(BUFFER)
    return (model.buffers[number], number) if 0 <= number < len(model.buffers) else ((0, 0), -1)


def _shape_of(tensor: FlatTable) -> tuple[int, ...]:
    count, place = tensor.vector(SHAPE, 4)
    if count > MOST_DIMENSIONS:
        raise Malformed(f"a tensor of {count} dimensions at byte {place}")
    shape = unpack(f"<{count}i", tensor.data(SHAPE, 4))
    if any(size < 0 for size in shape):
        raise Malformed(f"a tensor of a size below zero at byte {place}")
    return shape


def _read_metadata(file: File, item: FlatTable, number: int, model: TfliteModel) -> None:
    """Take what the model says of itself: a table in one of the buffers, or plain text in others."""
    name, buffer = item.text(0)[0], item.number(1)
    model.used.add(buffer)
    start, size = model.buffers[buffer] if 0 <= buffer < len(model.buffers) else (0, 0)
    if not size:
        return
    if name != "TFLITE_METADATA":
        model.texts.setdefault(name[:100] or f"metadata {number}", ("", start, start + size))
        return
    about = read_root(file, start, start + size)
    for slot, key in ABOUT.items():
        if (text := about.text(slot))[0]:
            model.texts[key] = text
