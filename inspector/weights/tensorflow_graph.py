"""A TensorFlow graph walked by its fields: constants by their headers, operators by name, what the graph says of itself.

Source: TensorFlow's `saved_model.proto`, `meta_graph.proto`, `graph.proto`, `node_def.proto`, `tensor.proto` and `types.proto`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

from inspector.errors import Malformed, TooLarge
from inspector.serialization.protobuf import BYTES, END, Field, Window, read_fields, walk_messages
from inspector.weights.census import Census
from inspector.weights.tensorflow_operators import is_remarkable

HOLDS = {
    ("saved", 2): "meta", ("meta", 1): "info", ("meta", 2): "graph", ("meta", 6): "asset", ("meta", 7): "objects",
    ("graph", 1): "node", ("graph", 2): "library", ("library", 1): "function", ("function", 1): "signature", ("function", 3): "node",
    ("objects", 1): "object", ("object", 4): "user",
}  # fmt: skip
# The name of a dtype by its number, and how many bits an element has.
DTYPES = {
    1: ("F32", 32), 2: ("F64", 64), 3: ("I32", 32), 4: ("U8", 8), 5: ("I16", 16), 6: ("I8", 8), 7: ("TEXT", 0), 8: ("C64", 64),
    9: ("I64", 64), 10: ("BOOL", 8), 11: ("I8", 8), 12: ("U8", 8), 13: ("I32", 32), 14: ("BF16", 16), 15: ("I16", 16), 16: ("U16", 16),
    17: ("U16", 16), 18: ("C128", 128), 19: ("F16", 16), 20: ("RESOURCE", 0), 21: ("VARIANT", 0), 22: ("U32", 32), 23: ("U64", 64),
    24: ("F8_E5M2", 8), 25: ("F8_E4M3", 8), 26: ("F8_E4M3FNUZ", 8), 27: ("F8_E4M3B11FNUZ", 8), 28: ("F8_E5M2FNUZ", 8),
    29: ("I4", 8), 30: ("U4", 8), 31: ("I2", 8), 32: ("U2", 8), 33: ("F4", 8),
}  # fmt: skip
UNCOUNTED = frozenset({7, 20, 21})
VARIABLES = frozenset({"VarHandleOp", "VariableV2", "Variable", "AutoReloadVariable", "_VarHandlesOp"})
OPERATOR = re.compile(r"[A-Z_][A-Za-z0-9_]*(?:>[A-Za-z0-9_>]+)?")
MOST_CONSTANTS, MOST_REMARKS, MOST_TEXTS = 1_000_000, 10_000, 100_000
MOST_DIMENSIONS = 64
Step = Callable[[Field], object]


class Remark(NamedTuple):
    """An operator that does more than compute: its name, that of its node behind that of its function, its bytes."""

    operator: str
    scope: str
    start: int
    end: int


class Said(NamedTuple):
    """A text of the graph and its bytes."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class Constant:
    """A tensor's header: dtype by number, shape, and how many bytes it has where it is written raw."""

    kind: int = 0
    shape: tuple[int, ...] = ()
    raw: int | None = None

    @property
    def is_wrong(self) -> bool:
        """Say whether the bytes are more or fewer than shape and dtype need."""
        bits = DTYPES.get(self.kind, ("", 0))[1]
        return bool(self.raw) and bits > 0 and prod(self.shape) * bits != 8 * (self.raw or 0)


