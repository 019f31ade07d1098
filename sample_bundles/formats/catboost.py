"""One small CatBoost model, in its binary format and in JSON."""

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Field: TypeAlias = "int | str | Numbers | Table | Sequence[Table | str] | None"
PARAMS = {"boosting_options": {"iterations": 2, "learning_rate": 0.5}, "loss_function": {"params": {}, "type": "RMSE"}}


@dataclass(frozen=True)
class Numbers:
    """A vector of numbers of one kind, by its letter in `struct`."""

    kind: str
    values: Sequence[float]


@dataclass(frozen=True)
class Table:
    """A table of a FlatBuffer; a number is a field of 32 bits."""

    fields: Sequence[Field]


def flat_bytes(root: Table) -> bytes:
    """Write tables as a FlatBuffer, each before what it leads to."""
    data = bytearray(4)
    struct.pack_into("<I", data, 0, _add(data, root))
    return bytes(data)


def _add(data: bytearray, item: Field) -> int:
    """Write one thing at the end, and say where it stands."""
    match item:
        case Table():
            return _add_table(data, item)
        case Numbers():
            data += bytes(-(len(data) + 4) % 8)
            place = len(data)
            data += struct.pack(f"<I{len(item.values)}{item.kind}", len(item.values), *item.values)
            return place
        case str():
            data += bytes(-len(data) % 4)
            place = len(data)
            data += struct.pack("<I", len(item.encode())) + item.encode() + b"\0"
            return place
        case None | int():
            raise ValueError("a field of a table, and nothing to follow")
        case _:
            data += bytes(-len(data) % 4)
            place = len(data)
            data += struct.pack("<I", len(item)) + bytes(4 * len(item))
            for slot, child in enumerate(item, 1):
                _link(data, place + 4 * slot, child)
            return place


def _add_table(data: bytearray, table: Table) -> int:
    data += bytes(-len(data) % 4)
    listing, offset, offsets = len(data), 4, []
    for field in table.fields:
        offsets.append(0 if field is None else offset)
        offset += 0 if field is None else 4
    data += struct.pack(f"<HH{len(offsets)}H", 4 + 2 * len(offsets), offset, *offsets)
    data += bytes(-len(data) % 4)
    place = len(data)
    data += struct.pack("<i", place - listing) + bytes(offset - 4)
    for field, slot in zip(table.fields, offsets, strict=True):
        if isinstance(field, int):
            struct.pack_into("<i", data, place + slot, field)
        elif field is not None:
            _link(data, place + slot, field)
    return place


def _link(data: bytearray, slot: int, item: Field) -> None:
    place = _add(data, item)
    struct.pack_into("<I", data, slot, place - slot)


def binary_bytes(
    depths: Sequence[int],
    infos: Mapping[str, str] | None = None,
    leaves: int | None = None,
    steps: Sequence[Sequence[bool]] = (),
    parts: Sequence[str] = (),
) -> bytes:
    """Write a model of oblivious trees of such depths; or of trees whose nodes are splits where `steps` says so, and leaves elsewhere."""
    sizes = [len(tree) for tree in steps] or list(depths)
    nodes = [node for tree in steps for node in tree]
    ends = nodes.count(False) if steps else sum(2**depth for depth in depths)
    numbers = iter(range(len(nodes)))
    trees = Table([
        1,
        Numbers("i", [place % 4 for place in range(sum(sizes))]),
        Numbers("i", sizes),
        Numbers("i", [sum(sizes[:place]) for place in range(len(sizes))]),
        [],
        [Table([0, 0, 0, Numbers("f", [0.5, 1.5, 2.5, 3.5]), "age"])],
        [],
        [],
        Numbers("d", [0.25] * (ends if leaves is None else leaves)),
        Numbers("d", [1.0] * ends),
        Numbers("I", [1] * len(nodes)) if steps else None,
        Numbers("I", [2**32 - 1 if node else next(numbers) for node in nodes]) if steps else None,
    ])  # fmt: skip
    pairs = {"params": json.dumps(PARAMS), "train_finish_time": "2026-01-01T00:00:00Z"} if infos is None else infos
    core = flat_bytes(Table(["FlabuffersModel_v1", trees, [Table([key, value]) for key, value in pairs.items()], list(parts) or None]))
    return b"CBM1" + struct.pack("<I", len(core)) + core


def json_text(depths: Sequence[int]) -> str:
    """Write a model of oblivious trees of such depths as CatBoost writes JSON."""
    split = {"border": 0.5, "float_feature_index": 0, "split_index": 0, "split_type": "FloatFeature"}
    feature: dict[str, object] = {
        "borders": [0.5, 1.5],
        "feature_id": "age",
        "feature_index": 0,
        "flat_feature_index": 0,
        "has_nans": False,
    }
    feature["nan_value_treatment"] = "AsIs"
    model = {
        "features_info": {"float_features": [feature]},
        "model_info": {"model_guid": "0-1-2-3", "params": PARAMS},
        "oblivious_trees": [
            {"leaf_values": [0.25] * 2**depth, "leaf_weights": [1] * 2**depth, "splits": [split] * depth} for depth in depths
        ],
        "scale_and_bias": [1, [0]],
    }
    return json.dumps(model)


FILES: dict[str, str | bytes] = {"model.cbm": binary_bytes([2, 3]), "model.json": json_text([2, 3])}
