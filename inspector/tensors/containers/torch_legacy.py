"""Tensors of a torch file before 1.6: five pickles, then the storages one behind another. Source: torch's `serialization`, `_legacy_save`."""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.errors import Malformed
from inspector.pickles.opcodes import list_pickle
from inspector.pickles.symbols import SIZES
from inspector.serialization.stream import Stream
from inspector.tensors.containers.torch_zip import place_view
from inspector.tensors.tensor import Tensor

MAGIC = b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
PICKLES, MAIN = 5, 3


def list_tensors(file: File) -> Iterator[Tensor] | None:
    """List the tensors, or None for another file."""
    return _read(file) if file.head[2:].startswith(MAGIC) else None


def _read(file: File) -> Iterator[Tensor]:
    stream = Stream(file.read, file.size)
    listings = [list_pickle(stream) for _ in range(PICKLES)]
    if fault := next((listing.fault for listing in listings if listing.fault), None):
        raise Malformed(fault)
    starts, start = dict[str, tuple[int, int]](), listings[-1].end
    # Torch writes the storages in the order of their keys as texts; the last pickle lists them in that order.
    for key in sorted(listings[MAIN].storages):
        storage = listings[MAIN].storages[key]
        size = storage.length * SIZES.get(storage.dtype, 0)
        starts[key] = (start + 8, size)
        start += 8 + size
    for name, view in listings[MAIN].named.items():
        place = starts.get(view.storage.key)
        if place is not None and (found := place_view(name, view, *place, little=True)):
            yield found
