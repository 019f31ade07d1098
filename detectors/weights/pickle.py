"""Pickles: torch's files before version 1.6, and pickled arrays and objects.

What it sees: files that begin with a pickle's protocol mark, under any name; of files without one those that are a whole pickle, by their
suffix or since they name a global, and those that would call something that acts before they break.
What it says: parameters are present where tensors or arrays are described (or an adapter, or training state); every global that weights do
not need, and the calls that would be made; the classes of estimators that it is made of, by library; pickles behind others, also with
other bytes between; where a stream breaks, or bytes follow that belong to nothing.
What it cannot know: what an object is for; arrays in a file whose name says data, labels or vocabulary are not called parameters. Nothing
is unpickled.
Source: Python's `pickletools`; torch's `serialization` for the legacy stream of five pickles and raw storages.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Severity, Span, Unit
from inspector.pickles.hidden import STARTS, find_hidden, is_unmarked_pickle, list_stacked, names_acting
from inspector.pickles.opcodes import Listing
from inspector.serialization.stream import Stream
from inspector.sightings import Sightings
from inspector.weights.pickled import byte_size, count_tensors, find_estimators, is_data_name, judge_globals
from inspector.weights.role import role_by_name, role_of

NAMES = (".pkl", ".pickle", ".joblib", ".pt", ".pth", ".bin", ".ckpt")
LEGACY = re.compile(rb"\x80[\x02-\x05]\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\.")
LEGACY_PICKLES = 5
MOST_PICKLES = 64
PROTOCOL = re.compile(rb"\x80[\x00-\x05]")
SETTLE = "Save the model again as safetensors, or fetch the file again from its origin and compare digests."


@detector(
    "pickle",
    wants=Wants(
        suffixes=NAMES, magic=(*(Magic(bytes([0x80, protocol])) for protocol in range(6)), *(Magic(bytes([code])) for code in STARTS))
    ),
    formats=("pickle", "torch-legacy"),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.REFERENCED),
    },
)
def pickle(file: File) -> Iterator[Said]:
    """Follow the opcodes of every pickle in the file; payloads are skipped."""
    legacy = LEGACY.match(file.head) is not None
    if is_pointer(file) or not (PROTOCOL.match(file.head) or file.head[:1] in STARTS) or not file.size:
        return
    listings = list_stacked(Stream(file.read, file.size), LEGACY_PICKLES if legacy else MOST_PICKLES)
    if not _is_pickle(file, listings):
        return
    name = "torch-legacy" if legacy else "pickle"
    yield Format(name)
    sightings = Sightings(file)
    hidden = [] if legacy or listings[-1].fault else list(find_hidden(file, listings[-1].end, file.size))
    yield from judge_globals(file, [(listing, None) for listing in (*listings, *hidden)])
    yield from _say_weights(file, listings, name)
    yield from find_estimators(listings)
    if fault := next((listing.fault for listing in listings if listing.fault), None):
        raise Malformed(fault)
    end = _end_of_storages(listings) if legacy else listings[-1].end
    if end < file.size:
        sightings.add(
            "pickle.trailing-bytes", Severity.MEDIUM, f"{file.size - end} bytes follow that belong to nothing", span=(end, file.size)
        )
    yield from sightings.issues(SETTLE)
    if end > file.size:
        yield Found(Component.PARAMETERS, Claim.MISSING, "truncated", span=Span(file.size, file.size, Unit.BYTES))
        raise Malformed(f"truncated: its storages need {end} bytes, the file has {file.size}")


def _is_pickle(file: File, listings: list[Listing]) -> bool:
    """Say whether this is a pickle at all: two bytes are not enough, since other formats can begin like that.

    A stream that breaks at once and names no global is one only if the file's name says so. Without a mark it has to be whole, or to
    name what acts, where it is named like a pickle; under any other name it has to be whole and to name a global, or to call what acts.
    """
    first = listings[0]
    if PROTOCOL.match(file.head) is None:
        whole = first.fault is None and first.opcodes > 2 and first.end == file.size
        return (file.suffix in NAMES and (whole or names_acting(first))) or is_unmarked_pickle(first, file.size)
    if first.fault is None:
        return True
    return bool(first.globals) or first.opcodes > 16 or file.suffix in NAMES


def _say_weights(file: File, listings: list[Listing], name: str) -> Iterator[Found]:
    census, named = count_tensors(listings), role_by_name(file.path)
    if named is None and (not census.parameters or is_data_name(file.path)):
        return
    role = named or role_of(file.path, (key for listing in listings for key in listing.names), name)
    span = Span(0, listings[-1].end, Unit.BYTES)
    yield Found(role.component, Claim.PRESENT, role.value, span=span, details=census.weights(name))


def _end_of_storages(listings: list[Listing]) -> int:
    """Compute where a legacy file ends: each storage is a count of 8 bytes and its elements.

    Raises Malformed when the pickles are not five, or a storage is of a kind whose size is not known.
    """
    if len(listings) != LEGACY_PICKLES:
        raise Malformed(f"{len(listings)} pickles where a legacy torch file has {LEGACY_PICKLES}")
    end = listings[-1].end
    for storage in listings[3].storages.values():
        if (size := byte_size(storage.dtype, storage.length)) is None:
            raise Malformed(f"a storage of the unknown dtype {storage.dtype}: the end of the file cannot be told")
        end += 8 + size
    return end
