"""A small program of ExecuTorch with constants of its own, one with a delegate, and a file of data."""

import struct

from sample_bundles.flat_buffers import Numbers, Table, flat_bytes

FLOAT, TENSOR = 6, 5


def tensor(shape: tuple[int, ...], buffer: int, name: str = "") -> Table:
    """Write a tensor; one with a name stands in another file."""
    extra = Table([None, name, 1]) if name else None
    return Table([TENSOR, Table([FLOAT, None, Numbers("i", shape), None, None, buffer, None, None, None, extra])])


def segment(size: int) -> Table:
    """Write a segment at the base; the third field makes its size one of 64 bits."""
    return Table([None, size, 0])


def program_bytes(
    *tensors: Table, delegates: tuple[str, ...] = (), operators: tuple[str, ...] = ("aten::add",), data: int = 64, base: int | None = None
) -> bytes:
    """Write a program with the extended header and so many bytes of segments behind it."""
    plan = Table(
        ["forward", None, list(tensors), None, None, None, [Table([name]) for name in operators], [Table([name]) for name in delegates]]
    )
    root = Table([None, [plan], None, None, [segment(data)]])
    size = len(flat_bytes(root, b"ET12" + bytes(32)))
    start = -(-size // 16) * 16 if base is None else base
    header = b"eh00" + struct.pack("<I3Q", 32, size, start, data)
    return flat_bytes(root, b"ET12" + header).ljust(start, b"\0") + bytes(data)


def data_bytes(*names: str, size: int = 32) -> bytes:
    """Write a file of data with one tensor of eight numbers for each name."""
    named = [Table([name, 0, Table([FLOAT, Numbers("i", (2, 4))])]) for name in names]
    root = Table([None, [segment(size)], named])
    head = 48
    size_of_all = len(flat_bytes(root, b"FT01" + bytes(40)))
    base = -(-size_of_all // 16) * 16
    header = b"FH01" + struct.pack("<I4Q", 40, head, size_of_all - head, base, size)
    return flat_bytes(root, b"FT01" + header).ljust(base, b"\0") + bytes(size)


FILES = {
    "net.pte": program_bytes(tensor((4, 3), 1), tensor((4,), 2), tensor((4, 3), 1), tensor((1, 8), 0)),
    "delegated.pte": program_bytes(delegates=("XnnpackBackend",)),
    "net.ptd": data_bytes("linear.weight"),
}
