"""Core ML: models for Apple's devices, alone or in a package with a file of weights.

What it sees: files that begin with a version and a description and have one of the format's kinds; files of weights by their marks;
`Manifest.json` of packages.
What it says: parameters are present: weights of layers, of linear models and of trees, and values of programs that are kept in a file
beside, with the bytes that it must have; author, licence and other terms in the metadata; the tool that converted it; layers and models that
need code of an application; items of a package that lead elsewhere.
What it cannot know: models of other kinds are recognised and not counted. No weight is read.
Source: coremltools' `Model.proto` and the messages it holds, its description of packages, and its storage format of weights.
"""

from collections.abc import Iterator
from dataclasses import replace

import msgspec

from inspector.beside import find_beside, leads_out
from inspector.bundle import File
from inspector.decoding import decode_json
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.git.lfs import is_pointer
from inspector.licensing.metadata_terms import declare_metadata
from inspector.model import Claim, Component, Reference, Severity, Span, Stored, Unit, printable
from inspector.serialization.protobuf import Window, read_fields
from inspector.sightings import Sightings
from inspector.weights.core_ml_model import HEADER, KINDS, CoreMl, is_core_ml, read_core_ml
from inspector.weights.role import role_of

MANIFEST = "manifest.json"
SENTINEL = b"\xef\xbe\xad\xde"
HERE = "@model_path/"
MOST_BLOBS, LARGEST_MANIFEST = 500_000, 1 << 20
NEEDS_CODE = {555: "custom model", 556: "linked model"}
SETTLE = "Convert the model again, or fetch all of its files again from one revision and compare digests."


class Item(msgspec.Struct):
    """An item of a package."""

    path: str = ""


class Manifest(msgspec.Struct):
    """What a package holds, and which item is the model."""

    itemInfoEntries: dict[str, Item]  # noqa: N815  the format's own name
    rootModelIdentifier: str = ""  # noqa: N815  the format's own name


@detector(
    "core-ml",
    wants=Wants(
        suffixes=(".mlmodel",),
        names=(MANIFEST,),
        magic=(Magic(SENTINEL, HEADER), *(Magic(bytes((8, version, 0x12))) for version in range(1, 17))),
    ),
    formats=("core-ml", "core-ml-weights", "core-ml-package"),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.PARAMETERS, Claim.LICENSED),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def core_ml(file: File) -> Iterator[Said]:
    """Walk the model's fields, the headers of weights, or the items of a package."""
    if is_pointer(file):
        return
    if file.name.casefold() == MANIFEST:
        yield from _say_package(file)
    elif file.head[HEADER : HEADER + 4] == SENTINEL:
        yield from _say_blobs(file)
    elif _is_model(file):
        yield from _say_model(file)


def _is_model(file: File) -> bool:
    promised = file.suffix == ".mlmodel" and file.head.startswith(b"\x08")
    try:
        return is_core_ml(read_fields(Window(file), 0, file.size)) or promised
    except Malformed:
        return promised


def _say_model(file: File) -> Iterator[Said]:
    yield Format("core-ml")
    told, sightings, fault = CoreMl(), Sightings(file), None
    try:
        read_core_ml(Window(file), told, file.size)
    except Malformed as error:
        fault = error
    span = Span(0, file.size, Unit.BYTES)
    if told.census.parameters:
        role, details = role_of(file.path, (), "core-ml"), told.census.weights("core-ml", told.texts)
        yield Found(role.component, Claim.PRESENT, role.value, span=span, details=details)
    elif fault is None:
        kinds = ", ".join(sorted({KINDS.get(kind, f"kind {kind}") for kind in told.kinds}))
        sightings.add("core-ml.no-weights", Severity.LOW, f"a model without weights, or of a kind whose weights are not counted: {kinds}")
    yield from _say_texts(told)
    _judge_model(told, sightings)
    yield from _say_beside(file, told, sightings)
    yield from sightings.issues(SETTLE)
    if fault is not None:
        yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", span=Span(file.size, file.size, Unit.BYTES))
        raise fault


