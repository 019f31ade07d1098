"""OCDBT: the store in which Orbax keeps the arrays of a checkpoint, as a tree of nodes and a manifest that leads to it.

What it sees: files that begin with the magic number of a manifest or of a node; over all files, manifests and the directories `d` beside.
What it says: manifests and nodes whose length is not that of the file, or whose checksum is wrong; stores whose numbers are not here.
What it cannot know: names and values inside, which are packed. Files of values alone have no header and are told by their place only.
Source: TensorStore's description of the OCDBT format.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from inspector.bundle import File
from inspector.detector import Format, Found, Gathered, Magic, Said, Wants, crosscheck, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Issue, Location, Severity, Span, Stored, Unit
from inspector.pure_paths import parent_of, pure_path
from inspector.serialization.crc32c import compute_crc32c
from inspector.sightings import Sightings

MANIFEST, NODE, VERSIONS = b"\x0c\xdb\x3a\x2a", b"\x0c\xdb\x20\xde", b"\x0c\xdb\x1c\xde"
NAME = "manifest.ocdbt"
HEADER, CHECKSUM = 12, 4
MOST_CHECKED = 1 << 20  # bytes whose checksum is computed
MOST_FILES = 10_000
SETTLE = "Fetch the checkpoint again from its origin, all files of one revision."


@detector(
    "ocdbt",
    wants=Wants(names=(NAME,), magic=(Magic(MANIFEST), Magic(NODE), Magic(VERSIONS))),
    formats=("ocdbt-manifest", "ocdbt-node"),
    emits={(Component.PARAMETERS, Claim.MISSING)},
)
def ocdbt(file: File) -> Iterator[Said]:
    """Hold length and checksum against the file."""
    mark = file.head[:4]
    if mark not in {MANIFEST, NODE, VERSIONS}:
        if file.name.casefold() == NAME and file.size and not file.is_pointer:
            raise Malformed("no manifest of a store begins here")
        return
    yield Format("ocdbt-manifest" if mark == MANIFEST else "ocdbt-node")
    length = int.from_bytes(file.head[4:HEADER], "little")
    if file.size < HEADER or length < HEADER + CHECKSUM or length > file.size:
        yield Found(Component.PARAMETERS, Claim.MISSING, "truncated", span=Span(file.size, file.size, Unit.BYTES))
        raise Malformed(f"truncated: {length} bytes are announced, the file has {file.size}")
    sightings = Sightings(file)
    if length <= MOST_CHECKED:
        data = file.read(0, length)
        if compute_crc32c(data[:-CHECKSUM]) != int.from_bytes(data[-CHECKSUM:], "little"):
            sightings.add("ocdbt.checksum", Severity.HIGH, "the checksum is wrong: it was changed, or damaged", span=(0, length))
    if mark == MANIFEST and length < file.size:
        message = f"{file.size - length} bytes behind the manifest belong to nothing"
        sightings.add("ocdbt.trailing-bytes", Severity.MEDIUM, message, span=(length, file.size))
    yield from sightings.issues(SETTLE)


@crosscheck("ocdbt-files", emits={(Component.PARAMETERS, Claim.MISSING), (Component.PARAMETERS, Claim.REFERENCED)})
def ocdbt_files(gathered: Gathered) -> Iterator[Found | Issue]:
    """Look for the files of numbers beside each manifest, also in the stores of single processes."""
    stores = {(item.root, parent_of(item.path)): list[str]() for item in gathered.files if pure_path(item.path).name == NAME}
    for item in gathered.files if stores else ():
        place = pure_path(item.path).parent
        if place.name == "d" and item.size and (files := stores.get((item.root, str(place.parent)))) is not None:
            files.append(item.path)
    sizes = {(item.root, item.path): item.size for item in gathered.files} if stores else {}
    for (root, directory), files in sorted(stores.items()):
        manifest = Location(root=root, path=str(PurePosixPath(directory) / NAME))
        if files:
            some = tuple(files[:MOST_FILES])
            stored = Stored(files=some, size=sum(sizes[root, path] for path in some))
            yield Found(Component.PARAMETERS, Claim.REFERENCED, "store", at=manifest, details=stored)
        elif _is_top(directory):
            yield Found(Component.PARAMETERS, Claim.MISSING, "store", at=manifest)
            message = "the manifest of a store is here, and not one file of its numbers"
            yield Issue(rule="ocdbt.missing", severity=Severity.HIGH, message=message, locations=(manifest,), settle=SETTLE)


def _is_top(directory: str) -> bool:
    """Say whether a store is the checkpoint's own: those of single processes may be merged, and left behind empty."""
    return not pure_path(directory).name.startswith("ocdbt.process_")
