"""Compiled Core ML: the directories `.mlmodelc` that an application ships, of programs and of networks.

What it sees: `model.mil`, `coremldata.bin` and `metadata.json` by their first bytes or keys; `model.espresso.net`, `.shape` and `.weights` of
the older form.
What it says: parameters are present: values of a program that are kept in a file beside, each once, with the bytes that it must have; blobs of
the older form, as many as its table has; author, licence and other terms in the metadata, and the tool that converted it.
What it cannot know: dtypes and shapes of blobs of the older form, whose elements are not counted. What was compiled is not what is changed: the
model before it is. No weight is read.
Source: directories that Apple's compiler writes; coremltools' storage format of weights.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from inspector.beside import find_beside, leads_out
from inspector.bundle import File
from inspector.decoding import decode_json
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.git.lfs import is_pointer
from inspector.licensing.metadata_terms import declare_metadata
from inspector.model import Claim, Component, Severity, Span, Stored, Unit, Weights, printable
from inspector.sightings import Sightings
from inspector.weights.census import Census
from inspector.weights.core_ml_model import KINDS
from inspector.weights.mil_text import Kept, is_program, read_kept
from inspector.weights.role import role_of

PROGRAM, DATA, ABOUT = "model.mil", "coremldata.bin", "metadata.json"
NET, SHAPE, BLOBS = ".espresso.net", ".espresso.shape", ".espresso.weights"
KEYS = {NET: b'"layers"', SHAPE: b'"layer_shapes"'}
HERE = "@model_path/"
LARGEST_ABOUT, MOST_BLOBS, ENTRY, ALIGNMENT = 4 * 2**20, 100_000, 16, 64
SETTLE = "Ask for the model that was compiled, or fetch all files of the directory again from one revision."


class About(msgspec.Struct):
    """What the compiler writes of a model: what a person said of it, and what other tools did."""

    license: str = ""
    author: str = ""
    shortDescription: str = ""  # noqa: N815  the format's own name
    version: str = ""
    userDefinedMetadata: dict[str, str] = {}  # noqa: N815  the format's own name


@dataclass(slots=True)
class Values:
    """What a program keeps in files: each value once, by file and place, and how many bytes each file must have."""

    census: Census = field(default_factory=Census)
    seen: set[tuple[str, int]] = field(default_factory=set)
    needed: dict[str, int] = field(default_factory=dict)


@detector(
    "core-ml-compiled",
    wants=Wants(names=(PROGRAM, DATA, ABOUT), suffixes=(NET, SHAPE, BLOBS)),
    formats=("core-ml-compiled", "core-ml-program", "core-ml-metadata", "espresso", "espresso-weights"),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.PARAMETERS, Claim.LICENSED),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def core_ml_compiled(file: File) -> Iterator[Said]:
    """Scan the program, the metadata, or the table of blobs."""
    name = file.name.casefold()
    if is_pointer(file):
        return
    if name == PROGRAM and is_program(file.head):
        yield from _say_program(file)
    elif name == ABOUT and any(key in file.head for key in (b'"MLModelType_', b'"metadataOutputVersion"')):
        yield from _say_about(file)
    elif name == DATA and _is_data(file):
        yield Format("core-ml-compiled")
    elif name.endswith(BLOBS):
        yield from _say_blobs(file)
    elif any(name.endswith(suffix) and key in file.head for suffix, key in KEYS.items()):
        yield Format("espresso")
        if name.endswith(NET):
            beside = f"{file.name[: -len(NET)]}{BLOBS}"
            stored = Stored(files=(find_beside(file.path, beside),), size=8)
            yield Found(Component.PARAMETERS, Claim.REFERENCED, printable(beside)[:500], details=stored)


def _is_data(file: File) -> bool:
    """Look for the number of a kind of model, or for what an analysis begins with."""
    return int.from_bytes(file.head[:4], "little") in KINDS or file.head[8:26] == b"NeuralNetworkModel"


def _say_program(file: File) -> Iterator[Said]:
    yield Format("core-ml-program")
    values, sightings, fault = Values(), Sightings(file), None
    try:
        for kept in read_kept(file):
            _take(kept, values, sightings)
    except Malformed as error:
        fault = error
    span = Span(0, file.size, Unit.BYTES)
    if values.census.parameters:
        role = role_of(file.path, (), "core-ml-program")
        details = values.census.weights("core-ml-program")
        yield Found(role.component, Claim.PRESENT, role.value, span=span, details=details)
    for name, needed in sorted(values.needed.items()):
        stored = Stored(files=(find_beside(file.path, name),), size=needed)
        yield Found(Component.PARAMETERS, Claim.REFERENCED, printable(name)[:500], details=stored)
    if fault is None and not file.read(max(0, file.size - 200), min(200, file.size)).rstrip().endswith(b"}"):
        fault = Malformed("truncated: the program has no end")
    yield from sightings.issues(SETTLE)
    if fault is not None:
        yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", span=Span(file.size, file.size, Unit.BYTES))
        raise fault


def _take(kept: Kept, values: Values, sightings: Sightings) -> None:
    name = kept.name.removeprefix(HERE)
    if leads_out(name):
        message = f"a value is kept in a file outside of the model's directory: {printable(name[:150])!r}"
        sightings.add("core-ml.file-outside", Severity.HIGH, message, None, (kept.start, kept.end))
        return
    if (name, kept.offset) not in values.seen:
        values.seen.add((name, kept.offset))
        values.census.add(kept.dtype, kept.shape)
        if kept.needed < 1 << 63:
            values.needed[name] = max(values.needed.get(name, 0), kept.needed)


def _say_about(file: File) -> Iterator[Said]:
    yield Format("core-ml-metadata")
    try:
        (about, *_) = decode_json(file.whole(LARGEST_ABOUT), list[About]) or [About()]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"no metadata of a compiled model: {str(error)[:200]}") from error
    told = {"license": about.license, "description": about.shortDescription, **about.userDefinedMetadata}
    yield from declare_metadata({key: text for key, text in told.items() if text})
    version = about.userDefinedMetadata.get("com.github.apple.coremltools.version", "")
    source = about.userDefinedMetadata.get("com.github.apple.coremltools.source", "")
    for value, text in (("author", about.author), ("producer", version and f"coremltools {version}"), ("producer", source)):
        if text.strip():
            yield Found(Component.MODEL_METADATA, Claim.PRESENT, value, excerpt=printable(text)[:200])


def _say_blobs(file: File) -> Iterator[Said]:
    """Hold the table of blobs against the file."""
    count = int.from_bytes(file.head[:8], "little")
    if not 0 < count < 1 << 32 or file.size < 8 + ENTRY:
        return
    yield Format("espresso-weights")
    if count > MOST_BLOBS:
        raise TooLarge(f"a table of {count} blobs, the limit is {MOST_BLOBS}")
    table = file.read(8, ENTRY * count)
    sizes = [int.from_bytes(table[at + 8 : at + ENTRY], "little") for at in range(0, len(table), ENTRY)]
    end, span = 8 + len(table) + sum(sizes), Span(0, 8 + len(table), Unit.BYTES)
    role, details = role_of(file.path, (), "espresso-weights"), Weights(format="espresso-weights", tensors=sum(map(bool, sizes)))
    yield Found(role.component, Claim.PRESENT, role.value, span=span, details=details)
    if end > file.size:
        yield Found(Component.PARAMETERS, Claim.MISSING, "truncated", span=Span(file.size, file.size, Unit.BYTES))
        raise Malformed(f"truncated: its blobs need {end} bytes, the file has {file.size}")
    if file.size > end + ALIGNMENT * count:
        sightings = Sightings(file)
        message = f"{file.size - end} bytes behind the last blob belong to none"
        sightings.add("core-ml.trailing-bytes", Severity.MEDIUM, message, span=(end, file.size))
        yield from sightings.issues(SETTLE)
