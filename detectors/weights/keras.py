"""Keras 3: a zip file of the model's configuration and its weights.

What it sees: zip files with a `config.json` and a member `model.weights`, under any name.
What it says: parameters are present: the tensors of the HDF5 file inside, and the state of an optimizer beside them; the
class of the model, the version of Keras, the configuration of its training; bytecode, pickles, other files and foreign modules that
building the model from its configuration would run, open, read or import; members that contradict the zip's directory or lead elsewhere.
What it cannot know: what code of the author's own does that the configuration names. Nothing is unpacked or imported.
Source: Keras' `saving_lib` and `serialization_lib`; the HDF5 File Format Specification 3.0; PKWARE's APPNOTE for the zip.
"""

from collections.abc import Iterator
from contextlib import suppress

import msgspec

from detectors.weights.npz import Arrays, read_arrays
from inspector.archives.directory import MAGIC, STORED, Directory, Member, read_directory, read_member
from inspector.archives.findings import judge_gaps, judge_names
from inspector.archives.part import Part
from inspector.bundle import File
from inspector.decoding import decode_json
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Issue, Reference, Severity, Span, Unit, printable
from inspector.serialization.json_events import InMemory, read_json_events
from inspector.serialization.protobuf import Readable
from inspector.sightings import Sightings
from inspector.weights.hdf5_weights import Hdf5Weights, find_hdf5, read_hdf5
from inspector.weights.keras_config import SETTLE, judge_config
from inspector.weights.pickled import count_into, judge_globals
from inspector.weights.role import role_of

CONFIG, ABOUT, WEIGHTS = "config.json", "metadata.json", ("model.weights.h5", "model.weights.npz")
LARGEST_CONFIG = 64 * 2**20  # bytes
LARGEST_PACKED = 32 * 2**20  # bytes of weights that are inflated
LARGEST_ABOUT = 1 << 16  # bytes


class About(msgspec.Struct):
    """Which Keras wrote the file, and when."""

    keras_version: str = ""
    date_saved: str = ""


@detector(
    "keras",
    wants=Wants(suffixes=(".keras",), magic=(Magic(MAGIC),)),
    formats=("keras",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.REFERENCED),
    },
)
def keras(file: File) -> Iterator[Said]:
    """Walk the configuration, and the headers of the weights."""
    if not file.head.startswith(MAGIC):
        return
    try:
        directory = read_directory(file)
    except Malformed:
        if file.suffix == ".keras":
            yield Format("keras")
            raise
        return
    members = {member.name: member for member in directory.members}
    weights = next((members[name] for name in WEIGHTS if name in members), None)
    if CONFIG not in members or (weights is None and file.suffix != ".keras"):
        return
    yield Format("keras")
    sightings, faults = Sightings(file), list[Malformed]()
    _judge_zip(directory, sightings)
    try:
        yield from _say_config(file, members, sightings)
    except Malformed as error:
        faults.append(error)
    try:
        yield from _say_weights(file, weights, sightings)
    except Malformed as error:
        faults.append(error)
    yield from sightings.issues(SETTLE)
    for fault in faults:
        raise fault


def _judge_zip(directory: Directory, sightings: Sightings) -> None:
    judge_names((member.name for member in directory.members), sightings)
    judge_gaps(directory.gaps, sightings)
    for member in directory.members:
        if member.name not in {CONFIG, ABOUT, *WEIGHTS} and not member.name.startswith("assets/"):
            message = "a member that is no part of the format: no reader looks at it"
            sightings.add("keras.unknown-member", Severity.LOW, message, member.name)


def _say_config(file: File, members: dict[str, Member], sightings: Sightings) -> Iterator[Found]:
    if (about := members.get(ABOUT)) is not None:
        with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            said = decode_json(read_member(file, about, LARGEST_ABOUT)[0], About)
            told = printable(f"Keras {said.keras_version}")[:200]
            yield Found(Component.MODEL_METADATA, Claim.PRESENT, "producer", span=_span(about), member=ABOUT, excerpt=told)
    member = members[CONFIG]
    data, intact = read_member(file, member, LARGEST_CONFIG)
    if not intact:
        sightings.add("archive.checksum", Severity.MEDIUM, "the checksum of the configuration is wrong", CONFIG)
    config = judge_config(read_json_events(InMemory(data)), sightings, member.start if member.method == STORED else 0, CONFIG)
    if config.whole:
        details, name = Reference(kind="package", target="keras"), printable(config.name) or None
        yield Found(
            Component.ARCHITECTURE,
            Claim.REFERENCED,
            printable(config.whole),
            span=_span(member),
            member=CONFIG,
            details=details,
            excerpt=name,
        )
    if "compile_config" in config.keys:
        pointer = "/compile_config"
        yield Found(Component.MODEL_METADATA, Claim.PRESENT, "training-configuration", span=_span(member), pointer=pointer, member=CONFIG)


def _span(member: Member) -> Span:
    return Span(member.start, member.start + member.stored, Unit.BYTES)


def _say_weights(file: File, member: Member | None, sightings: Sightings) -> Iterator[Found | Issue]:
    if member is None:
        yield Found(Component.PARAMETERS, Claim.MISSING, "no-weights", span=Span(file.size, file.size, Unit.BYTES))
        return
    if member.name.endswith(".npz"):
        yield from _say_arrays(file, member, sightings)
        return
    told, fault = Hdf5Weights(keras=True), None
    try:
        inside = _open_member(file, member)
        if (begin := find_hdf5(inside)) is None:
            raise Malformed(f"{member.name} is no HDF5 file")  # noqa: TRY301  one way out for all that is broken
        read_hdf5(inside, begin, told, sightings, f"{member.name}!/")
    except Malformed as error:
        fault = error
    if told.model.parameters:
        role = role_of(file.path, (), "keras")
        details = told.model.weights("keras")
        yield Found(role.component, Claim.PRESENT, role.value, span=_span(member), member=member.name, details=details)
    if told.optimizer.parameters:
        details = told.optimizer.weights("keras")
        yield Found(Component.CHECKPOINTS, Claim.PRESENT, "optimizer-state", span=_span(member), member=member.name, details=details)
    if fault is not None:
        yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", span=_span(member), member=member.name)
        raise fault


def _say_arrays(file: File, member: Member, sightings: Sightings) -> Iterator[Found | Issue]:
    """Count weights that are arrays of NumPy: Keras writes each layer's as a pickled dictionary."""
    message = "weights as pickled arrays, which Keras itself does not open any more"
    sightings.add("keras.pickle", Severity.HIGH, message, member.name)
    if member.method != STORED:
        raise Malformed(f"{member.name} is packed; arrays are read where they stand")
    inside, arrays = Part(file, member.name, member.start, member.stored), Arrays()
    read_arrays(inside, read_directory(inside), arrays, sightings)
    yield from judge_globals(file, [(listing, f"{member.name}!/{name}") for listing, name in arrays.listings])
    for listing, _ in arrays.listings:
        count_into(arrays.census, listing)
    if arrays.census.parameters:
        role, details = role_of(file.path, (), "keras"), arrays.census.weights("keras")
        yield Found(role.component, Claim.PRESENT, role.value, span=_span(member), member=member.name, details=details)
    if arrays.fault:
        yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", span=_span(member), member=member.name)
        raise Malformed(arrays.fault)


def _open_member(file: File, member: Member) -> Readable:
    """Give the bytes of a member: where it stands, or inflated where it is small."""
    if member.method == STORED:
        return Part(file, member.name, member.start, member.stored)
    return InMemory(read_member(file, member, LARGEST_PACKED)[0])
