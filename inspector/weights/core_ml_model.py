"""A Core ML model walked by its fields: weights of layers and values of programs by their headers, what the model says of itself.

Source: coremltools' `Model.proto`, `NeuralNetwork.proto`, `MIL.proto`, `TreeEnsemble.proto` and `GLMClassifier.proto` (numbers of fields).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import prod
from typing import NamedTuple

from inspector.errors import Malformed, TooLarge
from inspector.serialization.protobuf import BYTES, END, Field, Window, read_fields, walk_messages
from inspector.weights.census import Census

DESCRIPTION = 2
FIRST_TYPE = 200  # fields from here on say what kind of model it is; every model has one of them
KNOWN = frozenset({1, DESCRIPTION, 10})
KINDS = {
    200: "pipeline", 201: "pipeline", 202: "pipeline", 300: "linear", 301: "support vectors", 302: "trees", 303: "neural network",
    400: "linear", 401: "support vectors", 402: "trees", 403: "neural network", 404: "nearest neighbors", 500: "neural network",
    502: "program", 555: "custom model", 556: "linked model", 3000: "serialized model",
}  # fmt: skip
# Which fields of a layer's parameters are weights, by the number of the layer's kind.
LAYERS: dict[int, tuple[int, ...]] = {
    100: (90, 91), 140: (20, 21), 150: (20, 21), 160: (15, 16, 17, 18), 245: (2, 5), 250: (2,), 290: (2,), 400: (30, 31, 32),
    410: (30, 31, 32, 50, 51, 52, 70, 71, 72), 500: (20,), 1040: (20, 21), 1045: (8, 9), 1070: (2,), 1350: (3, 4), 1471: (60, 61), 130: (),
    420: (), 430: (),
}  # fmt: skip
GATES = (1, 2, 3, 4, 20, 21, 22, 23, 40, 41, 42, 43, 60, 61, 62)  # weights of a recurrent layer's gates
WEIGHTS = frozenset(
    {(f"layer {kind}", number) for kind, numbers in LAYERS.items() for number in numbers}
    | {("gates", number) for number in GATES} | {("activation 25", 1), ("activation 71", 1), ("activation 71", 2)}
)  # fmt: skip
HOLDS = {
    ("model", 2): "description", ("description", 100): "metadata", ("metadata", 100): "pair",
    ("model", 200): "outer pipeline", ("model", 201): "outer pipeline", ("model", 202): "pipeline", ("outer pipeline", 1): "pipeline",
    ("pipeline", 1): "model", ("model", 300): "linear", ("model", 400): "linear", ("model", 302): "forest", ("model", 402): "forest",
    ("forest", 1): "trees", ("model", 303): "network", ("model", 403): "network", ("model", 500): "network", ("network", 1): "layer",
    **{("layer", kind): f"layer {kind}" for kind in LAYERS},
    ("layer 130", 25): "activation 25", ("layer 130", 71): "activation 71", ("layer 400", 10): "layer 130", ("layer 410", 10): "layer 130",
    ("layer 420", 10): "layer 130", ("layer 430", 10): "layer 130", ("layer 430", 11): "layer 130", ("layer 420", 20): "gates",
    ("layer 430", 20): "gates", ("layer", 605): "branch", ("branch", 1): "network", ("branch", 2): "network", ("layer", 615): "loop",
    ("loop", 3): "network", ("loop", 4): "network", ("model", 555): "custom model",
    ("model", 502): "program", ("program", 2): "function entry", ("function entry", 2): "function", ("function", 3): "block entry",
    ("block entry", 2): "block", ("block", 3): "operation", ("operation", 2): "input entry", ("input entry", 2): "argument",
    ("argument", 1): "binding", ("operation", 4): "block", ("operation", 5): "attribute entry",
}  # fmt: skip
# Types of a program's values by number, and how many bits an element has.
TYPES = {
    1: ("BOOL", 8), 10: ("F16", 16), 11: ("F32", 32), 12: ("F64", 64), 13: ("BF16", 16), 21: ("I8", 8), 22: ("I16", 16), 23: ("I32", 32),
    24: ("I64", 64), 25: ("I4", 4), 31: ("U8", 8), 32: ("U16", 16), 33: ("U32", 32), 34: ("U64", 64), 35: ("U4", 4), 36: ("U2", 2),
    37: ("U1", 1), 38: ("U6", 6), 39: ("U3", 3), 40: ("F8_E4M3", 8), 41: ("F8_E5M2", 8),
}  # fmt: skip
MOST_TENSORS, MOST_PAIRS, LONGEST_VALUE, MOST_DIMENSIONS = 500_000, 1000, 1 << 16, 64
HEADER = 64  # bytes of a header in a file of weights
BEHAVIOR, VALUES, LEAF = 3, 20, 6  # fields of a node of a tree, and the behavior of a leaf
Step = Callable[[Field], object]
TEXTS = {1: "description", 2: "version", 3: "author", 4: "license"}


class Said(NamedTuple):
    """A text that the model says of itself, and its bytes."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class Beside:
    """A file that holds values: at which bytes their headers begin, how many bytes it must have, and the value that names it first."""

    start: int
    end: int
    offsets: set[int] = field(default_factory=set)
    needed: int = 0


