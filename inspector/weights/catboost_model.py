"""CatBoost's models: the tables of its binary format, and the keys of its JSON.

Source: CatBoost's `model.fbs`, its static provider of counters as version 1.2 writes it, and its documentation of the JSON model.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.bundle import File
from inspector.errors import Malformed
from inspector.serialization.events import ELEMENT, Array, Event, Object
from inspector.serialization.flat_tables import FlatTable, read_root
from inspector.weights.forest import Forest

HEAD = 8
TREES, INFO, PARTS = 1, 2, 3  # fields of the root table
DIMENSION, SPLITS, SIZES, LEAVES, STEPS, LEAF_IDS = 0, 1, 2, 8, 10, 11  # fields of the table of trees
DEEPEST = 32
MOST_INFO = 200
NO_LEAF = 0xFFFFFFFF
COUNTERS = "static_provider_v1"


@dataclass(frozen=True, slots=True)
class Info:
    """What the model says of itself under one key, and at which bytes."""

    key: str
    value: str
    begin: int
    end: int


@dataclass(slots=True)
class Boosted:
    """A model: its trees, what it says of itself, at which byte it ends (`None` when that cannot be told)."""

    forest: Forest = field(default_factory=Forest)
    infos: list[Info] = field(default_factory=list)
    end: int | None = None


def read_tables(file: File, boosted: Boosted) -> None:
    """Read the binary format behind its mark; raises Malformed where an offset leads out of it."""
    end = HEAD + int.from_bytes(file.read(4, 4), "little")
    if end > file.size:
        raise Malformed(f"truncated: the tables need {end} bytes, the file has {file.size}")
    root = read_root(file, HEAD, end)
    if not root.text(0)[0].startswith("FlabuffersModel"):
        raise Malformed(f"a version of the format that is not known: {root.text(0)[0][:40]!r}")
    for pair in root.tables(INFO, MOST_INFO):
        key, (value, begin, behind) = pair.text(0)[0], pair.text(1)
        boosted.infos.append(Info(key, value, begin, behind))
        boosted.forest.note(key)
    if (trees := root.table(TREES)) is not None:
        _read_trees(trees, boosted.forest)
    boosted.end = _end_of_parts(file, end, root.texts(PARTS, 100))


def _read_trees(trees: FlatTable, forest: Forest) -> None:
    """Count the trees' numbers: a threshold for each split, as many values for each leaf as the model has outputs."""
    sizes = _integers(trees.data(SIZES, 4))
    outputs, (splits, _), (leaves, _) = max(1, trees.number(DIMENSION)), trees.vector(SPLITS, 4), trees.vector(LEAVES, 8)
    ids = _integers(trees.data(LEAF_IDS, 4))
    steps = trees.vector(STEPS, 4)[0]
    forest.booster = "lossguide or depthwise" if steps else "oblivious"
    at, total = 0, 0
    for number, size in enumerate(sizes):
        inner, ends = size, 1 << min(size, DEEPEST)
        if steps:
            inner = ids[at : at + size].count(NO_LEAF)
            ends = size - inner
        elif size > DEEPEST:
            forest.blame(f"TreeSizes/{number}")
        at, total = at + size, total + ends * outputs
        forest.add_tree("F64", inner + ends * outputs)
    if at != splits or (steps and not at == steps == len(ids)):
        forest.blame("TreeSplits")
    if total != leaves:
        forest.blame("LeafValues")


def _integers(data: bytes) -> "array[int]":
    """Read numbers of 32 bits without a sign."""
    numbers = array("I" if array("I").itemsize == 4 else "L")
    numbers.frombytes(data)
    return numbers


def _end_of_parts(file: File, end: int, parts: list[str]) -> int | None:
    """Move behind the parts that follow the tables; `None` when one of them is of a kind that is not known."""
    if parts not in ([], [COUNTERS]):
        return None
    if parts:
        count = int.from_bytes(file.read(end, 4), "little")
        end += 4
        for _ in range(count):
            end += 4 + int.from_bytes(file.read(end, 4), "little")
        if end > file.size:
            raise Malformed(f"truncated: the tables of counters need {end} bytes, the file has {file.size}")
    return end


def read_model_events(events: Iterator[Event], boosted: Boosted) -> None:
    """Take in a model in JSON; raises Malformed as the reader of the events does."""
    forest, numbers = boosted.forest, 0
    for path, value, end in events:
        match path:
            case ("model_info", "params", "loss_function", "type"):
                forest.objective = str(value)[:100]
            case ("model_info", key) if len(boosted.infos) < MOST_INFO:
                boosted.infos.append(Info(key, value if isinstance(value, str) else "", end, end))
                forest.note(key)
            case ("oblivious_trees", star, "leaf_values" | "splits") if star == ELEMENT and isinstance(value, Array):
                numbers += value.length
            case ("trees", star, *_, "value" | "border") if star == ELEMENT:
                numbers += value.length if isinstance(value, Array) else 1
            case ("oblivious_trees" | "trees" as kind, star) if star == ELEMENT and isinstance(value, Object):
                forest.booster = "oblivious" if kind == "oblivious_trees" else "lossguide or depthwise"
                forest.add_tree("F64", numbers)
                numbers = 0
