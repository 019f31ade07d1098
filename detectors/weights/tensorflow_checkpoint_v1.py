"""TensorFlow checkpoints of the first version: one file that is index and numbers at once.

What it sees: files that end as a table does and begin with a table of contents of tensors, named `.ckpt` or with `ckpt` in their name.
What it says: parameters are present, their tensors by dtype and shape, and the state of an optimizer apart from them; files that end before
their footer; bytes that belong to no block.
What it cannot know: whether the numbers behind the table of contents are those of its tensors. No number is read.
Source: TensorFlow's `saved_tensor_slice.proto`; LevelDB's description of its table format.
"""

from collections.abc import Iterator

from detectors.weights.tensorflow_checkpoint import SETTLE, SLOTS
from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Severity, Span, Unit
from inspector.serialization.json_events import InMemory
from inspector.serialization.protobuf import BYTES, Field, Window, read_fields
from inspector.serialization.table_file import Table, is_table
from inspector.sightings import Sightings
from inspector.weights.census import Census
from inspector.weights.role import role_of
from inspector.weights.tensorflow_graph import DTYPES, UNCOUNTED, read_shape

FORMAT = "tensorflow-checkpoint-v1"
BEGIN = b"\0\0"  # the first key shares nothing with the one before, and is empty
LARGEST_CONTENTS = 8 * 2**20  # bytes
MOST_TENSORS = 200_000


@detector(
    FORMAT,
    wants=Wants(suffixes=(".ckpt",), globs=("*ckpt*",)),
    formats=(FORMAT,),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def tensorflow_checkpoint_v1(file: File) -> Iterator[Said]:
    """Read the table of contents, never the numbers."""
    if is_pointer(file) or file.suffix == ".index":
        return
    if not is_table(file):
        if file.head.startswith(BEGIN) and _begins(file.head):
            yield Format(FORMAT)
            yield Found(Component.PARAMETERS, Claim.MISSING, "truncated", span=Span(file.size, file.size, Unit.BYTES))
            raise Malformed("truncated: it begins as a checkpoint of TensorFlow's first version, and has no footer")
        return
    table, sightings = Table(file), Sightings(file)
    key, value = table.first(LARGEST_CONTENTS)
    window = Window(InMemory(value))
    contents = [item for item in read_fields(window, 0, len(value)) if item.number == 1 and item.wire == BYTES]
    if key or not contents:
        return  # a table of something else, or the index of a later version
    yield Format(FORMAT)
    model, optimizer = Census(), Census()
    _count(window, contents[0], model, optimizer)
    span = Span(0, file.size, Unit.BYTES)
    if model.parameters:
        role = role_of(file.path, (), FORMAT)
        yield Found(role.component, Claim.PRESENT, role.value, span=span, details=model.weights(FORMAT))
    if optimizer.parameters:
        yield Found(Component.CHECKPOINTS, Claim.PRESENT, "optimizer-state", span=span, details=optimizer.weights(FORMAT))
    for begin, end in table.gaps():
        message = "bytes of the checkpoint belong to none of its blocks"
        sightings.add("tensorflow.gap", Severity.MEDIUM, message, span=(begin, end))
    yield from sightings.issues(SETTLE)


def _begins(head: bytes) -> bool:
    """Say whether a table of contents follows the length of the first value: a message, whose first tensor has a name of letters."""
    at = 2
    while at < min(len(head), 8) and head[at] >= 0x80:
        at += 1
    body = head[at + 1 : at + 64]
    name = body.find(b"\x0a", 3)
    return body.startswith(b"\x0a") and 0 < name < 16 and body[name + 2 : name + 6].decode("latin-1").isidentifier()


def _count(window: Window, contents: Field, model: Census, optimizer: Census) -> None:
    for tensor in read_fields(window, contents.start, contents.end):
        if tensor.number != 1 or tensor.wire != BYTES:
            continue
        if model.tensors + optimizer.tensors >= MOST_TENSORS:
            raise Malformed(f"a checkpoint of more than {MOST_TENSORS} tensors")
        name, shape, kind = "", tuple[int, ...](), 0
        for item in read_fields(window, tensor.start, tensor.end):
            if item.number == 1 and item.wire == BYTES:
                name = window.text(item, 300)
            elif item.number == 2 and item.wire == BYTES:
                shape = read_shape(window, item.start, item.end)
            elif item.number == 3:
                kind = item.value
        if kind not in UNCOUNTED:
            (optimizer if SLOTS.search(name) else model).add(DTYPES.get(kind, (f"type {kind}",))[0], shape)
