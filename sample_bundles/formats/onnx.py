"""Two small models in ONNX: one with its tensors inside, one with them in a file beside."""

from collections.abc import Mapping, Sequence
from math import prod

from sample_bundles.messages import field, message, pairs

FLOAT, INT64, FLOAT16 = 1, 7, 10
WIDTHS = {FLOAT: 4, INT64: 8, FLOAT16: 2}


def tensor(name: str, shape: Sequence[int], kind: int = FLOAT, raw: bytes | None = None) -> bytes:
    """Write a tensor of zeros, or of the bytes that are given."""
    data = bytes(prod(shape) * WIDTHS[kind]) if raw is None else raw
    return b"".join(field(1, size) for size in shape) + message((2, kind), (8, name), (9, data))


def outside(name: str, shape: Sequence[int], place: Mapping[str, str], kind: int = FLOAT) -> bytes:
    """Write a tensor whose bytes are in a file beside."""
    sizes = b"".join(field(1, size) for size in shape)
    return sizes + message((2, kind), (8, name)) + pairs(13, place) + field(14, 1)


def node(operator: str, domain: str = "", *attributes: bytes) -> bytes:
    """Write a node."""
    own = field(7, domain) if domain else b""
    return message((1, "x"), (2, "y"), (4, operator)) + own + b"".join(field(5, attribute) for attribute in attributes)


def graph(tensors: Sequence[bytes], nodes: Sequence[bytes] = ()) -> bytes:
    """Write a graph."""
    inside = b"".join(field(1, item) for item in nodes) + field(2, "main")
    return inside + b"".join(field(5, item) for item in tensors)


def model(body: bytes, metadata: Mapping[str, str] | None = None, rest: bytes = b"") -> bytes:
    """Write a model of one graph."""
    head = message((1, 9), (2, "exporter"), (3, "2.1"), (7, body), (8, message((1, ""), (2, 19))))
    return head + pairs(14, metadata or {}) + rest


WEIGHTS = (tensor("fc.weight", (4, 8)), tensor("fc.bias", (4,), FLOAT16))
CONSTANT = node("Constant", "", message((1, "value")) + field(5, tensor("", (3,), INT64)))
SPLIT = (outside("fc.weight", (4, 8), {"location": "weights.bin", "offset": "0", "length": "128"}),)
INSIDE = model(graph(WEIGHTS, (node("Gemm"), CONSTANT)), {"license": "apache-2.0", "task": "none"})
FILES: dict[str, str | bytes] = {
    "inside/model.onnx": INSIDE,
    "beside/model.onnx": model(graph(SPLIT, (node("Gemm"),))),
    "beside/weights.bin": bytes(128),
}
