"""ONNX: models as one Protocol Buffers message, with tensors inside or in files beside.

What it sees: files named `.onnx`, and files of any name that begin with a version of the format and hold a graph.
What it says: parameters are present: the tensors of graphs, nodes, functions and training, by their headers; numbers that live in files
beside, and how long these must be; the licence and other terms in the metadata; the tool that wrote it; operators that need other code;
sizes, names and places that contradict each other, and fields that readers ignore.
What it cannot know: what the graph computes. No tensor is read.
Source: ONNX's `onnx.proto` and "External data"; the domains of ONNX and of its reference runtime.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import prod

from inspector.beside import find_beside, leads_out
from inspector.bundle import File
from inspector.detector import Declared, Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.licensing.metadata_terms import declare_metadata
from inspector.model import Claim, Component, Severity, Span, Stored, Unit, printable
from inspector.serialization.protobuf import BYTES, Window, read_fields
from inspector.sightings import Sightings
from inspector.weights.onnx_model import DTYPES, GRAPH, KNOWN, OnnxModel, TensorInfo
from inspector.weights.role import role_of

SUFFIXES = (".onnx",)
MAGIC = tuple(Magic(bytes((8, version, tag))) for version in range(1, 17) for tag in (0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42))
MOST_HEADS = 10_000
OWN = ("ai.onnx", "com.microsoft", "com.ms")
LARGEST_GAP = 1 << 16  # bytes: tensors in files beside begin at multiples of a page
SETTLE = "Export the model again, or fetch it again from its origin with the files beside it and compare digests."


@dataclass(slots=True)
class Beside:
    """The ranges of a file beside that tensors take (bytes), with the tensor's name."""

    ranges: list[tuple[int, int, str]] = field(default_factory=list)


