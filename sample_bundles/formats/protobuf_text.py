"""Protocol Buffers as text: a SavedModel, a graph, and two configurations of Triton."""

from sample_bundles.formats.tensorflow_checkpoint import INDEX

NODE = '    node {{\n      name: "{name}"\n      op: "{operator}"\n    }}\n'
SAVED = "saved_model_schema_version: 1\nmeta_graphs {\n  graph_def {\n" + NODE.format(name="v", operator="VarHandleOp") + "  }\n}\n"
GRAPH = NODE.format(name="x", operator="Placeholder") + NODE.format(name="y", operator="Relu")
TRITON = 'name: "small"\nplatform: "onnxruntime_onnx"\nmax_batch_size: 8\ninput [ { name: "x" data_type: TYPE_FP32 dims: [ 4 ] } ]\n'
FILES: dict[str, str | bytes] = {
    "text/saved_model.pbtxt": SAVED,
    "text/variables/variables.index": INDEX,
    "text/variables/variables.data-00000-of-00001": bytes(128 + 8 + 50),
    "graph.pbtxt": GRAPH,
    "served/config.pbtxt": TRITON,
}