class TensorflowGraph:
    """A graph as it is walked."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.census = Census()
        self.variables, self.nodes = 0, 0
        self.remarks: list[Remark] = []
        self.wrong: list[Said] = []
        self.assets: list[Said] = []
        self.layers: list[Said] = []
        self.version: Said | None = None
        self._name = self._operator = self._function = ""
        self._start = 0
        self._steps: dict[tuple[str, int], Step] = {
            ("graph", 1): self._open, ("function", 3): self._open, ("node", 1): self._set_name, ("node", 2): self._set_operator,
            ("node", 5): self._attribute, ("node", END): self._close, ("signature", 1): self._set_function, ("function", END): self._leave,
            ("info", 5): self._set_version, ("asset", 2): self._asset, ("user", 3): self._layer,
        }  # fmt: skip

    def read(self, kind: str, start: int, end: int) -> None:
        """Walk a message of a kind (`saved`, `meta` or `graph`); raises Malformed and TooLarge as the walk does."""
        for inside, item in walk_messages(self._window, kind, HOLDS, start, end):
            step = self._steps.get((inside, item.number))
            if step is not None and item.wire == BYTES:
                step(item)

    def _open(self, item: Field) -> None:
        self._name, self._operator, self._start = "", "", item.start

    def _set_name(self, item: Field) -> None:
        self._name = self._window.text(item, 300)

    def _set_operator(self, item: Field) -> None:
        self._operator = self._window.text(item, 200)

    def _set_function(self, item: Field) -> None:
        self._function = self._window.text(item, 300) + "/"

    def _leave(self, _item: Field) -> None:
        self._function = ""

    def _set_version(self, item: Field) -> None:
        self.version = self.version or Said(self._window.text(item, 100), item.start, item.end)

    def _asset(self, item: Field) -> None:
        if len(self.assets) < MOST_REMARKS:
            self.assets.append(Said(self._window.text(item, 600), item.start, item.end))

    def _layer(self, item: Field) -> None:
        if item.end > item.start and len(self.layers) < MOST_TEXTS:
            self.layers.append(Said("", item.start, item.end))

    def _close(self, item: Field) -> None:
        self.nodes += 1
        self.variables += self._operator in VARIABLES
        if is_remarkable(self._operator) and len(self.remarks) < MOST_REMARKS:
            self.remarks.append(Remark(self._operator, self._function + self._name, self._start, item.end))

    def _attribute(self, item: Field) -> None:
        """Read the tensor of a constant; what other nodes are told is skipped."""
        if self._operator != "Const":
            return
        for part in read_fields(self._window, item.start, item.end):
            if part.number == 2 and part.wire == BYTES:
                for value in read_fields(self._window, part.start, part.end):
                    if value.number == 8 and value.wire == BYTES:
                        self._count(value)

    def _count(self, item: Field) -> None:
        constant = read_constant(self._window, item.start, item.end)
        if constant.kind not in UNCOUNTED:
            self.census.add(DTYPES.get(constant.kind, (f"type {constant.kind}",))[0], constant.shape)
        if self.census.tensors > MOST_CONSTANTS:
            raise TooLarge(f"more than {MOST_CONSTANTS} constants")
        if constant.is_wrong and len(self.wrong) < MOST_REMARKS:
            self.wrong.append(Said(self._function + self._name, item.start, item.end))


def read_constant(window: Window, start: int, end: int) -> Constant:
    """Read the header of a tensor; raises Malformed for a shape that is none."""
    constant = Constant()
    for item in read_fields(window, start, end):
        if item.number == 1:
            constant.kind = item.value
        elif item.number == 2 and item.wire == BYTES:
            constant.shape = read_shape(window, item.start, item.end)
        elif item.number == 4:
            constant.raw = item.end - item.start
    return constant


def read_shape(window: Window, start: int, end: int) -> tuple[int, ...]:
    """Read the shape of a tensor that is whole; raises Malformed for one of unknown sizes or of too many."""
    sizes: list[int] = []
    for item in read_fields(window, start, end):
        if item.number == 2 and item.wire == BYTES:
            parts = [part.value for part in read_fields(window, item.start, item.end) if part.number == 1]
            sizes.append(parts[-1] if parts else 0)
    if len(sizes) > MOST_DIMENSIONS or any(size >= 1 << 63 for size in sizes):
        raise Malformed(f"the tensor at byte {start} has no shape: {len(sizes)} dimensions, or a size below zero")
    return tuple(sizes)


def is_node(window: Window, start: int, end: int) -> bool:
    """Say whether a message is a node: a name, and the name of an operator."""
    texts: dict[int, str] = {}
    for item in read_fields(window, start, end):
        if item.number > 7 or (item.number in {1, 2} and item.wire != BYTES):
            return False
        if item.number in {1, 2}:
            texts[item.number] = window.text(item, 300)
    return bool(texts.get(1, "").isprintable() and texts.get(1) and OPERATOR.fullmatch(texts.get(2, "")))


def is_graph(window: Window, start: int, end: int) -> bool:
    """Say whether a message is a graph: its first node is one, or it has a library and nothing else."""
    for item in read_fields(window, start, end):
        if item.number == 1 and item.wire == BYTES:
            return is_node(window, item.start, item.end)
        if item.number not in {2, 3, 4, 5}:
            return False
    return start < end


def is_meta_graph(window: Window, start: int, end: int) -> bool:
    """Say whether a message is a graph with what belongs to it: its second field is a graph."""
    for item in read_fields(window, start, end):
        if item.number == 2 and item.wire == BYTES:
            return is_graph(window, item.start, item.end)
        if item.number != 1 or item.wire != BYTES:
            return False
    return False