@detector(
    "onnx",
    wants=Wants(suffixes=SUFFIXES, magic=MAGIC),
    formats=("onnx",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.PARAMETERS, Claim.LICENSED),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def onnx(file: File) -> Iterator[Said]:
    """Walk the fields, never a tensor's numbers."""
    if not _is_model(file):
        return
    yield Format("onnx")
    sightings, beside, fault = Sightings(file), dict[str, Beside](), None
    model = OnnxModel(Window(file), lambda tensor: _judge_tensor(tensor, sightings, beside))
    try:
        model.read(file.size)
    except Malformed as error:
        fault = error
    yield from _say_weights(file, model, sightings)
    yield from _say_metadata(model)
    _judge_model(model, sightings)
    yield from _say_beside(file, beside, sightings)
    yield from sightings.issues(SETTLE)
    if fault is not None:
        yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", span=Span(file.size, file.size, Unit.BYTES))
        raise fault


def _is_model(file: File) -> bool:
    """Look for a graph among the fields of the outermost message.

    Raises Malformed when the name promises a model and the content is nothing of the kind.
    """
    promised = file.suffix in SUFFIXES
    if is_pointer(file):
        return False
    try:
        for number, item in enumerate(read_fields(Window(file), 0, file.size)):
            if item.number == GRAPH and item.wire == BYTES:
                return True
            if (item.number not in KNOWN and not promised) or number > MOST_HEADS:
                break
    except Malformed:
        if promised and file.head.startswith(b"\x08"):
            return True  # the walk says where it breaks
    if promised:
        raise Malformed(f"no ONNX model: it has {file.size} bytes and begins with {file.head[:16]!r}")
    return False


def _judge_tensor(tensor: TensorInfo, sightings: Sightings, beside: dict[str, Beside]) -> None:
    name, bits = tensor.name, DTYPES.get(tensor.kind, ("", 0))[1]
    span, elements = (tensor.start, tensor.end), prod(tensor.shape)
    needed = -(-elements * bits // 8) if bits else None
    if tensor.kind not in DTYPES:
        sightings.add("onnx.unknown-dtype", Severity.LOW, f"the dtype {tensor.kind} is not in the format", name, span)
    if tensor.outside:
        _place(tensor, needed, sightings, beside)
        return
    wrong = tensor.raw is not None and needed is not None and tensor.raw != needed
    halves = 2 if tensor.kind in {14, 15} else 1  # complex numbers are written as two
    if wrong or (tensor.raw is None and tensor.numbers is not None and tensor.numbers != elements * halves):
        message = "shape and dtype need another number of bytes than a tensor has"
        sightings.add("onnx.size-mismatch", Severity.HIGH, message, name, span)
    if tensor.place:
        message = "a tensor names a file beside and does not say that it is there: which of them counts depends on the reader"
        sightings.add("onnx.two-places", Severity.MEDIUM, message, name, span)


def _place(tensor: TensorInfo, needed: int | None, sightings: Sightings, beside: dict[str, Beside]) -> None:
    """Note the range that a tensor takes in a file beside."""
    name, span, location = tensor.name, (tensor.start, tensor.end), tensor.place.get("location", "")
    if leads_out(location):
        message = f"a tensor lives in a file outside of the model's directory: {printable(location[:200])!r}"
        sightings.add("onnx.external-outside", Severity.HIGH, message, name, span)
        return
    numbers = [tensor.place.get(key, "") for key in ("offset", "length")]
    if any(text and not (text.isascii() and text.isdigit() and len(text) < 19) for text in numbers):
        sightings.add("onnx.external-range", Severity.HIGH, "the place of a tensor in a file beside is no number", name, span)
        return
    offset, length = int(numbers[0] or 0), int(numbers[1]) if numbers[1] else needed
    if needed is not None and length != needed:
        message = "shape and dtype need another number of bytes than a tensor has in the file beside"
        sightings.add("onnx.size-mismatch", Severity.HIGH, message, name, span)
    beside.setdefault(location, Beside()).ranges.append((offset, offset + (length or 0), name))


def _say_weights(file: File, model: OnnxModel, sightings: Sightings) -> Iterator[Found]:
    span = Span(*(model.graph or (0, 0)), Unit.BYTES)
    if model.census.parameters:
        role = role_of(file.path, (), "onnx")
        yield Found(role.component, Claim.PRESENT, role.value, span=span, details=model.census.weights("onnx", model.metadata))
    else:
        sightings.add("onnx.no-tensors", Severity.LOW, "an ONNX model without a single tensor element", span=(span.start, span.end))


def _say_metadata(model: OnnxModel) -> Iterator[Said]:
    values = {key: said.text for key, said in model.metadata.items()}
    values |= {key: said.text for key, said in model.texts.items() if "description" in key}
    places = {**model.texts, **model.metadata}
    for declared in declare_metadata(values):
        yield _placed(declared, places.get(declared.pointer or ""))
    if (producer := model.texts.get("producer")) and producer.text:
        version = model.texts.get("version")
        shown = printable(" ".join(filter(None, (producer.text, version.text if version else ""))))[:200]
        yield Found(Component.MODEL_METADATA, Claim.PRESENT, "producer", span=Span(producer.start, producer.end, Unit.BYTES), excerpt=shown)


def _placed(declared: Declared, said: "tuple[str, int, int] | None") -> Declared:
    return declared if said is None else replace(declared, span=Span(said[1], said[2], Unit.BYTES))


def _judge_model(model: OnnxModel, sightings: Sightings) -> None:
    for tensor in model.duplicates:
        message = "two tensors of a graph have the same name: which of them counts depends on the reader"
        sightings.add("onnx.duplicate-tensor", Severity.HIGH, message, tensor.name, (tensor.start, tensor.end))
    for (domain, operator), byte in sorted(model.operators.items()):
        if not any(domain == own or domain.startswith(f"{own}.") for own in OWN) and (domain, operator) not in model.functions:
            message = "operators that the model does not define: their library has to be loaded, and trusted, to run it"
            sightings.add("onnx.custom-operator", Severity.MEDIUM, message, f"{domain}::{operator}", (byte, byte))
    for item in model.unknown:
        message = "fields that are not in the format, and that readers ignore: they can hold anything"
        sightings.add("onnx.unknown-field", Severity.MEDIUM, message, f"field {item.number}", (item.start, item.end))


def _say_beside(file: File, beside: dict[str, Beside], sightings: Sightings) -> Iterator[Found]:
    """Name each file beside and the number of bytes it must have, and hold its ranges against each other."""
    for location, found in sorted(beside.items()):
        found.ranges.sort()
        last = (0, 0)
        for begin, end, name in found.ranges:
            if begin < last[1] and (begin, end) != last and begin != end:
                message = "tensors share bytes of a file beside: writing one changes the other"
                sightings.add("onnx.external-overlap", Severity.HIGH, message, name)
            elif begin - last[1] > LARGEST_GAP:
                message = f"bytes of a file beside belong to no tensor: {printable(location)}"
                sightings.add("onnx.external-gap", Severity.LOW, message, name)
            last = max(last, (begin, end), key=lambda part: part[1])
        target = find_beside(file.path, location)
        yield Found(Component.PARAMETERS, Claim.REFERENCED, location[:500], details=Stored(files=(target,), size=last[1]))
