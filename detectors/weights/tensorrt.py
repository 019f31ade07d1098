"""TensorRT: engines that were built for one kind of device.

What it sees: files that begin with the mark of an engine, also behind the JSON that Ultralytics writes before it.
What it says: parameters are present in a form that nobody can read or change: built from other weights, for one device and one version; the
metadata before the engine, with the licence in it.
What it cannot know: everything inside, which is not documented. Such a file is never the preferred form for changes.
Source: Ultralytics' exporter for the JSON; the first bytes of engines for the mark.
"""

from collections.abc import Iterator

import msgspec

from inspector.bundle import File
from inspector.decoding import decode_json
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.licensing.metadata_terms import declare_metadata
from inspector.model import Claim, Component, Reference, Severity, Span, Unit, printable
from inspector.sightings import Sightings

MARKS = (b"ptrt", b"ftrt")
LONGEST_METADATA = 1 << 20  # bytes
LONGEST_HEADER = 4
SETTLE = "Ask for the weights that the engine was built from; they are what can be changed."


@detector(
    "tensorrt",
    wants=Wants(suffixes=(".engine", ".plan", ".trt"), magic=tuple(map(Magic, MARKS))),
    formats=("tensorrt",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.LICENSED),
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.ARCHITECTURE, Claim.REFERENCED),
    },
)
def tensorrt(file: File) -> Iterator[Said]:
    """Look at the mark, and at the metadata before it."""
    start = _find_mark(file)
    if start is None:
        return
    yield Format("tensorrt")
    span = Span(start, file.size, Unit.BYTES)
    yield Found(Component.PARAMETERS, Claim.PRESENT, "tensorrt", span=span)
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, "tensorrt", span=span, details=Reference(kind="package", target="tensorrt"))
    sightings = Sightings(file)
    message = "an engine: built for one device from other weights, in a form that cannot be read or changed"
    sightings.add("tensorrt.opaque", Severity.LOW, message, span=(start, min(start + 24, file.size)))
    if start:
        yield from _say_metadata(file.read(LONGEST_HEADER, start - LONGEST_HEADER))
    yield from sightings.issues(SETTLE)


def _find_mark(file: File) -> int | None:
    head = file.head
    if head.startswith(MARKS):
        return 0
    length = int.from_bytes(head[:LONGEST_HEADER], "little")
    if head[4:5] != b"{" or not 2 <= length <= LONGEST_METADATA or length + 8 > file.size:
        return None
    return length + LONGEST_HEADER if file.read(length + LONGEST_HEADER, 4) in MARKS else None


def _say_metadata(data: bytes) -> Iterator[Said]:
    try:
        values = decode_json(data, dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    texts = {key[:200]: value for key, value in values.items() if isinstance(value, str)}
    yield from declare_metadata(texts)
    if description := texts.get("description", "").strip():
        details = Reference(kind="name", target=printable(description[:300]))
        yield Found(Component.PARAMETERS, Claim.REFERENCED, printable(description[:200]), pointer="description", details=details)