def _say_texts(told: CoreMl) -> Iterator[Said]:
    for declared in declare_metadata({key: said.text for key, said in told.texts.items()}):
        said = told.texts.get(declared.pointer or "")
        yield replace(declared, span=Span(said.start, said.end, Unit.BYTES)) if said else declared
    for key, said in told.texts.items():
        if key == "author" or key.endswith(("coremltools.version", "coremltools.source")):
            span, value = Span(said.start, said.end, Unit.BYTES), "author" if key == "author" else "producer"
            excerpt = printable(said.text if key.endswith("source") or key == "author" else f"coremltools {said.text}")[:200]
            if excerpt.strip():
                yield Found(Component.MODEL_METADATA, Claim.PRESENT, value, span=span, pointer=printable(key), excerpt=excerpt)


def _judge_model(told: CoreMl, sightings: Sightings) -> None:
    for said in told.custom:
        message = "a layer or model of the application's own code, which has to be there to run it"
        sightings.add("core-ml.custom-code", Severity.MEDIUM, message, printable(said.text), (said.start, said.end))
    for kind in sorted(told.kinds & set(NEEDS_CODE)):
        if kind == 556:
            sightings.add("core-ml.linked-model", Severity.MEDIUM, "it is put together with another model, which is not in this file")
    for item in told.unknown:
        message = "fields that are not in the format, and that readers ignore: they can hold anything"
        sightings.add("core-ml.unknown-field", Severity.MEDIUM, message, f"field {item.number}", (item.start, item.end))


def _say_beside(file: File, told: CoreMl, sightings: Sightings) -> Iterator[Found]:
    """Name the files that hold the values of a program, and how many bytes they must have."""
    for said, beside in sorted(told.beside.items()):
        name = said.removeprefix(HERE)
        if leads_out(name):
            message = f"a value is kept in a file outside of the model's directory: {printable(said[:150])!r}"
            sightings.add("core-ml.file-outside", Severity.HIGH, message, None, (beside.start, beside.end))
        elif beside.needed < 1 << 63:
            stored = Stored(files=(find_beside(file.path, name),), size=beside.needed)
            yield Found(Component.PARAMETERS, Claim.REFERENCED, printable(name)[:500], details=stored)


def _say_blobs(file: File) -> Iterator[Said]:
    """Walk the headers of a file of weights, one behind the other."""
    count, version = (int.from_bytes(file.head[at : at + 4], "little") for at in (0, 4))
    if version not in {1, 2} or not count:
        return
    yield Format("core-ml-weights")
    if count > MOST_BLOBS:
        raise TooLarge(f"{count} blobs, the limit is {MOST_BLOBS}")
    sightings, at = Sightings(file), HEADER
    for number in range(count):
        header = file.read(at, HEADER)
        size, start = (int.from_bytes(header[place : place + 8], "little") for place in (8, 16))
        if not header.startswith(SENTINEL):
            raise Malformed(f"no header of weights begins at byte {at}, where that of blob {number} of {count} should be")
        if start < at + HEADER or start + size > file.size:
            raise Malformed(f"truncated: blob {number} reaches from byte {start} to byte {start + size}, the file has {file.size}")
        if start > at + HEADER:
            sightings.add("core-ml.gap", Severity.MEDIUM, "bytes between weights belong to none of them", span=(at + HEADER, start))
        at = min(file.size, -(-(start + size) // HEADER) * HEADER)
    if at < file.size:
        message = f"{file.size - at} bytes behind the last weights belong to none"
        sightings.add("core-ml.trailing-bytes", Severity.MEDIUM, message, span=(at, file.size))
    yield from sightings.issues(SETTLE)


def _say_package(file: File) -> Iterator[Said]:
    if b'"itemInfoEntries"' not in file.head:
        return
    yield Format("core-ml-package")
    try:
        manifest = decode_json(file.whole(LARGEST_MANIFEST), Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"no manifest of a package: {str(error)[:200]}") from error
    sightings = Sightings(file)
    for key, item in sorted(manifest.itemInfoEntries.items()):
        pointer = printable(f"/itemInfoEntries/{key}/path")[:200]
        if leads_out(item.path):
            sightings.add("core-ml.item-outside", Severity.HIGH, "an item of the package lies outside of it", pointer)
        elif key == manifest.rootModelIdentifier:
            path = find_beside(file.path, f"Data/{item.path}")
            yield Found(
                Component.PARAMETERS, Claim.REFERENCED, printable(item.path), pointer=pointer, details=Stored(files=(path,), size=1)
            )
        else:
            details = Reference(kind="file", target=printable(find_beside(file.path, f"Data/{item.path}")))
            yield Found(Component.MODEL_METADATA, Claim.PRESENT, "package-item", pointer=pointer, details=details)
    yield from sightings.issues(SETTLE)
