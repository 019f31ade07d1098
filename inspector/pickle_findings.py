"""What a followed pickle amounts to: the tensors in it, counted once each, and the globals that weights do not need."""

from collections.abc import Iterable, Iterator
from functools import cache

import msgspec

from inspector.bundle import File
from inspector.census import Census
from inspector.model import Issue, Location, Severity, Span, Unit, printable
from inspector.opcodes import Listing
from inspector.symbols import SIZES, Tensor
from inspector.tables import load_table

MOST_LOCATIONS = 50
SETTLE = "Do not load this file with a pickle reader; ask for the weights as safetensors, or read the code that made it first."


class Globals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table of globals: those that only build values, and those that act."""

    inert: tuple[str, ...]
    acting: tuple[str, ...]


@cache
def _table() -> tuple[frozenset[str], frozenset[str]]:
    table = load_table("pickle-globals.toml", Globals)
    return frozenset(table.inert), frozenset(table.acting)


def judge_global(module: str, name: str) -> Severity | None:
    """Say how much a global matters: `None` for an inert one, high for one that acts, medium for all others."""
    inert, acting = _table()
    full = f"{module}.{name}"
    if full in inert:
        return None
    parts = full.replace("extension ", "extension.").split(".")
    acts = any(".".join(parts[:length]) in acting for length in range(1, len(parts) + 1))
    return Severity.HIGH if acts else Severity.MEDIUM


def judge_globals(file: File, listings: Iterable[tuple[Listing, str | None]]) -> Iterator[Issue]:
    """Make at most two issues of the unexpected globals of a file's pickles: what acts, and what is merely not known."""
    places: dict[Severity, dict[str, Location]] = {}
    for listing, member in listings:
        for known, byte in listing.globals.items():
            if (severity := judge_global(known.module, known.name)) is not None:
                shown = printable(known.full[:200])
                path = f"{file.path}!/{printable(member)}" if member else file.path
                place = Location(root=file.root.name, path=path, span=Span(byte, byte + 1, Unit.BYTES), pointer=shown)
                places.setdefault(severity, {}).setdefault(shown, place)
    for severity, message in (
        (Severity.HIGH, "loading this pickle runs, opens or fetches something"),
        (Severity.MEDIUM, "this pickle needs code that weights do not need"),
    ):
        if named := places.get(severity):
            few = ", ".join(sorted(named)[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")
            locations = tuple(named[name] for name in sorted(named))[:MOST_LOCATIONS]
            yield Issue(
                rule="pickle.unexpected-global", severity=severity, message=f"{message}: {few}"[:600], locations=locations, settle=SETTLE
            )


def count_tensors(listings: Iterable[Listing]) -> Census:
    """Count tensors and arrays; views of the same elements count once. An array of objects or of unknown shape counts as no elements."""
    census = Census()
    for listing in listings:
        for tensor in listing.tensors.values():
            census.add(tensor.dtype, tensor.shape)
        for array in listing.arrays:
            if array.dtype and array.dtype in SIZES:
                census.add(array.dtype, array.shape)
    return census


def reach_of(tensor: Tensor) -> int:
    """Compute how many elements of its storage a tensor needs, from the storage's start."""
    if 0 in tensor.shape:
        return 0
    return tensor.offset + 1 + sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.strides, strict=True))


def byte_size(dtype: str, count: int) -> int | None:
    """Compute a storage's size in bytes; `None` for a dtype that is not known."""
    return count * SIZES[dtype] if dtype in SIZES and count >= 0 else None
