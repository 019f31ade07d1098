"""A small model of MNN: a convolution, packed weights, and numbers in a file beside."""

from sample_bundles.flat_buffers import Field, Numbers, Table, flat_bytes

CONVOLUTION, BLOB, EXTRA = 9, 7, 78


def operator(name: str, kind: int, held: Table) -> Table:
    """Write an operator that holds something of a kind."""
    return Table([Numbers("i", [0]), kind, held, name, Numbers("i", [1]), 0])


def convolution(weights: int = 12, packed: int = 0, external: tuple[int, ...] = ()) -> Table:
    """Write a convolution with so many numbers in it, or packed, or beside."""
    quantized = Table([Numbers("b", [0] * packed), Numbers("f", [0.5] * 4)]) if packed else None
    plain: list[Field] = [Numbers("f", [0.5] * weights), Numbers("f", [0.5] * 4)] if weights else [None, None]
    return Table([None, *plain, quantized, None, None, Numbers("q", external) if external else None])


def mnn_bytes(*operators: Table) -> bytes:
    """Write a model of operators; its source is ONNX."""
    return flat_bytes(Table([None, None, None, list(operators), ["out"], 0, 3, ["in", "out"], 2, None, None, "uuid"]))


FILES = {
    "net.mnn": mnn_bytes(
        operator("conv1", CONVOLUTION, convolution()),
        operator("conv2", CONVOLUTION, convolution(0, packed=9)),
        operator("shape", BLOB, Table([None, None, None, None, None, Numbers("i", [1, 2])])),
    )
}
