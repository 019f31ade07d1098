"""RKNN: models that were compiled for Rockchip's devices.

What it sees: files that begin with the marks of RKNN's containers, encrypted ones too.
What it says: parameters are present in a form that was compiled from other weights; the JSON at the end of a container, with the platform it
is for, the version of the compiler and the name of the model; containers that are encrypted, or shorter than their header says.
What it cannot know: how many weights there are, since their layout is not documented.
Source: the containers that RKNN's toolkits write, by their marks and lengths.
"""

from collections.abc import Iterator

import msgspec

from inspector.bundle import File
from inspector.decoding import decode_json
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.licensing.metadata_terms import declare_metadata
from inspector.model import Claim, Component, Reference, Severity, Span, Unit, printable
from inspector.sightings import Sightings

CONTAINER, ENCRYPTED = b"RKNN\0\0\0\0", b"CYPTRKNN"
NEWER = (b"RKNX",)
VERSIONS = (0, 0x10)
LATER_HEADER = 40  # bytes more in the header of versions after the first
LARGEST_JSON = 32 * 2**20
NAMED = ("target_platform", "network_platform", "version", "compiler", "name", "generator", "ori_network_platform")
SETTLE = "Ask for the weights that the model was compiled from; they are what can be changed."


@detector(
    "rknn",
    wants=Wants(suffixes=(".rknn",), magic=(Magic(CONTAINER), Magic(ENCRYPTED), *map(Magic, NEWER))),
    formats=("rknn",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.LICENSED),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.ARCHITECTURE, Claim.REFERENCED),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def rknn(file: File) -> Iterator[Said]:
    """Look at the mark, and at the JSON behind the compiled model."""
    if not file.head.startswith((CONTAINER, ENCRYPTED, *NEWER)):
        return
    yield Format("rknn")
    sightings, span = Sightings(file), Span(0, file.size, Unit.BYTES)
    yield Found(Component.PARAMETERS, Claim.PRESENT, "rknn", span=span)
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, "rknn", span=span, details=Reference(kind="package", target="rknn-toolkit2"))
    message = "a model that was compiled for one family of devices from other weights: it cannot be changed"
    sightings.add("rknn.opaque", Severity.LOW, message, span=(0, 8))
    if file.head.startswith(ENCRYPTED):
        sightings.add("rknn.encrypted", Severity.HIGH, "the model is encrypted: nothing in it can be inspected", span=(0, 8))
    yield from sightings.issues(SETTLE)
    if file.head.startswith(CONTAINER):
        yield from _say_json(file)


def _say_json(file: File) -> Iterator[Said]:
    version, size = (int.from_bytes(file.read(at, 8), "little") for at in (8, 16))
    if version >> 8 not in VERSIONS:
        raise Malformed(f"a container of RKNN of version {version}, which is not known")
    start = 24 + (LATER_HEADER if version & 0xFF > 1 and size else 0) + size
    if start + 8 > file.size:
        yield Found(Component.PARAMETERS, Claim.MISSING, "truncated", span=Span(file.size, file.size, Unit.BYTES))
        raise Malformed(f"truncated: its model ends at byte {start}, the file has {file.size}")
    length = int.from_bytes(file.read(start, 8), "little")
    if length > LARGEST_JSON or start + 8 + length > file.size:
        raise Malformed(f"truncated: a description of {length} bytes at byte {start + 8}, the file has {file.size}")
    try:
        values = decode_json(file.read(start + 8, length), dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"the description is no JSON: {str(error)[:100]}") from error
    texts = {key[:200]: value for key, value in values.items() if isinstance(value, str)}
    span = Span(start + 8, start + 8 + length, Unit.BYTES)
    excerpt = ", ".join(f"{key} {printable(texts[key])}" for key in NAMED if key in texts)[:200]
    yield Found(Component.MODEL_METADATA, Claim.PRESENT, "rknn", span=span, excerpt=excerpt or None)
    yield from declare_metadata(texts)
