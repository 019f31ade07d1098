"""Orbax: checkpoints of JAX, described in JSON, with their numbers in one store or in a directory for each array.

What it sees: `_METADATA` with a tree of arrays; `_CHECKPOINT_METADATA`, `_sharding` and `array_metadatas/process_N` beside it.
What it says: parameters are present, and the state of an optimizer apart from them, where the arrays are kept in one store: how many there
are, and their shapes as far as they are given; where each array has a directory, which there must be. Which handler wrote it, and when the
checkpoint was committed.
What it cannot know: dtypes, which only the store has; whether the store holds the arrays. No number is read.
Source: Orbax' `metadata/tree.py`, `value_metadata_entry.py`, `array_metadata_store.py` and `step_metadata_serialization.py`.
"""

from collections.abc import Iterator
from math import prod

import msgspec

from inspector.beside import find_beside, leads_out
from inspector.bundle import File
from inspector.decoding import decode_json
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Count, Reference, Span, Stored, Unit, Weights, printable
from inspector.weights.census import Census
from inspector.weights.role import is_adapter_name
from inspector.weights.zarr_array import place_array

TREE, STEP, SHARDING, ARRAYS = "_metadata", "_checkpoint_metadata", "_sharding", "process_*"
LARGEST, MOST_ARRAYS, MOST_NAMED, MOST_DIMENSIONS = 64 * 2**20, 500_000, 5_000, 64
SMALLEST_STORE = 24  # bytes of a manifest's header and checksum


class Key(msgspec.Struct):
    """One key on the way to an array."""

    key: str | int


class About(msgspec.Struct):
    """What is said of a value: its kind, whether it is kept in the file `checkpoint` beside, its shape as written where that is kept."""

    value_type: str = ""
    skip_deserialize: bool = False
    write_shape: list[int] | None = None


class Entry(msgspec.Struct):
    """One value of the tree."""

    key_metadata: list[Key]
    value_metadata: About


class Tree(msgspec.Struct):
    """The metadata of a tree. Versions that had no stores yet say nothing of them."""

    tree_metadata: dict[str, Entry]
    use_ocdbt: bool | None = None
    use_zarr3: bool = False


class Step(msgspec.Struct):
    """The metadata of a checkpoint: who wrote what, and when it was whole."""

    item_handlers: dict[str, str | None] | str | None = None
    commit_timestamp_nsecs: int | None = None
    init_timestamp_nsecs: int | None = None


@detector(
    "orbax",
    wants=Wants(names=(TREE, STEP, SHARDING), globs=(ARRAYS,)),
    formats=("orbax", "orbax-step", "orbax-sharding", "orbax-arrays"),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.CHECKPOINTS, Claim.REFERENCED),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def orbax(file: File) -> Iterator[Said]:
    """Read the tree of arrays, or what stands beside it."""
    if is_pointer(file) or not file.head.lstrip().startswith(b"{"):
        return
    name = file.name.casefold()
    if name == TREE and b'"tree_metadata"' in file.head:
        yield from _say_tree(file)
    elif name == STEP and (b'"item_handlers"' in file.head or b'_timestamp_nsecs"' in file.head):
        yield from _say_step(file)
    elif name == SHARDING and b"sharding_type" in file.head:
        yield Format("orbax-sharding")
    elif name.startswith("process_") and b'"array_metadatas"' in file.head:
        yield Format("orbax-arrays")


def _decode(file: File) -> Tree:
    try:
        tree = decode_json(file.whole(LARGEST), Tree)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"no metadata of a tree of arrays: {str(error)[:200]}") from error
    if len(tree.tree_metadata) > MOST_ARRAYS:
        raise TooLarge(f"{len(tree.tree_metadata)} arrays, the limit is {MOST_ARRAYS}")
    for entry in tree.tree_metadata.values():
        shape = entry.value_metadata.write_shape or []
        if min(shape, default=0) < 0 or len(shape) > MOST_DIMENSIONS or prod(shape) >= 1 << 62:
            raise Malformed("an array has a shape with a size that is negative, or beyond all files")
    return tree


def _say_tree(file: File) -> Iterator[Said]:
    yield Format("orbax")
    tree = _decode(file)
    groups: dict[Component, list[tuple[str, Entry]]] = {}
    for entry in tree.tree_metadata.values():
        name = ".".join(str(key.key) for key in entry.key_metadata)
        about = entry.value_metadata
        if not about.skip_deserialize and about.value_type not in {"None", "Dict", "List", "scalar", "str", "string"}:
            state = place_array(f"{name}/x") == "state"
            groups.setdefault(Component.CHECKPOINTS if state else Component.PARAMETERS, []).append((name, entry))
    for component, entries in sorted(groups.items()):
        if not tree.use_ocdbt:
            yield from _name_arrays(file, component, [name for name, _ in entries])
            continue
        adapter = sum(is_adapter_name(name) for name, _ in entries) * 3 >= len(entries)
        value = "optimizer-state" if component is Component.CHECKPOINTS else "orbax-adapter" if adapter else "orbax"
        yield Found(component, Claim.PRESENT, value, span=Span(0, file.size, Unit.BYTES), details=_count([entry for _, entry in entries]))
    if tree.use_ocdbt and groups:
        component = min(groups, key=lambda item: item is not Component.PARAMETERS)
        stored = Stored(files=(find_beside(file.path, "manifest.ocdbt"),), size=SMALLEST_STORE)
        yield Found(component, Claim.REFERENCED, "manifest.ocdbt", details=stored)


def _count(entries: list[Entry]) -> Weights:
    """Sum the arrays up; their elements are known only where every array has its shape."""
    census, unknown = Census(), 0
    for entry in entries:
        shape = entry.value_metadata.write_shape
        if shape is None:
            unknown += 1
        else:
            census.add("?", tuple(shape))
    told = census.weights("orbax")
    if not unknown:
        return told
    return Weights(format="orbax", tensors=len(entries), shapes=(*told.shapes[:7], Count("unknown", unknown)))


def _name_arrays(file: File, component: Component, names: list[str]) -> Iterator[Found]:
    for name in names[:MOST_NAMED]:
        if not leads_out(name):
            details = Reference(kind="file", target=printable(find_beside(file.path, name))[:1000])
            yield Found(component, Claim.REFERENCED, printable(name)[:200], details=details)


def _say_step(file: File) -> Iterator[Said]:
    yield Format("orbax-step")
    try:
        step = decode_json(file.whole(LARGEST), Step)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"no metadata of a checkpoint: {str(error)[:200]}") from error
    handlers = step.item_handlers if isinstance(step.item_handlers, dict) else {"": step.item_handlers}
    shown = ", ".join(sorted({str(handler) for handler in handlers.values() if handler}))
    if shown:
        yield Found(Component.MODEL_METADATA, Claim.PRESENT, "producer", excerpt=printable(shown)[:200])
