"""TorchServe: a model archive of weights, a handler and what else a server needs.

What it sees: zip files with a `MAR-INF/MANIFEST.json`, under any name.
What it says: parameters are present: the tensors of the weights that the manifest names, from their pickles' opcodes; globals that weights do
not need; the handler and further code, which run on serving; members that stand twice or lead elsewhere.
What it cannot know: what the handler does, and what its requirements install. Nothing is unpacked, unpickled or imported.
Source: TorchServe's `model-archiver`; PKWARE's APPNOTE for the zip; torch's `serialization` for the weights.
"""

from collections.abc import Iterator

import msgspec

from inspector.archives.directory import MAGIC, STORED, Member, read_directory, read_member
from inspector.archives.findings import judge_gaps, judge_names
from inspector.bundle import File
from inspector.contents.nested_weights import list_member
from inspector.decoding import decode_json
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Reference, Severity, Span, Unit, printable
from inspector.serialization.stream import stream_of
from inspector.sightings import Sightings
from inspector.weights.pickled import count_tensors, judge_globals

MANIFEST = "MAR-INF/MANIFEST.json"
LARGEST_MANIFEST, LARGEST_PACKED = 1 << 20, 64 * 2**20  # bytes
BUILT_IN = frozenset({"image_classifier", "image_segmenter", "object_detector", "text_classifier"})
SETTLE = "Read the handler before the archive is served, and fetch the archive from its origin."


class Named(msgspec.Struct):
    """What a manifest names: weights, the module of the model, the handler, further requirements."""

    modelName: str = ""  # noqa: N815  the format's own name
    serializedFile: str = ""  # noqa: N815  the format's own name
    modelFile: str = ""  # noqa: N815  the format's own name
    handler: str = ""
    requirementsFile: str = ""  # noqa: N815  the format's own name


class Manifest(msgspec.Struct):
    """The one field of a manifest that is needed."""

    model: Named


@detector(
    "torchserve",
    wants=Wants(suffixes=(".mar",), magic=(Magic(MAGIC),)),
    formats=("torchserve",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def torchserve(file: File) -> Iterator[Said]:
    """Read the manifest, and follow the pickles of the weights it names."""
    if not file.head.startswith(MAGIC):
        return
    try:
        directory = read_directory(file)
    except Malformed:
        if file.suffix == ".mar":
            yield Format("torchserve")
            raise
        return
    members = {member.name: member for member in directory.members}
    if MANIFEST not in members:
        return
    yield Format("torchserve")
    sightings = Sightings(file)
    judge_names((member.name for member in directory.members), sightings)
    judge_gaps(directory.gaps, sightings)
    named = _read_manifest(file, members[MANIFEST])
    _judge_code(named, members, sightings)
    if named.serializedFile:
        yield from _say_weights(file, named.serializedFile, members.get(named.serializedFile))
    yield from sightings.issues(SETTLE)


def _read_manifest(file: File, member: Member) -> Named:
    data, _ = read_member(file, member, LARGEST_MANIFEST)
    try:
        return decode_json(data, Manifest).model
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"no manifest of an archive: {str(error)[:200]}") from error


def _judge_code(named: Named, members: dict[str, Member], sightings: Sightings) -> None:
    handler = named.handler.partition(":")[0]
    for name in sorted({handler, named.modelFile} - {"", *BUILT_IN}):
        here = name in members or f"{name}.py" in members
        message = "code of the archive that runs on serving" if here else "code that runs on serving, and is not in the archive"
        sightings.add("torchserve.code", Severity.MEDIUM, message, printable(name)[:200])
    if named.requirementsFile:
        message = "packages that a server can be told to install from the network when it loads the archive"
        sightings.add("torchserve.requirements", Severity.LOW, message, printable(named.requirementsFile)[:200])


def _say_weights(file: File, name: str, member: Member | None) -> Iterator[Said]:
    shown = printable(name)[:300]
    if member is None:
        details = Reference(kind="file", target=shown)
        yield Found(Component.PARAMETERS, Claim.MISSING, shown, pointer="/model/serializedFile", details=details)
        return
    stored = member.method == STORED
    data = b"" if stored else read_member(file, member, LARGEST_PACKED)[0]
    nested = list_member(file, member.start if stored else None, stream_of(data), name, member.size)
    listings = [listing for listing, _ in nested.listings]
    span = Span(member.start, member.start + member.stored, Unit.BYTES)
    yield from judge_globals(file, [(listing, f"{name}{inner}") for listing, inner in nested.listings])
    census = count_tensors(listings)
    if census.parameters:
        yield Found(Component.PARAMETERS, Claim.PRESENT, "torchserve", span=span, member=name, details=census.weights("torchserve"))
    if nested.fault is not None:
        yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", span=span, member=name)
        raise Malformed(f"{shown}: {nested.fault}")
