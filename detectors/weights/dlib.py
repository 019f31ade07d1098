"""dlib: networks and predictors of shapes, as dlib serializes them.

What it sees: files named `.dat`, or `.dat.bz2` as dlib publishes them, that begin with a version and the name of a loss layer (a network), or with a
version and a column of coordinates (a predictor of shapes).
What it says: parameters are present, and of which kind; nothing is counted.
What it cannot know: how many numbers there are, and whether the file is whole: numbers have no fixed width, so that all of it would have to
be read. Such a file is not called a whole model.
Source: dlib's `serialize.h` (numbers of a control byte and as many bytes as it says), `dnn/core.h` and `shape_predictor.h`.
"""

from collections.abc import Iterator

from inspector.archives.inflated import BZIP2, Inflated
from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Reference, Span, Unit, printable

LONGEST_NAME = 100
MOST_LANDMARKS = 10_000
NEWEST = 10
FIRST = 1024  # bytes of what is packed that are looked at


@detector(
    "dlib",
    wants=Wants(suffixes=(".dat", ".dat.bz2")),
    formats=("dlib",),
    emits={(Component.PARAMETERS, Claim.PRESENT), (Component.ARCHITECTURE, Claim.REFERENCED)},
)
def dlib(file: File) -> Iterator[Said]:
    """Read the first numbers."""
    try:
        kind = _kind(Inflated(file).look(FIRST) if file.head.startswith(BZIP2) else file.head)
    except Malformed:
        return
    if kind is None:
        return
    yield Format("dlib")
    span = Span(0, file.size, Unit.BYTES)
    yield Found(Component.PARAMETERS, Claim.PRESENT, "dlib", span=span)
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, f"dlib {printable(kind)}", details=Reference(kind="package", target="dlib"))


def _kind(head: bytes) -> str | None:
    version, at = _number(head, 0)
    if not 1 <= version <= NEWEST:
        return None
    first, at = _number(head, at)
    if 5 <= first <= LONGEST_NAME and head[at : at + 5] == b"loss_":
        name = head[at : at + first]
        return name.rstrip(b"_").decode() if len(name) == first and name.isascii() and name.replace(b"_", b"").isalnum() else None
    second, at = _number(head, at)
    mantissa, at = _number(head, at)
    exponent, _ = _number(head, at)
    is_shape = first < 0 and first % 2 == 0 and -first <= 2 * MOST_LANDMARKS and second == -1
    return f"shape_predictor {-first // 2} landmarks" if is_shape and abs(mantissa) < 2**24 and -64 <= exponent <= 64 else None


def _number(head: bytes, at: int) -> tuple[int, int]:
    """Read a number: a control byte with a sign and a length, and as many bytes; says where the next one begins."""
    if at >= len(head) or head[at] & 0x70 or not 1 <= (length := head[at] & 0x0F) <= 8 or at + 1 + length > len(head):
        raise Malformed("no number of dlib")
    value = int.from_bytes(head[at + 1 : at + 1 + length], "little")
    return (-value if head[at] & 0x80 else value), at + 1 + length
