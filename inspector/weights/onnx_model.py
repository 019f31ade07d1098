"""An ONNX model walked by its fields: tensors by their headers, operators by their domains, what the model says of itself.

Source: ONNX's `onnx.proto` (numbers of fields and of dtypes).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from inspector.errors import Malformed, TooLarge
from inspector.serialization.protobuf import BYTES, END, FIXED32, Field, Window, read_fields, read_numbers, walk_messages
from inspector.weights.census import Census

GRAPH = 7
HOLDS = {
    ("model", 7): "graph", ("model", 20): "training", ("model", 25): "function",
    ("graph", 1): "node", ("node", 5): "attribute", ("attribute", 6): "graph", ("attribute", 11): "graph",
    ("function", 7): "node", ("function", 11): "attribute", ("training", 1): "graph", ("training", 2): "graph",
    ("graph", 15): "sparse", ("attribute", 22): "sparse", ("attribute", 23): "sparse",
}  # fmt: skip
KNOWN = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26})  # fields of a model
# The name of a dtype by its number, and how many bits an element has where it is written raw.
DTYPES = {
    1: ("F32", 32), 2: ("U8", 8), 3: ("I8", 8), 4: ("U16", 16), 5: ("I16", 16), 6: ("I32", 32), 7: ("I64", 64), 8: ("TEXT", 0),
    9: ("BOOL", 8), 10: ("F16", 16), 11: ("F64", 64), 12: ("U32", 32), 13: ("U64", 64), 14: ("C64", 64), 15: ("C128", 128),
    16: ("BF16", 16), 17: ("F8_E4M3", 8), 18: ("F8_E4M3FNUZ", 8), 19: ("F8_E5M2", 8), 20: ("F8_E5M2FNUZ", 8), 21: ("U4", 4),
    22: ("I4", 4), 23: ("F4", 4), 24: ("F8_E8M0", 8), 25: ("U2", 2), 26: ("I2", 2), 27: ("F6_E2M3", 0), 28: ("F6_E3M2", 0),
}  # fmt: skip
TEXT = 8
MOST_TENSORS = 250_000
MOST_DIMENSIONS = 64
MOST_PAIRS = 1000
MOST_OPERATORS = 10_000
LONGEST_VALUE = 1 << 16  # bytes of a text that is kept
ML = "ai.onnx.ml"


@dataclass(slots=True)
class TensorInfo:
    """A tensor's header: where it stands, what it is, how many bytes or numbers it has here, and where they are when they are elsewhere."""

    start: int
    end: int
    name: str = ""
    kind: int = 0
    shape: tuple[int, ...] = ()
    raw: int | None = None
    numbers: int | None = None
    outside: bool = False
    place: dict[str, str] = field(default_factory=dict)


