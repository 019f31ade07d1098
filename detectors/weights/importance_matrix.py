"""Importance matrices: what llama.cpp measured of a model before it was quantised, in the form before GGUF.

What it sees: files named `imatrix` or `.imatrix` that hold counted entries of a tensor's name and its sums.
What it says: there is an importance matrix, of how many tensors; the file of texts that it was measured on, as far as it is written there.
What it cannot know: whether a quantised model beside it was made with it.
Source: llama.cpp's `imatrix` example, which writes it.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Severity, Span, Unit, printable
from inspector.serialization.stream import Stream
from inspector.sightings import Sightings
from inspector.weights.census import Census

FORMAT = "importance-matrix"
MOST_ENTRIES, LONGEST_NAME, LONGEST_PATH = 100_000, 256, 4096
SETTLE = "Fetch the file again from its origin and compare digests."


@detector(
    FORMAT,
    wants=Wants(suffixes=(".imatrix",), globs=("*imatrix*.dat",)),
    formats=(FORMAT,),
    emits={(Component.MODEL_METADATA, Claim.PRESENT)},
)
def importance_matrix(file: File) -> Iterator[Said]:
    """Walk the entries, and skip their sums."""
    count = int.from_bytes(file.head[:4], "little")
    length = int.from_bytes(file.head[4:8], "little")
    name = file.head[8 : 8 + length]
    if is_pointer(file) or not 0 < count <= MOST_ENTRIES or not 0 < length <= LONGEST_NAME or not (name.isascii() and b"." in name):
        return
    yield Format(FORMAT)
    stream, census, fault = Stream(file.read, file.size), Census(), None
    try:
        _read(stream, census)
    except Malformed as error:
        fault = error
    span = Span(0, min(stream.position, file.size), Unit.BYTES)
    if census.tensors:
        yield Found(Component.MODEL_METADATA, Claim.PRESENT, FORMAT, span=span, details=census.weights(FORMAT))
    if fault is not None:
        raise fault
    yield from _say_rest(file, stream)


def _read(stream: Stream, census: Census) -> None:
    for _ in range(_number(stream)):
        length = _number(stream)
        if not 0 < length <= LONGEST_NAME:
            raise Malformed(f"a name of {length} bytes before byte {stream.position}")
        stream.skip(length)
        _number(stream)
        values = _number(stream)
        stream.skip(4 * values)
        census.add("F32", (values,))


def _number(stream: Stream) -> int:
    number = int.from_bytes(stream.take(4), "little", signed=True)
    if number < 0:
        raise Malformed(f"a number below zero before byte {stream.position}")
    return number


def _say_rest(file: File, stream: Stream) -> Iterator[Said]:
    """Read what newer writers add: the last batch, and the path of the texts."""
    sightings = Sightings(file)
    if stream.left >= 8:
        _number(stream)
        length, start = _number(stream), stream.position
        if 0 < length <= min(stream.left, LONGEST_PATH):
            shown = printable(stream.take(length).decode("utf-8", "replace"))[:200]
            span = Span(start, start + length, Unit.BYTES)
            yield Found(Component.MODEL_METADATA, Claim.PRESENT, "calibration-data", span=span, excerpt=shown)
    if stream.left:
        message = f"{stream.left} bytes behind the last entry belong to none"
        sightings.add("importance-matrix.trailing-bytes", Severity.MEDIUM, message, span=(stream.position, file.size))
    yield from sightings.issues(SETTLE)
