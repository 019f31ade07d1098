"""XGBoost's models, read as a stream of keys and values, or as the records of the older binary format.

Source: XGBoost's documentation, "Introduction to Model IO" and its JSON schema; for the binary format the records that version 2.1 writes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.errors import Malformed
from inspector.serialization.events import ELEMENT, Array, Event, Object, Path
from inspector.serialization.stream import Stream
from inspector.weights.forest import Forest

MODELS = (("learner", "gradient_booster", "model"), ("learner", "gradient_booster", "gbtree", "model"))
BOOSTERS = tuple(len(name).to_bytes(8, "little") + name for name in (b"gbtree", b"dart", b"gblinear"))
PER_NODE = ("split_conditions", "split_indices", "left_children", "right_children", "parents", "default_left", "sum_hessian")
MOST_TREES = 10_000_000
LARGEST_NODES = 2**31
LONGEST_NAME = 1 << 16
LEARNER, TREES, TREE, NODE, LINEAR = 136, 160, 148, 20 + 16, 136  # bytes of the binary records


@dataclass(slots=True)
class Tree:
    """The tree that is being read: its own number of nodes, and the lengths of its arrays."""

    nodes: int = -1
    number: int | None = None
    width: int = 1
    lengths: dict[str, int] = field(default_factory=dict)


class ModelReader:
    """What the events of a model in JSON or UBJSON come to."""

    def __init__(self) -> None:
        self.forest = Forest()
        self.is_model = False
        self._tree = Tree()

    def read(self, events: Iterator[Event]) -> None:
        """Take in all events; raises Malformed as their reader does. What was read before stays in `forest`."""
        for path, value, _ in events:
            short = path[1:] if path[:1] == ("Model",) else path
            model = next((model for model in MODELS if short[: len(model)] == model), None)
            if model is not None:
                self._in_model(short[len(model) :], value)
            else:
                self._in_learner(short, value)

    def _in_learner(self, path: Path, value: object) -> None:
        forest = self.forest
        match path:
            case ("version",) if isinstance(value, Array):
                forest.version = ".".join(str(int(number)) for number in value.head[:3] if 0 <= number < 1000)
            case ("learner", "gradient_booster", "name"):
                forest.booster = str(value)[:100]
            case ("learner", "objective", "name"):
                forest.objective = str(value)[:100]
            case ("learner", "attributes", key):
                forest.note(key)
            case ("learner", "gradient_booster") if isinstance(value, Object):
                self.is_model = True

    def _in_model(self, path: Path, value: object) -> None:
        match path:
            case ("gbtree_model_param", "num_trees"):
                self.forest.announced = _number(value)
            case ("weights",) if isinstance(value, Array):
                self.forest.census.add("F32", (value.length,))
            case ("trees", star, "tree_param", "num_nodes") if star == ELEMENT:
                self._tree.nodes = _number(value)
            case ("trees", star, "tree_param", "size_leaf_vector") if star == ELEMENT:
                self._tree.width = _number(value)
            case ("trees", star, "id") if star == ELEMENT and isinstance(value, int):
                self._tree.number = value
            case ("trees", star, name) if star == ELEMENT and isinstance(value, Array):
                self._tree.lengths[name] = value.length
            case ("trees", star) if star == ELEMENT and isinstance(value, Object):
                self._end_tree()

    def _end_tree(self) -> None:
        """Count a tree; the lengths of its arrays must be its number of nodes, and its id its place, by which XGBoost stores it."""
        tree, lengths = self._tree, self._tree.lengths
        self._tree = Tree()
        same = all(lengths.get(name, tree.nodes) == tree.nodes for name in PER_NODE) and "split_conditions" in lengths
        if tree.nodes < 0 or not same or tree.number not in {None, self.forest.trees}:
            self.forest.blame(f"trees/{self.forest.trees}")
        leaves = lengths.get("leaf_weights", 0)
        vectors = lengths.get("base_weights", 0) if tree.width > 1 and not leaves else 0
        self.forest.add_tree("F32", vectors or lengths.get("split_conditions", 0) + leaves)


def _number(value: object) -> int:
    """Read a whole number that XGBoost writes as a text; -1 when it is none."""
    text = str(value)
    return int(text) if len(text) <= 12 and text.isascii() and text.isdigit() else -1


def begins_binary(head: bytes) -> bool:
    """Say whether a file begins with the records of the binary format, which has no mark of its own: the names of objective and booster."""
    if len(head) < LEARNER + 8:
        return False
    length = int.from_bytes(head[LEARNER : LEARNER + 8], "little")
    at = LEARNER + 8 + length
    return 0 < length < 100 and head[LEARNER + 8 : at].isascii() and head[at:].startswith(BOOSTERS)


def read_binary(stream: Stream, forest: Forest) -> None:
    """Read the records of the binary format behind its mark, up to the last one.

    Raises Malformed where they do not fit.
    """
    learner = stream.take(LEARNER)
    forest.objective, forest.booster = _text(stream, 200), _text(stream, 200)
    if forest.booster in {"gbtree", "dart"}:
        _read_trees(stream, forest)
        if forest.booster == "dart" and forest.trees:
            stream.skip(4 * _count(stream, 4))
    elif forest.booster == "gblinear":
        stream.skip(LINEAR)
        count = _count(stream, 4)
        forest.census.add("F32", (count,))
        stream.skip(4 * count)
    else:
        raise Malformed(f"a booster that is none of gbtree, dart and gblinear: {forest.booster[:40]!r}")
    major, minor = int.from_bytes(learner[20:24], "little"), int.from_bytes(learner[24:28], "little")
    if int.from_bytes(learner[12:16], "little"):
        for _ in range(_count(stream, 16)):
            forest.note(_text(stream, LONGEST_NAME))
            stream.skip(_count(stream, 1))
    if major == 0:
        _skip_tail(stream, forest.objective, has_measures=any(learner[16:20]))
    else:
        forest.version = f"{major}.{minor}"


def _skip_tail(stream: Stream, objective: str, *, has_measures: bool) -> None:
    """Move behind what versions before 1.0 write at the end: an argument of Poisson regression, and the names of measures."""
    if objective == "count:poisson":
        stream.skip(_count(stream, 1))
    if has_measures:
        for _ in range(_count(stream, 8)):
            stream.skip(_count(stream, 1))


def _read_trees(stream: Stream, forest: Forest) -> None:
    trees = int.from_bytes(stream.take(TREES)[:4], "little", signed=True)
    if not 0 <= trees <= MOST_TREES or trees * TREE > stream.left:
        raise Malformed(f"truncated: {trees} trees are announced, {stream.left} bytes are left")
    forest.announced = trees
    for _ in range(trees):
        nodes = int.from_bytes(stream.take(TREE)[4:8], "little", signed=True)
        if not 0 < nodes < LARGEST_NODES:
            raise Malformed(f"a tree of {nodes} nodes ends at byte {stream.position}")
        stream.skip(nodes * NODE)
        forest.add_tree("F32", nodes)
    stream.skip(4 * trees)


def _count(stream: Stream, width: int) -> int:
    """Read a number of elements of a width in bytes; raises Malformed when so many cannot follow."""
    count = int.from_bytes(stream.take(8), "little")
    if count * width > stream.left:
        raise Malformed(f"truncated: {count} elements are announced at byte {stream.position - 8}, {stream.left} bytes are left")
    return count


def _text(stream: Stream, longest: int) -> str:
    length = _count(stream, 1)
    if length > longest:
        raise Malformed(f"a name of {length} bytes at byte {stream.position}")
    return stream.take(length).decode("utf-8", "replace")
