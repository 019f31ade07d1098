"""Manifests of raw arrays: names, shapes and places of tensors in JSON, and numbers without any header beside it.

What it sees: JSON files named as MLC names them (`ndarray-cache.json`, `tensor-cache.json`, `params.json` with records), whose records give
files of raw bytes and the arrays in each.
What it says: parameters are present: the arrays by shape and dtype; how many bytes each file beside has; arrays that do not stand one behind
the other, or have another size than their shape and dtype need; files that lead out of the directory.
What it cannot know: whether the bytes are those of the arrays; the files are held against their sizes only. No number is read.
Source: TVM's `dump_ndarray_cache`, which MLC LLM and WebLLM use.
"""

from collections.abc import Iterator
from math import prod
from pathlib import PurePosixPath

import msgspec

from inspector.bundle import File
from inspector.decoding import decode_json
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Severity, Span, Stored, Unit, printable
from inspector.pickles.symbols import DTYPES, SIZES
from inspector.sightings import Sightings
from inspector.weights.census import Census
from inspector.weights.role import Votes

FORMAT = "array-manifest"
LARGEST = 8 * 2**20  # bytes
MOST_FILES, MOST_ARRAYS = 10_000, 200_000
SETTLE = "Convert the model again, and keep the manifest and its files of one conversion together."


class Entry(msgspec.Struct):
    """One array of a file: its name, its shape, its dtype, how it is written, its size and its place (bytes)."""

    name: str
    shape: list[int]
    dtype: str
    nbytes: int
    byteOffset: int  # noqa: N815  the name that the format gives it
    format: str = "raw"


class Shard(msgspec.Struct):
    """One file of arrays."""

    dataPath: str  # noqa: N815  the name that the format gives it
    nbytes: int
    records: list[Entry]
    format: str = "raw-shard"


class Manifest(msgspec.Struct):
    """The one field of a manifest that is needed."""

    records: list[Shard]


@detector(
    FORMAT,
    wants=Wants(names=("ndarray-cache.json", "ndarray-cache-b16.json", "tensor-cache.json")),
    formats=(FORMAT,),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def array_manifest(file: File) -> Iterator[Said]:
    """Read the records, and hold them against one another."""
    if is_pointer(file) or b'"records"' not in file.head:
        return
    yield Format(FORMAT)
    manifest = _read(file)
    census, votes, sightings = Census(), Votes(), Sightings(file)
    span = Span(0, file.size, Unit.BYTES)
    for shard in manifest.records:
        for entry in shard.records:
            _judge(entry, shard, sightings)
            word = DTYPES.get(entry.dtype, entry.dtype)
            census.add(word if entry.format == "raw" else f"{word} as {entry.format}"[:40], tuple(entry.shape))
            votes.add(entry.name)
        _judge_order(shard, sightings)
    if census.parameters:
        role = votes.role(file.path, FORMAT)
        yield Found(role.component, Claim.PRESENT, role.value, span=span, details=census.weights(FORMAT))
    for shard in manifest.records:
        if _is_unsafe(shard.dataPath):
            message = "the manifest names a file outside of its directory"
            sightings.add("array-manifest.unsafe-name", Severity.HIGH, message, shard.dataPath)
            continue
        path = str(PurePosixPath(file.path).parent / shard.dataPath)
        details = Stored(files=(path,), size=shard.nbytes, whole=True)
        yield Found(Component.PARAMETERS, Claim.REFERENCED, printable(shard.dataPath[:300]), span=span, details=details)
    yield from sightings.issues(SETTLE)


def _read(file: File) -> Manifest:
    try:
        manifest = decode_json(file.whole(LARGEST), Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"no manifest of arrays: {str(error)[:200]}") from error
    count = sum(len(shard.records) for shard in manifest.records)
    if len(manifest.records) > MOST_FILES or count > MOST_ARRAYS:
        raise TooLarge(f"{len(manifest.records)} files and {count} arrays, the limits are {MOST_FILES} and {MOST_ARRAYS}")
    for shard in manifest.records:
        if shard.nbytes < 0 or any(min((entry.nbytes, entry.byteOffset, *entry.shape), default=0) < 0 for entry in shard.records):
            raise Malformed(f"a negative size in {shard.dataPath[:100]!r}")
    return manifest


def _is_unsafe(name: str) -> bool:
    path = PurePosixPath(name)
    return not name or len(name) > 500 or path.is_absolute() or ".." in path.parts or "\\" in name or not name.isprintable()


def _judge(entry: Entry, shard: Shard, sightings: Sightings) -> None:
    word = DTYPES.get(entry.dtype)
    if entry.format == "raw" and word in SIZES and prod(entry.shape) * SIZES[word] != entry.nbytes:
        message = "shape and dtype of an array need another number of bytes than its record gives"
        sightings.add("array-manifest.size-mismatch", Severity.HIGH, message, entry.name)
    if entry.byteOffset + entry.nbytes > shard.nbytes:
        message = "an array reaches beyond the end of its file"
        sightings.add("array-manifest.outside", Severity.HIGH, message, entry.name)


def _judge_order(shard: Shard, sightings: Sightings) -> None:
    last = 0
    for begin, size, name in sorted((entry.byteOffset, entry.nbytes, entry.name) for entry in shard.records):
        if begin < last:
            sightings.add("array-manifest.overlap", Severity.HIGH, "arrays share bytes", name)
        elif begin > last:
            sightings.add("array-manifest.hole", Severity.LOW, "bytes between arrays belong to none of them", name)
        last = max(last, begin + size)
