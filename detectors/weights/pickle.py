"""Pickles: torch's files before version 1.6, and pickled arrays and objects.

What it sees: files that begin with a pickle's protocol mark, under any name, and files with a pickle's suffix that are a whole pickle of
protocol 0 or 1, or name something that acts before they break.
What it says: parameters are present where tensors or arrays are described (or an adapter, or training state); every global that weights do
not need; the classes of estimators that it is made of, by library; where a stream breaks, or bytes follow it that belong to nothing.
What it cannot know: what an object is for; arrays in a file whose name says data, labels or vocabulary are not called parameters. Nothing
is unpickled.
Source: Python's `pickletools`; torch's `serialization` for the legacy stream of five pickles and raw storages.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.lfs import is_pointer
from inspector.model import Claim, Component, Severity, Span, Unit
from inspector.opcodes import Listing, list_pickle
from inspector.pickle_findings import byte_size, count_tensors, find_estimators, is_data_name, judge_global, judge_globals
from inspector.sightings import Sightings
from inspector.stream import Stream
from inspector.weights_role import role_by_name, role_of

NAMES = (".pkl", ".pickle", ".joblib", ".pt", ".pth", ".bin", ".ckpt")
LEGACY = re.compile(rb"\x80[\x02-\x05]\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\.")
LEGACY_PICKLES = 5
MOST_PICKLES = 64
PROTOCOL = re.compile(rb"\x80[\x02-\x05]")
OLD_START = re.compile(rb"[(\]}cl]")
SETTLE = "Save the model again as safetensors, or fetch the file again from its origin and compare digests."


@detector(
    "pickle",
    wants=Wants(suffixes=NAMES, magic=tuple(Magic(bytes([0x80, protocol])) for protocol in (2, 3, 4, 5))),
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
    if is_pointer(file) or not (PROTOCOL.match(file.head) or OLD_START.match(file.head)):
        return
    listings = _list_all(file, LEGACY_PICKLES if legacy else MOST_PICKLES)
    if not _is_pickle(file, listings):
        return
    name = "torch-legacy" if legacy else "pickle"
    yield Format(name)
    sightings = Sightings(file)
    yield from judge_globals(file, [(listing, None) for listing in listings])
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


def _list_all(file: File, most: int) -> list[Listing]:
    """Follow one pickle after another, while another begins where the last one ended."""
    listings: list[Listing] = []
    stream = Stream(file.read, file.size)
    while len(listings) < most and stream.left and (not listings or PROTOCOL.match(file.read(stream.position, min(2, stream.left)))):
        listings.append(list_pickle(stream))
        if listings[-1].fault:
            break
    return listings


def _is_pickle(file: File, listings: list[Listing]) -> bool:
    """Say whether this is a pickle at all: two bytes are not enough, since other formats can begin like that.

    A stream that breaks at once and names no global is one only if the file's name says so. Without a mark it has to be whole, or to
    name a global that acts.
    """
    first = listings[0]
    if PROTOCOL.match(file.head) is None:
        whole = first.fault is None and first.opcodes > 2 and first.end == file.size
        return whole or any(judge_global(known.module, known.name) is Severity.HIGH for known in first.globals)
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
