"""Two small SavedModels: one whose numbers are constants of its graph, one with a checkpoint beside."""

import json

from sample_bundles.formats.graphdef import constant, graph, meta_graph, node
from sample_bundles.formats.hdf5 import CONFIG
from sample_bundles.formats.tensorflow_checkpoint import INDEX
from sample_bundles.messages import field, message


def saved_model(inside: bytes, rest: bytes = b"") -> bytes:
    """Write a SavedModel of one graph."""
    return field(1, 1) + field(2, meta_graph(inside, rest))


def keras_metadata(*configs: object) -> bytes:
    """Write what Keras keeps of its layers."""
    return b"".join(field(1, message((2, 1), (3, "root"), (4, "_tf_keras_layer"), (5, json.dumps(config)))) for config in configs)


SAVER = ("__inference__traced_save_1", [node("SaveV2", "SaveV2"), node("MergeV2Checkpoints", "MergeV2Checkpoints")])
CONSTANTS = saved_model(graph([constant("w", (4, 2)), constant("b", (2,))]))
VARIABLES = saved_model(graph([node("v", "VarHandleOp")], [SAVER]), field(6, message((2, "vocab.txt"))))
FILES: dict[str, str | bytes] = {
    "constants/saved_model.pb": CONSTANTS,
    "variables/saved_model.pb": VARIABLES,
    "variables/keras_metadata.pb": keras_metadata(CONFIG),
    "variables/fingerprint.pb": message((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, b"")),
    "variables/variables/variables.index": INDEX,
    "variables/variables/variables.data-00000-of-00001": bytes(128 + 8 + 50),
}
