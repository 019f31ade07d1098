"""TensorFlow.js: a model in JSON, with a manifest of the files that hold its numbers.

What it sees: JSON files whose first key is one of the format's and that hold a `weightsManifest`; manifests alone.
What it says: parameters are present, their tensors by dtype as they are stored and by shape; which files must be beside, and how many bytes
they have together; the tool that converted it; code and foreign modules in the configuration of layers; names that stand twice.
What it cannot know: how long texts among the tensors are. No number is read.
Source: TensorFlow.js' `io/types.ts` and `weights_loader.ts`, and the converter's description of its output.
"""

import re
from collections.abc import Iterator
from math import prod

import msgspec

from inspector.beside import find_beside, leads_out
from inspector.bundle import File
from inspector.decoding import decode_json
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.model import Claim, Component, Severity, Span, Stored, Unit, printable
from inspector.serialization.json_events import InMemory, read_json_events
from inspector.sightings import Sightings
from inspector.weights.census import Census
from inspector.weights.keras_config import judge_config
from inspector.weights.role import role_of

KEYS = rb'"(?:format|modelTopology|weightsManifest|generatedBy|convertedBy|signature|userDefinedMetadata|trainingConfig)"\s*:'
OBJECT = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*" + KEYS)
LIST = re.compile(rb'(?:\xef\xbb\xbf)?\s*\[\s*\{\s*"(?:paths|weights)"\s*:\s*\[')
LARGEST = 16 * 2**20  # bytes
MOST_TENSORS, MOST_FILES, MOST_DIMENSIONS = 50_000, 10_000, 64
# The name of a dtype as it is written, and how many bytes an element has.
DTYPES = {
    "float32": ("F32", 4), "float16": ("F16", 2), "int32": ("I32", 4), "uint8": ("U8", 1), "uint16": ("U16", 2), "bool": ("BOOL", 1),
    "complex64": ("C64", 8),
}  # fmt: skip
SETTLE = "Convert the model again, or fetch all of its files again from one revision."


class Quantization(msgspec.Struct):
    """How numbers are packed: the dtype in the file."""

    dtype: str = ""


class Tensor(msgspec.Struct):
    """A tensor of the manifest."""

    name: str
    shape: list[int]
    dtype: str
    quantization: Quantization | None = None


class Group(msgspec.Struct):
    """Tensors that stand one after the other in some files."""

    weights: list[Tensor] = []
    paths: list[str] = []


class Model(msgspec.Struct):
    """What is needed of a model."""

    weightsManifest: list[Group] | None = None  # noqa: N815  the format's own name
    format: str | None = None
    generatedBy: str | None = None  # noqa: N815  the format's own name
    convertedBy: str | None = None  # noqa: N815  the format's own name


@detector(
    "tensorflow-js",
    wants=Wants(suffixes=(".json",)),
    formats=("tensorflow-js",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def tensorflow_js(file: File) -> Iterator[Said]:
    """Read the manifest, and skip the graph."""
    alone = LIST.match(file.head) is not None
    if not alone and OBJECT.match(file.head) is None:
        return
    data = file.whole(LARGEST) if file.size <= LARGEST else b""
    if not alone and data and b'"weightsManifest"' not in data:
        return
    yield Format("tensorflow-js")
    if not data:
        raise TooLarge(f"{file.size} bytes, the limit for a model in JSON is {LARGEST}")
    if data.count(b'"dtype"') > 2 * MOST_TENSORS + MOST_FILES:
        raise TooLarge(f"more than {MOST_TENSORS} tensors")
    model = _decode(data, alone=alone)
    sightings, census, names = Sightings(file), Census(), set[str]()
    for number, group in enumerate(model.weightsManifest or []):
        size = _read_group(group, number, census, names, sightings)
        yield from _say_files(file, group, size, number, sightings)
    if census.parameters:
        role, details = role_of(file.path, (), "tensorflow-js"), census.weights("tensorflow-js", filter(None, [model.format]))
        yield Found(role.component, Claim.PRESENT, role.value, span=Span(0, file.size, Unit.BYTES), details=details)
    else:
        sightings.add("tensorflow-js.no-tensors", Severity.LOW, "a model without a single tensor element", "/weightsManifest")
    for pointer, said in (("/generatedBy", model.generatedBy), ("/convertedBy", model.convertedBy)):
        if said and said.strip():
            yield Found(Component.MODEL_METADATA, Claim.PRESENT, "producer", pointer=pointer, excerpt=printable(said.strip())[:200])
    if model.format == "layers-model":
        judge_config(read_json_events(InMemory(data)), sightings, 0)
    yield from sightings.issues(SETTLE)


def _decode(data: bytes, *, alone: bool) -> Model:
    try:
        if alone:
            return Model(decode_json(data.removeprefix(b"\xef\xbb\xbf"), list[Group]))
        return decode_json(data.removeprefix(b"\xef\xbb\xbf"), Model)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"no model of TensorFlow.js: {str(error)[:200]}") from error


def _read_group(group: Group, number: int, census: Census, names: set[str], sightings: Sightings) -> int | None:
    """Count the tensors of a group, and their bytes; `None` when one of them has a size that nobody can know."""
    total: int | None = 0
    for tensor in group.weights:
        if len(names) >= MOST_TENSORS or len(tensor.shape) > MOST_DIMENSIONS or any(size < 0 for size in tensor.shape):
            raise Malformed(f"more than {MOST_TENSORS} tensors, or a tensor of no shape: {printable(tensor.name)[:100]}")
        if tensor.name in names:
            message = "two tensors have the same name: which of them counts depends on the reader"
            sightings.add("tensorflow-js.duplicate-tensor", Severity.HIGH, message, printable(tensor.name))
        names.add(tensor.name)
        written = (tensor.quantization.dtype if tensor.quantization else "") or tensor.dtype
        dtype, width = DTYPES.get(written, (printable(written)[:32], 0))
        if written != "string":
            census.add(dtype, tuple(tensor.shape))
        if not width and written != "string":
            message = f"the dtype {dtype!r} is not in the format"
            sightings.add("tensorflow-js.unknown-dtype", Severity.LOW, message, f"/weightsManifest/{number}")
        total = None if total is None or not width else total + prod(tensor.shape) * width
    return total


def _say_files(file: File, group: Group, size: int | None, number: int, sightings: Sightings) -> Iterator[Found]:
    """Name the files of a group, and the bytes that they have together."""
    pointer = f"/weightsManifest/{number}/paths"
    if any(leads_out(path) for path in group.paths) or len(group.paths) > MOST_FILES:
        message = "the manifest names a file outside of the model's directory, or very many"
        sightings.add("tensorflow-js.path-outside", Severity.HIGH, message, pointer)
        return
    if (size is not None and size >= 1 << 63) or not group.paths:
        return
    files = tuple(find_beside(file.path, path) for path in group.paths)
    stored = Stored(files=files, size=size or 0, whole=size is not None)
    yield Found(Component.PARAMETERS, Claim.REFERENCED, printable(group.paths[0])[:500], pointer=pointer, details=stored)