class Said(NamedTuple):
    """What the model says of itself: a text and its bytes."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class Node:
    """A node that is being read: its operator, and how long its lists of numbers are."""

    operator: str = ""
    domain: str = ""
    lists: list[int] = field(default_factory=list)


class OnnxModel:
    """A model as it is walked. `judge` is called with every tensor."""

    def __init__(self, window: Window, judge: Callable[[TensorInfo], None]) -> None:
        self._window, self._judge = window, judge
        self.census = Census()
        self.texts: dict[str, Said] = {}
        self.metadata: dict[str, Said] = {}
        self.graph: tuple[int, int] | None = None
        self.operators: dict[tuple[str, str], int] = {}
        self.functions: set[tuple[str, str]] = set()
        self.unknown: list[Field] = []
        self.duplicates: list[TensorInfo] = []
        self._tensors, self._floats = 0, 0
        self._nodes: list[Node] = []
        self._names: list[set[str]] = []
        self._function = ["", ""]
        self._steps: dict[tuple[str, int], Callable[[Field], object]] = {
            ("model", 2): lambda item: self._note("producer", item), ("model", 3): lambda item: self._note("version", item),
            ("model", 6): lambda item: self._note("description", item), ("model", 14): self._pair, ("model", 7): self._main,
            ("graph", 10): lambda item: self._note("graph description", item),
            ("graph", 1): self._open, ("function", 7): self._open, ("node", END): self._close,
            ("node", 4): self._operator, ("node", 7): self._domain,
            ("graph", 5): self._initializer, ("attribute", 5): self._tensor, ("attribute", 10): self._tensor, ("sparse", 1): self._tensor,
            ("attribute", 6): self._scope, ("attribute", 11): self._scope, ("training", 1): self._scope, ("training", 2): self._scope,
            ("graph", END): self._unscope, ("attribute", 7): self._list, ("attribute", END): self._end_list,
            ("function", 1): lambda item: self._name(0, item), ("function", 10): lambda item: self._name(1, item),
            ("function", END): self._end_function,
        }  # fmt: skip

    def read(self, end: int) -> None:
        """Walk the model up to a byte; raises Malformed and TooLarge as the walk does."""
        for kind, item in walk_messages(self._window, "model", HOLDS, 0, end):
            if (step := self._steps.get((kind, item.number))) is not None:
                step(item)
            elif kind == "model" and item.number not in KNOWN and item.number != END:
                self.unknown.append(item)
                if len(self.unknown) > MOST_PAIRS:
                    raise TooLarge(f"more than {MOST_PAIRS} fields that are not in the format")

    def _note(self, what: str, item: Field) -> None:
        if item.wire == BYTES and what not in self.texts:
            self.texts[what] = Said(self._window.text(item, LONGEST_VALUE).strip(), item.start, item.end)

    def _pair(self, item: Field) -> None:
        key, value = read_pair(self._window, item)
        if len(self.metadata) < MOST_PAIRS:
            self.metadata.setdefault(key, Said(value, item.start, item.end))

    def _main(self, item: Field) -> None:
        self.graph = self.graph or (item.start, item.end)
        self._scope(item)

    def _open(self, _item: Field) -> None:
        self._nodes.append(Node())

    def _operator(self, item: Field) -> None:
        if item.wire == BYTES:
            self._nodes[-1].operator = self._window.text(item, 200)

    def _domain(self, item: Field) -> None:
        if item.wire == BYTES:
            self._nodes[-1].domain = self._window.text(item, 200)

    def _close(self, item: Field) -> None:
        node = self._nodes.pop()
        if node.domain and len(self.operators) < MOST_OPERATORS:
            self.operators.setdefault((node.domain, node.operator), item.start)
        if node.domain == ML:
            for length in node.lists:
                self.census.add("F32", (length,))

    def _list(self, item: Field) -> None:
        self._floats += 1 if item.wire == FIXED32 else (item.end - item.start) // 4

    def _end_list(self, _item: Field) -> None:
        if self._floats and self._nodes:
            self._nodes[-1].lists.append(self._floats)
        self._floats = 0

    def _scope(self, item: Field) -> None:
        if item.wire == BYTES:
            self._names.append(set())

    def _unscope(self, _item: Field) -> None:
        self._names.pop()

    def _name(self, place: int, item: Field) -> None:
        if item.wire == BYTES:
            self._function[place] = self._window.text(item, 200)

    def _end_function(self, _item: Field) -> None:
        if len(self.functions) < MOST_OPERATORS:
            self.functions.add((self._function[1], self._function[0]))
        self._function = ["", ""]

    def _initializer(self, item: Field) -> None:
        if (tensor := self._tensor(item)) is not None and self._names:
            if tensor.name in self._names[-1]:
                self.duplicates.append(tensor)
            self._names[-1].add(tensor.name)

    def _tensor(self, item: Field) -> TensorInfo | None:
        if item.wire != BYTES:
            return None
        self._tensors += 1
        if self._tensors > MOST_TENSORS:
            raise TooLarge(f"more than {MOST_TENSORS} tensors")
        tensor = read_tensor(self._window, item.start, item.end)
        if tensor.kind != TEXT:
            self.census.add(DTYPES.get(tensor.kind, (f"type {tensor.kind}",))[0], tensor.shape)
        self._judge(tensor)
        return tensor


def read_tensor(window: Window, start: int, end: int) -> TensorInfo:
    """Read the header of a tensor, and count its numbers where they need not be read for that.

    Raises Malformed for a shape that is none.
    """
    tensor, shape = TensorInfo(start, end), list[int]()
    for item in read_fields(window, start, end):
        size = item.end - item.start
        match item.number:
            case 1:
                shape += read_numbers(window, item, MOST_DIMENSIONS)
            case 2:
                tensor.kind = item.value
            case 4 | 10:
                width = 4 if item.number == 4 else 8
                tensor.numbers = (tensor.numbers or 0) + (size // width)
            case 8:
                tensor.name = window.text(item, 400)
            case 9:
                tensor.raw = (tensor.raw or 0) + size
            case 13:
                key, value = read_pair(window, item)
                tensor.place[key] = value
            case 14:
                tensor.outside = item.value == 1
    if len(shape) > MOST_DIMENSIONS or any(number >= 1 << 63 for number in shape):
        raise Malformed(f"the tensor at byte {start} has no shape: {len(shape)} dimensions, or a size below zero")
    tensor.shape = tuple(shape)
    return tensor


def read_pair(window: Window, item: Field) -> tuple[str, str]:
    """Read a key and its value."""
    key = value = ""
    if item.wire == BYTES:
        for part in read_fields(window, item.start, item.end):
            if part.number == 1 and part.wire == BYTES:
                key = window.text(part, 400)
            elif part.number == 2 and part.wire == BYTES:
                value = window.text(part, LONGEST_VALUE)
    return key, value
