"""skops: estimators as a zip file of arrays and a tree of the types that they are made of.

What it sees: zip files with a `schema.json` that names a loader, under any name.
What it says: parameters are present: the arrays by their own headers; the classes of estimators by library; every type and function that
would have to be trusted, and that weights do not need; arrays that the schema names and that are not there, and members that nothing
names.
What it cannot know: what an estimator of a class does. Nothing is imported, and no array is read.
Source: the skops documentation, "Secure persistence", and files that version 0.16 writes; PKWARE's APPNOTE for the zip.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.archives.directory import DEFLATED, MAGIC, MOST_MEMBERS, Directory, Member, read_directory, read_member
from inspector.archives.findings import judge_gaps, judge_names
from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.model import Claim, Component, Reference, Severity, Span, Unit, printable
from inspector.serialization.events import Object
from inspector.serialization.json_events import InMemory, read_json_events
from inspector.sightings import Sightings
from inspector.weights.array_header import read_array_header
from inspector.weights.census import Census
from inspector.weights.pickled import is_library_class, judge_global
from inspector.weights.role import role_of

SCHEMA = "schema.json"
LARGEST_SCHEMA = 64 * 2**20  # bytes
HEAD = 4096
MOST_TYPES = 5_000
MOST_CLASSES = 16
KEYS = frozenset({"__class__", "__module__", "__loader__", "file", "module_path", "function", "_skops_version"})
# Loaders of what is called when the model is used: nothing that is named there is a mere value.
CALLED = frozenset({"FunctionNode", "MethodNode", "OperatorFuncNode", "PartialNode", "ReduceNode"})
MESSAGES = {
    Severity.HIGH: "the schema names what runs, opens or fetches something when it is trusted",
    Severity.MEDIUM: "the schema names code that weights do not need, and that has to be trusted to load it",
}
SETTLE = "Look at the types before you trust any of them, and load the file with those alone that you know."


@dataclass(slots=True)
class Schema:
    """What a schema names: types by how they are loaded, files, and the version of skops."""

    types: dict[str, set[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    version: str = ""


@detector(
    "skops",
    wants=Wants(magic=(Magic(MAGIC),)),
    formats=("skops",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.REFERENCED),
    },
)
def skops(file: File) -> Iterator[Said]:
    """Walk the schema, and read the headers of the arrays."""
    try:
        directory = read_directory(file)
    except Malformed:
        if file.suffix == ".skops":
            yield Format("skops")
            raise
        return
    member = next((member for member in directory.members if member.name == SCHEMA), None)
    if member is None or b'"__loader__"' not in _head(file, member):
        return
    yield Format("skops")
    sightings, schema = Sightings(file), Schema()
    judge_names((member.name for member in directory.members), sightings)
    judge_gaps(directory.gaps, sightings)
    data, intact = read_member(file, member, LARGEST_SCHEMA)
    if not intact:
        sightings.add("archive.checksum", Severity.MEDIUM, "the checksum of the schema is wrong", SCHEMA)
    _read_schema(data, schema)
    yield from _say_weights(file, directory, schema, sightings)
    yield from _say_types(schema, sightings)
    yield from sightings.issues(SETTLE)


def _head(file: File, member: Member) -> bytes:
    """Read the first bytes of a member, at most 4 KiB."""
    data = file.read(member.start, min(member.stored, HEAD))
    if member.method != DEFLATED:
        return data
    try:
        return zlib.decompressobj(-15).decompress(data, HEAD)
    except zlib.error:
        return b""


def _read_schema(data: bytes, schema: Schema) -> None:
    """Collect the types and files of every node, whatever the order of its keys."""
    open_nodes: dict[int, dict[str, str]] = {}
    for path, value, _ in read_json_events(InMemory(data)):
        if isinstance(value, Object):
            _end_node(open_nodes.pop(len(path), {}), open_nodes.get(len(path) - 1, {}), schema)
        elif path and isinstance(value, str) and path[-1] in KEYS:
            open_nodes.setdefault(len(path) - 1, {})[path[-1]] = value


def _end_node(node: dict[str, str], owner: dict[str, str], schema: Schema) -> None:
    """Take in one node; the content of a function's node names the function, and stands inside of it."""
    if "_skops_version" in node:
        schema.version = node["_skops_version"]
    loader = node.get("__loader__") or owner.get("__loader__") or ""
    if "__module__" in node or "__class__" in node:
        schema.types.setdefault(f"{node.get('__module__', '')}\0{node.get('__class__', '')}", set()).add(loader)
    if "module_path" in node or "function" in node:
        schema.types.setdefault(f"{node.get('module_path', '')}\0{node.get('function', '')}", set()).add("FunctionNode")
    if "file" in node:
        schema.files.add(node["file"])
    if len(schema.types) > MOST_TYPES or len(schema.files) > MOST_MEMBERS:
        raise TooLarge(f"a schema of more than {MOST_TYPES} types or {MOST_MEMBERS} files")


def _say_weights(file: File, directory: Directory, schema: Schema, sightings: Sightings) -> Iterator[Found]:
    census, members = Census(), {member.name: member for member in directory.members}
    for name in sorted(schema.files):
        if (member := members.get(name)) is None:
            message = "the schema names an array that the archive does not hold"
            sightings.add("skops.array-missing", Severity.HIGH, message, name)
        elif name.endswith(".npy"):
            _count_array(file, member, census, sightings)
    for name in sorted(members.keys() - schema.files - {SCHEMA}):
        sightings.add("skops.unused-member", Severity.MEDIUM, "a member is named nowhere in the schema", name)
    if census.parameters:
        role = role_of(file.path, (), "skops")
        member = members[SCHEMA]
        span = Span(member.start, member.start + member.stored, Unit.BYTES)
        yield Found(role.component, Claim.PRESENT, role.value, span=span, member=SCHEMA, details=census.weights("skops"))


def _count_array(file: File, member: Member, census: Census, sightings: Sightings) -> None:
    try:
        header = read_array_header(_head(file, member))
    except Malformed as error:
        sightings.add("skops.broken-array", Severity.HIGH, f"an array that cannot be read: {error}"[:300], member.name)
        return
    if header.dtype == "objects":
        sightings.add("skops.pickled-array", Severity.HIGH, "an array of objects is a pickle, which skops never writes", member.name)
    elif header.size is not None and header.start + header.size != member.size:
        sightings.add("skops.array-size", Severity.HIGH, "an array has another size than its header says", member.name)
    census.add(header.dtype, header.shape)


def _say_types(schema: Schema, sightings: Sightings) -> Iterator[Found]:
    """Name the classes of estimators, and note what weights do not need."""
    estimators: list[str] = []
    for key, loaders in sorted(schema.types.items()):
        module, _, name = key.partition("\0")
        full, severity = f"{module}.{name}", judge_global(module, name)
        if loaders & CALLED and severity is not Severity.HIGH:
            severity = Severity.MEDIUM
        if severity in MESSAGES:
            sightings.add("skops.untrusted-type", severity, MESSAGES[severity], full)
        elif is_library_class(module, name):
            estimators.append(printable(full[:200]))
    version = printable(f"skops {schema.version}"[:100]) if schema.version else None
    for full in estimators[:MOST_CLASSES]:
        details = Reference(kind="package", target=full.partition(".")[0])
        yield Found(Component.ARCHITECTURE, Claim.REFERENCED, full, member=SCHEMA, pointer=full, details=details, excerpt=version)
