"""Tensors of a GGUF file. Source: ggml, docs/gguf.md; block sizes from the `gguf` package."""

from collections.abc import Iterator
from math import prod

from inspector.bundle import File
from inspector.tensors.encodings import name_block_type, size_of
from inspector.tensors.tensor import Tensor
from inspector.weights.gguf_header import MAGIC, open_header, read_tensors, read_values

ALIGNMENT = 32


def list_tensors(file: File) -> Iterator[Tensor] | None:
    """List the tensors, or None for another file."""
    return _read(file) if file.head.startswith(MAGIC) else None


def _read(file: File) -> Iterator[Tensor]:
    cursor, header, _, keys = open_header(file)
    read_values(cursor, header, keys)
    records = list(read_tensors(cursor, header))
    named = header.values.get("general.alignment")
    step = named.content if named is not None and isinstance(named.content, int) and 0 < named.content < 2**20 else ALIGNMENT
    start = -(-header.end // step) * step
    for record in records:
        encoding = name_block_type(record.kind)
        size = size_of(encoding, prod(record.shape))
        if size is not None and start + record.offset + size <= file.size:
            yield Tensor(record.name, encoding, record.shape, start + record.offset, size, little=header.order == "<")
