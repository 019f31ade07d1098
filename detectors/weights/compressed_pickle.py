"""Compressed pickles: what joblib writes when it compresses, and pickles packed with gzip and its like.

What it sees: files that begin with the magic number of zlib, gzip, bzip2, xz, lzma or LZ4 and inflate to a pickle, under any name.
What it says: parameters are present where arrays are described; every global that weights do not need, and the classes of estimators by
library; what follows the pickle inside and outside of what is compressed. At most 512 MiB are inflated, 64 MiB of LZ4, in small pieces.
What it cannot know: what an object is for; arrays in a file whose name says data, labels or vocabulary are not called parameters. Nothing
is unpickled. Spans are those of the whole file; places of globals are bytes of what was inflated.
Source: joblib's `numpy_pickle` and `compressor`; Python's `pickletools`.
"""

import re
from collections.abc import Iterator

from inspector.archives.held import Held
from inspector.archives.inflated import METHODS, Inflated, name_method
from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Severity, Span, Unit
from inspector.pickles.hidden import find_hidden
from inspector.pickles.opcodes import Listing, list_pickle
from inspector.sightings import Sightings
from inspector.weights.pickled import count_tensors, find_estimators, is_data_name, judge_globals
from inspector.weights.role import role_by_name, role_of

PROTOCOL = re.compile(rb"\x80[\x02-\x05]")
NAMES = frozenset({".joblib", ".pkl", ".pickle"})
FEW = 16  # opcodes that other content hardly begins with
INSIDE = "(inflated)"
PIECE, LARGEST_REST = 1 << 20, 16 * 2**20  # bytes that are inflated at once, and those among which other pickles are looked for
SETTLE = "Save the model again as safetensors or skops, or fetch the file again from its origin and compare digests."


@detector(
    "compressed-pickle",
    wants=Wants(magic=tuple(Magic(magic) for _, magics, _ in METHODS for magic in magics)),
    formats=("compressed-pickle",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.REFERENCED),
    },
)
def compressed_pickle(file: File) -> Iterator[Said]:
    """Inflate forward and follow the opcodes as they come."""
    if name_method(file.head) is None or not _begins_pickle(stream := Inflated(file)):
        return
    listing = list_pickle(stream)
    if listing.fault and not listing.globals and listing.opcodes <= FEW and file.suffix not in NAMES:
        return
    yield Format("compressed-pickle")
    yield from judge_globals(file, [(listing, INSIDE)])
    weights = list(_say_weights(file, listing))
    yield from weights
    yield from (_whole(item, file) for item in find_estimators([listing]))
    if listing.fault:
        if any(item.component is Component.PARAMETERS for item in weights):
            yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", span=Span(file.size, file.size, Unit.BYTES))
        raise Malformed(listing.fault)
    yield from _judge_end(file, stream)


def _begins_pickle(stream: Inflated) -> bool:
    try:
        return PROTOCOL.match(stream.look(2)) is not None
    except Malformed:
        return False


def _whole(item: Found, file: File) -> Found:
    """Give the file as the place: bytes of what was inflated are none of the file's."""
    return Found(item.component, item.claim, item.value, span=Span(0, file.size, Unit.BYTES), pointer=item.pointer, details=item.details)


def _say_weights(file: File, listing: Listing) -> Iterator[Found]:
    census, named = count_tensors([listing]), role_by_name(file.path)
    if named is None and (not census.parameters or is_data_name(file.path)):
        return
    role = named or role_of(file.path, listing.names, "compressed-pickle")
    details = census.weights("compressed-pickle")
    yield Found(role.component, Claim.PRESENT, role.value, span=Span(0, file.size, Unit.BYTES), details=details)


def _judge_end(file: File, stream: Inflated) -> Iterator[Said]:
    """Look at what follows the pickle where it is compressed, and behind that."""
    sightings = Sightings(file)
    if not stream.ended:
        message = "bytes follow the pickle, inside of what is compressed, that belong to nothing"
        sightings.add("compressed-pickle.trailing-bytes", Severity.MEDIUM, message)
        yield from sightings.issues(SETTLE)
        rest = Held(file, INSIDE, stream.look(LARGEST_REST))
        yield from judge_globals(file, [(listing, INSIDE) for listing in find_hidden(rest, 0, rest.size)])
        while not stream.ended:  # whether the rest is whole shows at its end alone
            stream.take(min(PIECE, len(stream.look(PIECE))))
        return
    if stream.read_to < file.size:
        message = f"{file.size - stream.read_to} bytes follow what is compressed"
        sightings.add("compressed-pickle.trailing-bytes", Severity.MEDIUM, message, span=(stream.read_to, file.size))
    yield from sightings.issues(SETTLE)
