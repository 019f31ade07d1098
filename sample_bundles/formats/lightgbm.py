"""One small LightGBM model, as text."""

from collections.abc import Iterable, Mapping, Sequence


def tree_text(number: int, leaves: int) -> str:
    """Write a tree that is a chain: each node has a leaf on its left."""
    inner = leaves - 1
    lines = {
        "num_leaves": str(leaves),
        "num_cat": "0",
        "split_feature": _row(place % 2 for place in range(inner)),
        "split_gain": _row(10 - place for place in range(inner)),
        "threshold": _row(0.5 + place for place in range(inner)),
        "decision_type": _row(2 for _ in range(inner)),
        "left_child": _row(-1 - place for place in range(inner)),
        "right_child": _row(place + 1 if place + 1 < inner else -leaves for place in range(inner)),
        "leaf_value": _row(0.25 * place for place in range(leaves)),
        "leaf_weight": _row(20 for _ in range(leaves)),
        "leaf_count": _row(20 for _ in range(leaves)),
        "internal_value": _row(0 for _ in range(inner)),
        "internal_weight": _row(40 for _ in range(inner)),
        "internal_count": _row(40 for _ in range(inner)),
        "is_linear": "0",
        "shrinkage": "0.1",
    }
    return f"Tree={number}\n" + "".join(f"{key}={value}\n" for key, value in lines.items()) + "\n\n"


def model_text(trees: Sequence[str], header: Mapping[str, str] | None = None, parameters: Mapping[str, str] | None = None) -> str:
    """Write a model; `header` replaces keys of the header, and leaves out those that it gives as empty."""
    keys = {
        "version": "v4",
        "num_class": "1",
        "num_tree_per_iteration": "1",
        "label_index": "0",
        "max_feature_idx": "1",
        "objective": "binary sigmoid:1",
        "feature_names": "age height",
        "feature_infos": "[0:100] [1:2]",
        "tree_sizes": " ".join(str(len(tree.encode())) for tree in trees),
        **(header or {}),
    }
    head = "tree\n" + "".join(f"{key}={value}\n" for key, value in keys.items() if value) + "\n"
    tail = "end of trees\n\nfeature_importances:\nage=2\nheight=1\n\nparameters:\n"
    settings = {"boosting": "gbdt", "objective": "binary", "data": "", "num_leaves": "31", **(parameters or {})}
    lines = "".join(f"[{key}: {value}]\n" for key, value in settings.items())
    return head + "".join(trees) + tail + lines + "\nend of parameters\n\npandas_categorical:null\n"


def _row(numbers: Iterable[float]) -> str:
    return " ".join(map(str, numbers))


MODEL = model_text([tree_text(0, 4), tree_text(1, 3)])
FILES = {"model.txt": MODEL}
