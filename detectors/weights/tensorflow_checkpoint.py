"""TensorFlow checkpoints: the index that says which tensor is where in the files of numbers beside it.

What it sees: files named `.index` that end as a table does and begin with a checkpoint's header; the small text named `checkpoint`.
What it says: parameters are present, their tensors by dtype and shape, and the state of an optimizer apart from them; which files of
numbers there must be, and how long each; tensors that overlap, leave bytes to nobody or do not fit their shape; blocks with wrong checksums.
What it cannot know: whether a checkpoint is the last one. No number is read.
Source: TensorFlow's `tensor_bundle.proto` and `types.proto`; LevelDB's description of its table format.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod

from inspector.beside import find_beside, leads_out
from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Reference, Severity, Span, Stored, Unit, printable
from inspector.serialization.json_events import InMemory
from inspector.serialization.protobuf import BYTES, Window, read_fields
from inspector.serialization.table_file import Table, is_table
from inspector.sightings import Sightings
from inspector.weights.census import Census
from inspector.weights.role import role_of
from inspector.weights.tensorflow_graph import DTYPES, UNCOUNTED, read_shape

STATE = "checkpoint"
MOST_SHARDS = 10_000
SLOTS = re.compile(
    r"(?:^|/)(?:\.OPTIMIZER_SLOT|_?optimizer(?!/_trainable_variables/)|OptimizeLoss|beta[12]_power|global_step|save_counter)(?:/|$)"
    r"|/(?:Adam(?:_1|W(?:eightDecayOptimizer)?(?:_1)?)?|adam_[mv]|Momentum|RMSProp(?:_1)?|Adagrad|Ftrl(?:_1)?|slot_v[cr]?|vr|vc|ExponentialMovingAverage)$"
)
NAMED = re.compile(r'^\s*(all_)?model_checkpoint_path(?:s)?: "([^"\n]{1,500})"\s*$', re.MULTILINE)
SETTLE = "Save the checkpoint again, or fetch all of its files again from one revision and compare digests."


@dataclass(slots=True)
class Entry:
    """Where a tensor is: dtype by number, shape, file, offset and size (bytes), and whether it is kept in slices."""

    kind: int = 0
    shape: tuple[int, ...] = ()
    shard: int = 0
    offset: int = 0
    size: int = 0
    sliced: bool = False


@dataclass(slots=True)
class Bundle:
    """What was read so far: how many files there are, tensors of the model and of its optimizer, ranges of bytes by file."""

    shards: int = 0
    model: Census = field(default_factory=Census)
    optimizer: Census = field(default_factory=Census)
    ranges: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict)


@detector(
    "tensorflow-checkpoint",
    wants=Wants(suffixes=(".index",), names=(STATE,)),
    formats=("tensorflow-checkpoint", "tensorflow-checkpoint-state"),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.CHECKPOINTS, Claim.REFERENCED),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def tensorflow_checkpoint(file: File) -> Iterator[Said]:
    """Read the index, never the numbers."""
    if is_pointer(file):
        return
    if file.name.casefold() == STATE:
        yield from _say_state(file)
        return
    if not is_table(file):
        return
    table, bundle, sightings, fault = Table(file), Bundle(), Sightings(file), None
    try:
        entries = table.read()
        key, header = next(entries, (b"-", b""))
        if key:
            return  # a table of something else: a checkpoint's header has an empty key
        _read_header(header, bundle)
        yield Format("tensorflow-checkpoint")
        for key, value in entries:
            _add(key, value, bundle, sightings)
    except Malformed as error:
        if not bundle.shards:
            raise
        fault = error
    yield from _say_weights(file, bundle)
    if fault is None:
        yield from _say_shards(file, bundle, sightings)
        _judge_table(table, sightings)
    yield from sightings.issues(SETTLE)
    if fault is not None:
        yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", span=Span(file.size, file.size, Unit.BYTES))
        raise fault


def _read_header(value: bytes, bundle: Bundle) -> None:
    """Read how many files there are; raises Malformed where there is none, or very many."""
    numbers = {item.number: item.value for item in read_fields(Window(InMemory(value)), 0, len(value))}
    bundle.shards = numbers.get(1, 0)
    if not 0 < bundle.shards <= MOST_SHARDS:
        raise Malformed(f"the index of a checkpoint of {bundle.shards} files")


def _add(key: bytes, value: bytes, bundle: Bundle, sightings: Sightings) -> None:
    """Take in one tensor; slices of a tensor have keys that are no text, and count as bytes only."""
    entry, name = _read_entry(value), key.decode("utf-8", "replace")
    counted = not key.startswith(b"\0") and entry.kind not in UNCOUNTED
    if counted:
        dtype = DTYPES.get(entry.kind, (f"type {entry.kind}",))[0]
        (bundle.optimizer if SLOTS.search(_plain(name)) else bundle.model).add(dtype, entry.shape)
    if entry.sliced:
        return
    bits = DTYPES.get(entry.kind, ("", 0))[1]
    if counted and bits and prod(entry.shape) * bits != 8 * entry.size:
        message = "shape and dtype need another number of bytes than a tensor has"
        sightings.add("tensorflow.size-mismatch", Severity.HIGH, message, printable(name))
    if entry.shard >= bundle.shards:
        message = "a tensor is said to be in a file that the checkpoint does not have"
        sightings.add("tensorflow.no-shard", Severity.HIGH, message, printable(name))
    else:
        bundle.ranges.setdefault(entry.shard, []).append((entry.offset, entry.offset + entry.size, printable(name)))


def _plain(name: str) -> str:
    """Leave out what version 2 adds to the name of a variable."""
    return name.removesuffix("/.ATTRIBUTES/VARIABLE_VALUE")


def _read_entry(value: bytes) -> Entry:
    window, entry = Window(InMemory(value)), Entry()
    for item in read_fields(window, 0, len(value)):
        match item.number:
            case 1:
                entry.kind = item.value
            case 2 if item.wire == BYTES:
                entry.shape = read_shape(window, item.start, item.end)
            case 3:
                entry.shard = item.value
            case 4:
                entry.offset = item.value
            case 5:
                entry.size = item.value
            case 7:
                entry.sliced = True
    if entry.offset + entry.size >= 1 << 63:
        raise TooLarge(f"a tensor that ends at byte {entry.offset + entry.size} of its file")
    return entry


def _say_weights(file: File, bundle: Bundle) -> Iterator[Found]:
    span = Span(0, file.size, Unit.BYTES)
    if bundle.model.parameters:
        role = role_of(file.path.removesuffix(".index"), (), "tensorflow-checkpoint")
        yield Found(role.component, Claim.PRESENT, role.value, span=span, details=bundle.model.weights("tensorflow-checkpoint"))
    if bundle.optimizer.parameters:
        details = bundle.optimizer.weights("tensorflow-checkpoint")
        yield Found(Component.CHECKPOINTS, Claim.PRESENT, "optimizer-state", span=span, details=details)


def _say_shards(file: File, bundle: Bundle, sightings: Sightings) -> Iterator[Found]:
    """Name every file of numbers, and the bytes it must have; hold the tensors in it against each other."""
    stem = file.name[: -len(".index")]
    component = Component.PARAMETERS if bundle.model.parameters or not bundle.optimizer.parameters else Component.CHECKPOINTS
    for shard in range(bundle.shards):
        last = 0
        for begin, end, name in sorted(bundle.ranges.get(shard, [])):
            if begin < last and begin < end:
                message = "tensors share bytes: writing one changes the other"
                sightings.add("tensorflow.overlap", Severity.HIGH, message, name)
            last = max(last, end)
        name = f"{stem}.data-{shard:05d}-of-{bundle.shards:05d}"
        stored = Stored(files=(find_beside(file.path, name),), size=last, whole=True)
        yield Found(component, Claim.REFERENCED, printable(name)[:500], details=stored)


def _judge_table(table: Table, sightings: Sightings) -> None:
    for begin, end in table.broken:
        sightings.add("tensorflow.checksum", Severity.MEDIUM, "a block of the index has a wrong checksum", span=(begin, end))
    for begin, end in table.gaps():
        message = "bytes of the index belong to none of its blocks"
        sightings.add("tensorflow.gap", Severity.MEDIUM, message, span=(begin, end))


def _say_state(file: File) -> Iterator[Said]:
    """Name the checkpoint that the text calls the last one."""
    text = file.head.decode("utf-8", "replace")
    if not text.lstrip().startswith("model_checkpoint_path:"):
        return
    yield Format("tensorflow-checkpoint-state")
    sightings = Sightings(file)
    for match in NAMED.finditer(text):
        line = text.count("\n", 0, match.start(2)) + 1
        if not match[1]:
            details = Reference(kind="file", target=printable(match[2]))
            span = Span(line, line)
            yield Found(Component.MODEL_METADATA, Claim.PRESENT, "last-checkpoint", span=span, details=details)
        elif leads_out(match[2]):
            message = "the text names a checkpoint outside of its directory, by a path of the machine that trained"
            sightings.add("tensorflow.checkpoint-elsewhere", Severity.NOTE, message, f"line {line}")
    yield from sightings.issues("Restore the checkpoint by its own name.")
