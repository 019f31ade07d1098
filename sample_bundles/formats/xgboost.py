"""One small XGBoost model, in JSON, in UBJSON and in the older binary format."""

import json
import struct
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Node: TypeAlias = "str | int | float | Sequence[Node] | Mapping[str, Node]"
INTEGERS = {"default_left": "U", "split_type": "U", "categories_segments": "L", "categories_sizes": "L"}
INTEGERS |= dict.fromkeys(("split_indices", "left_children", "right_children", "parents", "categories", "categories_nodes"), "l")
WIDTHS = {"U": "B", "l": "i", "L": "q", "d": "f"}


def tree(number: int, depth: int) -> dict[str, Node]:
    """Make a full tree by its number: 2^(depth+1) - 1 nodes, thresholds and leaf values alike."""
    count = 2 ** (depth + 1) - 1
    inner = count // 2
    return {
        "base_weights": [0.25 * place for place in range(count)],
        "categories": [],
        "categories_nodes": [],
        "categories_segments": [],
        "categories_sizes": [],
        "default_left": [0] * count,
        "id": number,
        "left_children": [2 * place + 1 if place < inner else -1 for place in range(count)],
        "loss_changes": [0.5] * count,
        "parents": [2**31 - 1, *((place - 1) // 2 for place in range(1, count))],
        "right_children": [2 * place + 2 if place < inner else -1 for place in range(count)],
        "split_conditions": [0.5 * place for place in range(count)],
        "split_indices": [place % 3 if place < inner else 0 for place in range(count)],
        "split_type": [0] * count,
        "sum_hessian": [1.0] * count,
        "tree_param": {"num_deleted": "0", "num_feature": "3", "num_nodes": str(count), "size_leaf_vector": "1"},
    }


def model(trees: Sequence[Mapping[str, Node]], announced: int | None = None) -> dict[str, Node]:
    """Make a model of trees."""
    count = len(trees) if announced is None else announced
    boosted: dict[str, Node] = {
        "gbtree_model_param": {"num_parallel_tree": "1", "num_trees": str(count)},
        "tree_info": [0] * len(trees),
        "trees": trees,
    }
    learner: dict[str, Node] = {
        "attributes": {"best_iteration": "1"},
        "feature_names": ["age", "weight", "height"],
        "feature_types": ["float", "float", "float"],
        "gradient_booster": {"model": boosted, "name": "gbtree"},
        "learner_model_param": {"base_score": "5E-1", "num_class": "0", "num_feature": "3", "num_target": "1"},
        "objective": {"name": "reg:squarederror", "reg_loss_param": {"scale_pos_weight": "1"}},
    }
    return {"learner": learner, "version": [2, 1, 4]}


def ubjson_bytes(value: Node, key: str = "") -> bytes:
    """Write a value as XGBoost writes UBJSON: the arrays of trees are typed, all lengths are 64 bits wide."""
    match value:
        case str():
            return b"S" + _length(value.encode()) + value.encode()
        case int():
            return b"l" + struct.pack(">i", value)
        case float():
            return b"d" + struct.pack(">f", value)
        case Mapping():
            return b"{" + b"".join(_length(name.encode()) + name.encode() + ubjson_bytes(item, name) for name, item in value.items()) + b"}"
    numbers = [item for item in value if isinstance(item, int | float)]
    code = INTEGERS.get(key) or ("d" if any(isinstance(item, float) for item in numbers) else None)
    if len(numbers) == len(value) and code is not None:
        packed = struct.pack(f">{len(numbers)}{WIDTHS[code]}", *numbers)
        return b"[$" + code.encode() + b"#" + b"L" + struct.pack(">q", len(numbers)) + packed
    return b"[#L" + struct.pack(">q", len(value)) + b"".join(ubjson_bytes(item) for item in value)


def binary_bytes(nodes: Sequence[int], booster: bytes = b"gbtree") -> bytes:
    """Write the binary records of a model whose trees have so many nodes."""
    learner = struct.pack("<fIiiiII", 0.5, 3, 0, 1, 0, 1, 7)
    boosted = struct.pack("<ii", len(nodes), 1)
    trees = b"".join(struct.pack("<iiiiii", 1, count, 0, 0, 3, 1).ljust(148, b"\0") + _nodes(count) + bytes(16 * count) for count in nodes)
    weights = struct.pack("<Q", len(nodes)) + bytes(4 * len(nodes)) if booster == b"dart" else b""
    attributes = struct.pack("<Q", 1) + _string(b"note") + _string(b"hello")
    head = b"binf" + learner.ljust(136, b"\0") + _string(b"reg:squarederror") + _string(booster) + boosted.ljust(160, b"\0")
    return head + trees + bytes(4 * len(nodes)) + weights + attributes


def _nodes(count: int) -> bytes:
    inner = count // 2
    links = [(2 * place + 1, 2 * place + 2) if place < inner else (-1, -1) for place in range(count)]
    return b"".join(struct.pack("<iiiIf", (place - 1) // 2, *link, place % 3, 0.5) for place, link in enumerate(links))


def _string(text: bytes) -> bytes:
    return struct.pack("<Q", len(text)) + text


def _length(text: bytes) -> bytes:
    return b"L" + struct.pack(">q", len(text))


MODEL = model([tree(0, 2), tree(1, 3)])
FILES: dict[str, str | bytes] = {
    "model.json": json.dumps(MODEL, separators=(",", ":")),
    "model.ubj": ubjson_bytes(MODEL),
    "model.model": binary_bytes([7, 15]),
}
