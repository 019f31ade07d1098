"""One small CatBoost model, in its binary format and in JSON."""

import json
import struct
from collections.abc import Mapping, Sequence

from sample_bundles.flat_buffers import Numbers, Table, flat_bytes

PARAMS = {"boosting_options": {"iterations": 2, "learning_rate": 0.5}, "loss_function": {"params": {}, "type": "RMSE"}}


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