@dataclass(slots=True)
class CoreMl:
    """What was found so far."""

    census: Census = field(default_factory=Census)
    kinds: set[int] = field(default_factory=set)
    texts: dict[str, Said] = field(default_factory=dict)
    beside: dict[str, Beside] = field(default_factory=dict)
    custom: list[Said] = field(default_factory=list)
    unknown: list[Field] = field(default_factory=list)


class _Walk:
    def __init__(self, window: Window, told: CoreMl) -> None:
        self._window, self._told = window, told
        self._numbers = 0
        self._steps: dict[tuple[str, int], Step] = {
            ("metadata", 100): self._pair, ("binding", 2): self._value, ("attribute entry", 2): self._value,
            ("layer 500", 10): self._custom, ("custom model", 10): self._custom, ("trees", 1): self._node, ("trees", END): self._flush,
            ("linear", 1): self._lists, ("linear", 2): self._doubles, ("linear", END): self._flush,
            **dict.fromkeys(WEIGHTS, self._weights),
        }  # fmt: skip

    def read(self, end: int) -> None:
        """Walk the whole model."""
        told = self._told
        for kind, item in walk_messages(self._window, "model", HOLDS, 0, end):
            if (step := self._steps.get((kind, item.number))) is not None:
                if item.wire == BYTES:
                    step(item)
            elif kind == "model" and item.number >= FIRST_TYPE:
                told.kinds.add(item.number)
            elif kind == "model" and item.number not in {*KNOWN, END} and len(told.unknown) < MOST_PAIRS:
                told.unknown.append(item)
            elif kind == "metadata" and item.number in TEXTS and item.wire == BYTES:
                said = Said(self._window.text(item, LONGEST_VALUE).strip(), item.start, item.end)
                told.texts.setdefault(TEXTS[item.number], said)

    def _add(self, dtype: str, shape: tuple[int, ...]) -> None:
        if self._told.census.tensors >= MOST_TENSORS:
            raise TooLarge(f"more than {MOST_TENSORS} tensors")
        self._told.census.add(dtype, shape)

    def _pair(self, item: Field) -> None:
        parts = {part.number: part for part in read_fields(self._window, item.start, item.end) if part.wire == BYTES}
        if 1 in parts and 2 in parts and len(self._told.texts) < MOST_PAIRS:
            said = Said(self._window.text(parts[2], LONGEST_VALUE), parts[2].start, parts[2].end)
            self._told.texts.setdefault(self._window.text(parts[1], 200), said)

    def _custom(self, item: Field) -> None:
        if len(self._told.custom) < MOST_PAIRS:
            self._told.custom.append(Said(self._window.text(item, 200), item.start, item.end))

    def _weights(self, item: Field) -> None:
        """Count the weights of a layer: plain, halved, or packed with so many bits each."""
        sizes, bits = dict[int, int](), 0
        for part in read_fields(self._window, item.start, item.end):
            sizes[part.number] = sizes.get(part.number, 0) + part.end - part.start
            if part.number == 40 and part.wire == BYTES:
                bits = next((inner.value for inner in read_fields(self._window, part.start, part.end) if inner.number == 1), 0)
        for number, dtype, width in ((1, "F32", 32), (2, "F16", 16), (31, "I8", 8), (30, f"U{bits}", bits)):
            if sizes.get(number) and 0 < width <= 64:
                self._add(dtype, (sizes[number] * 8 // width,))
                return

    def _node(self, item: Field) -> None:
        """Count what training put into a node of a tree: a threshold, or the values of a leaf."""
        leaf, values = False, 0
        for part in read_fields(self._window, item.start, item.end):
            leaf = leaf or (part.number == BEHAVIOR and part.value == LEAF)
            values += part.number == VALUES
        self._numbers += values if leaf else 1  # a threshold of zero is not written

    def _lists(self, item: Field) -> None:
        for part in read_fields(self._window, item.start, item.end):
            self._doubles(part)

    def _doubles(self, item: Field) -> None:
        self._numbers += (item.end - item.start) // 8

    def _flush(self, _item: Field) -> None:
        if self._numbers:
            self._add("F64", (self._numbers,))
        self._numbers = 0

    def _value(self, item: Field) -> None:
        """Take in a value that is kept in a file beside; others are small, and belong to the program."""
        parts = {part.number: part for part in read_fields(self._window, item.start, item.end) if part.wire == BYTES}
        if 5 not in parts:
            return
        kind, shape = _read_type(self._window, parts[2]) if 2 in parts else (0, ())
        name, offset = "", 0
        for part in read_fields(self._window, parts[5].start, parts[5].end):
            if part.number == 1 and part.wire == BYTES:
                name = self._window.text(part, 600)
            elif part.number == 2:
                offset = part.value
        if name not in self._told.beside and len(self._told.beside) >= MOST_PAIRS:
            raise TooLarge(f"values in more than {MOST_PAIRS} files")
        beside = self._told.beside.setdefault(name, Beside(item.start, item.end))
        if offset not in beside.offsets:
            beside.offsets.add(offset)
            dtype, bits = TYPES.get(kind, (f"type {kind}", 0))
            beside.needed = max(beside.needed, offset + HEADER - (-prod(shape) * bits // 8))
            self._add(dtype, shape)


def read_core_ml(window: Window, told: CoreMl, end: int) -> None:
    """Walk a model; raises Malformed and TooLarge as the walk does."""
    _Walk(window, told).read(end)


def _read_type(window: Window, item: Field) -> tuple[int, tuple[int, ...]]:
    """Read the type of a value that is a tensor: the number of its dtype, and its shape."""
    kind, shape = 0, list[int]()
    for tensor in read_fields(window, item.start, item.end):
        if tensor.number != 1 or tensor.wire != BYTES:
            continue
        for part in read_fields(window, tensor.start, tensor.end):
            if part.number == 1:
                kind = part.value
            elif part.number == 3 and part.wire == BYTES:
                shape.append(_read_size(window, part))
    if len(shape) > MOST_DIMENSIONS or any(size >= 1 << 63 for size in shape):
        raise Malformed(f"the value at byte {item.start} has no shape: {len(shape)} dimensions, or a size below zero")
    return kind, tuple(shape)


def _read_size(window: Window, item: Field) -> int:
    for constant in read_fields(window, item.start, item.end):
        if constant.number == 1 and constant.wire == BYTES:
            return next((part.value for part in read_fields(window, constant.start, constant.end) if part.number == 1), 0)
    return 0


def is_core_ml(fields: Iterable[Field]) -> bool:
    """Say whether the outermost fields are those of a model: a version, a description, and one kind."""
    seen: list[int] = []
    for item in fields:
        if (item.number not in KNOWN and item.number < FIRST_TYPE) or len(seen) > 10:
            return False
        seen.append(item.number)
    return seen[:1] == [1] and DESCRIPTION in seen and any(number in KINDS or number >= 560 for number in seen)
