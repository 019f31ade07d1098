"""A small frozen graph."""

from collections.abc import Sequence
from math import prod

from sample_bundles.formats.tensorflow_checkpoint import FLOAT, shape
from sample_bundles.messages import field, message


def constant(name: str, sizes: Sequence[int], kind: int = FLOAT, raw: bytes | None = None) -> bytes:
    """Write a node that is a tensor of zeros."""
    tensor = message((1, kind), (2, shape(sizes)), (4, bytes(4 * prod(sizes)) if raw is None else raw))
    return message((1, name), (2, "Const")) + field(5, message((1, "value"), (2, message((8, tensor)))))


def node(name: str, operator: str) -> bytes:
    """Write a node without attributes."""
    return message((1, name), (2, operator), (3, "x"))


def graph(nodes: Sequence[bytes], functions: Sequence[tuple[str, Sequence[bytes]]] = ()) -> bytes:
    """Write a graph with a library of functions."""
    body = b"".join(field(1, item) for item in nodes)
    held = [message((1, message((1, name)))) + b"".join(field(3, item) for item in inside) for name, inside in functions]
    return body + (field(2, b"".join(field(1, function) for function in held)) if held else b"")


def meta_graph(inside: bytes, rest: bytes = b"") -> bytes:
    """Write a graph with what belongs to it."""
    return field(1, message((4, "serve"), (5, "2.15.0"))) + field(2, inside) + rest


FROZEN = graph([node("input", "Placeholder"), constant("w", (4, 2)), constant("b", (2,)), node("y", "BiasAdd")])
FILES: dict[str, str | bytes] = {"frozen.pb": FROZEN, "model.ckpt.meta": meta_graph(graph([node("w", "VariableV2")]))}
