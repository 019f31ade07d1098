"""Flax: parameters as one MessagePack value of nested maps and arrays.

What it sees: files named `.msgpack`, `checkpoint` or `checkpoint_` with a number that begin as a map with a text for a key and hold arrays.
What it says: parameters are present, their tensors by dtype and shape, with those that are written in parts counted once; the state of an
optimizer apart from them; arrays that do not fit their shape, and bytes behind the value.
What it cannot know: which architecture the parameters belong to. No array's numbers are read.
Source: Flax' `serialization` module, and files that version 0.12 writes; the MessagePack specification.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Severity, Span, Unit, printable
from inspector.pickles.symbols import DTYPES, SIZES
from inspector.serialization.events import Object, Path
from inspector.serialization.msgpack_events import Data, Item, read_array, read_msgpack_events
from inspector.serialization.stream import Stream
from inspector.sightings import Sightings
from inspector.weights.census import Census
from inspector.weights.role import role_of
from inspector.weights.tensorstore_specs import is_specification

ARRAY, SCALAR = 1, 3  # types of extensions
PARTS = "__msgpack_chunked_array__"
OPTIMIZERS = frozenset({"opt_state", "optimizer_state", "opt_states"})
SETTLE = "Save the parameters again, or fetch the file again from its origin and compare digests."


@dataclass(slots=True)
class Parts:
    """An array that is written in parts: its shape by place, the dtype and the elements of the parts so far."""

    shape: dict[str, int] = field(default_factory=dict)
    dtype: str = ""
    elements: int = 0


@dataclass(slots=True)
class Tree:
    """What was found so far: arrays of the model and of its optimizer, arrays in parts that are open, the byte behind the value."""

    model: Census = field(default_factory=Census)
    optimizer: Census = field(default_factory=Census)
    parts: dict[Path, Parts] = field(default_factory=dict)
    end: int = 0
    is_tensorstore: bool = False


@detector(
    "flax",
    wants=Wants(suffixes=(".msgpack",), names=("checkpoint",), globs=("checkpoint_*",), magic=(Magic(b"\x81\xa6params"),)),
    formats=("flax-msgpack",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def flax(file: File) -> Iterator[Said]:
    """Walk maps and the headers of arrays."""
    if is_pointer(file) or not _begins(file.head):
        return
    tree, sightings, fault = Tree(), Sightings(file), None
    stream = Stream(file.read, file.size)
    try:
        for item in read_msgpack_events(stream):
            _take(file, item, tree, sightings)
    except Malformed as error:
        fault = error
    tree.end = stream.position
    if tree.is_tensorstore:
        return  # its arrays are in directories beside; that is another detector's format
    if not tree.model.tensors and not tree.optimizer.tensors:
        if fault is not None and file.suffix == ".msgpack" and file.name.casefold().startswith("flax"):
            yield Format("flax-msgpack")
            raise fault
        return
    yield Format("flax-msgpack")
    yield from _say_weights(file, tree)
    if fault is None and tree.end < file.size:
        message = f"{file.size - tree.end} bytes behind the value belong to nothing"
        sightings.add("flax.trailing-bytes", Severity.MEDIUM, message, span=(tree.end, file.size))
    yield from sightings.issues(SETTLE)
    if fault is not None:
        broken = "truncated" if str(fault).startswith("truncated") else "damaged"
        yield Found(Component.PARAMETERS, Claim.MISSING, broken, span=Span(file.size, file.size, Unit.BYTES))
        raise fault


def _begins(head: bytes) -> bool:
    """Say whether a file begins as a map that is not empty, with a text for a key."""
    if not head or not (0x81 <= head[0] < 0x90 or head[0] in {0xDE, 0xDF}):
        return False
    key = head[{0xDE: 3, 0xDF: 5}.get(head[0], 1) :][:1]
    return bool(key) and (0xA0 <= key[0] < 0xC0 or key[0] in {0xD9, 0xDA})


def _take(file: File, item: Item, tree: Tree, sightings: Sightings) -> None:
    path, value = item
    if isinstance(value, str):
        tree.is_tensorstore |= is_specification(path, value)
    elif isinstance(value, Data) and value.kind in {ARRAY, SCALAR}:
        _add_array(file, path, value, tree, sightings)
    elif path and path[-1] == PARTS and value is True:
        tree.parts[path[:-1]] = Parts()
    elif isinstance(value, int) and len(path) > 2 and path[-2] == "shape" and (open_ := tree.parts.get(path[:-2])) is not None:
        open_.shape[path[-1]] = max(0, value)
    elif isinstance(value, Object) and (closed := tree.parts.pop(path, None)) is not None:
        _close(path, closed, tree, sightings)


def _add_array(file: File, path: Path, data: Data, tree: Tree, sightings: Sightings) -> None:
    window = Stream(file.read, min(file.size, data.start + data.size), data.start)
    dtype, shape, size = read_array(window, data.size)
    word, shown = DTYPES.get(dtype, printable(dtype)[:32]), printable("/".join(path))[:200]
    if word in SIZES and prod(shape) * SIZES[word] != size:
        message = "shape and dtype need another number of bytes than an array has"
        sightings.add("flax.size-mismatch", Severity.HIGH, message, shown, (data.start, data.start + data.size))
    if len(path) > 2 and path[-2] == "chunks" and (parts := tree.parts.get(path[:-2])) is not None:
        parts.dtype, parts.elements = word, parts.elements + prod(shape)
    else:
        _census(path, tree).add(word, shape)


def _close(path: Path, parts: Parts, tree: Tree, sightings: Sightings) -> None:
    """Count an array in parts, and hold its parts against its shape."""
    shape = tuple(parts.shape[key] for key in sorted(parts.shape, key=lambda key: (len(key), key)))
    _census(path, tree).add(parts.dtype or "?", shape)
    if prod(shape) != parts.elements:
        message = "the parts of an array have another number of elements than its shape"
        sightings.add("flax.size-mismatch", Severity.HIGH, message, printable("/".join(path))[:200])


def _census(path: Path, tree: Tree) -> Census:
    state = bool(OPTIMIZERS & set(path[:2])) or path[:2] == ("optimizer", "state")
    return tree.optimizer if state else tree.model


def _say_weights(file: File, tree: Tree) -> Iterator[Found]:
    span = Span(0, min(file.size, tree.end), Unit.BYTES)
    if tree.model.parameters:
        role = role_of(file.path, (), "flax-msgpack")
        yield Found(role.component, Claim.PRESENT, role.value, span=span, details=tree.model.weights("flax-msgpack"))
    if tree.optimizer.parameters:
        details = tree.optimizer.weights("flax-msgpack")
        yield Found(Component.CHECKPOINTS, Claim.PRESENT, "optimizer-state", span=span, details=details)
