"""TFLite (LiteRT): models as tables of a FlatBuffer.

What it sees: files with `TFL3` at byte 4, under any name.
What it says: parameters are present: the tensors that have a buffer of their own, by type and shape; author, licence and other terms in the
metadata; files that are appended as a zip; operators that need other code, and those of TensorFlow that run code or touch files; buffers
that do not fit their tensors, and bytes behind the model.
What it cannot know: what the model was converted from. No buffer is read but the metadata.
Source: TensorFlow Lite's `schema.fbs` and `metadata_schema.fbs`; FlatBuffers' description of its binary format.
"""

from collections.abc import Iterator
from dataclasses import replace

from inspector.archives.directory import read_directory
from inspector.archives.findings import judge_names
from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.licensing.metadata_terms import declare_metadata
from inspector.model import Claim, Component, Severity, Span, Unit, printable
from inspector.sightings import Sightings
from inspector.weights.role import role_of
from inspector.weights.tensorflow_operators import judge_operator
from inspector.weights.tflite_model import SETTLE, TfliteModel, read_tflite

FLEX = "Flex"  # begins the names of TensorFlow's own operators
LARGEST_REST = 1024  # bytes: what a writer's tables may take behind the last buffer and name
TERMS = frozenset({"license", "description"})


@detector(
    "tflite",
    wants=Wants(magic=(Magic(b"TFL3", 4),)),
    formats=("tflite",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.PARAMETERS, Claim.LICENSED),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def tflite(file: File) -> Iterator[Said]:
    """Follow the tables, never a tensor's buffer."""
    yield Format("tflite")
    model, sightings, fault = TfliteModel(), Sightings(file), None
    try:
        read_tflite(file, model, sightings)
    except Malformed as error:
        fault = error
    if model.census.parameters:
        role = role_of(file.path, (), "tflite")
        details = model.census.weights("tflite", model.texts)
        yield Found(role.component, Claim.PRESENT, role.value, span=Span(0, file.size, Unit.BYTES), details=details)
    elif fault is None:
        sightings.add("tflite.no-tensors", Severity.LOW, "a TFLite model without a single tensor element")
    yield from _say_metadata(model)
    _judge_operators(model, sightings)
    if fault is None:
        _judge_rest(file, model, sightings)
    yield from sightings.issues(SETTLE)
    if fault is not None:
        yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", span=Span(file.size, file.size, Unit.BYTES))
        raise fault


def _say_metadata(model: TfliteModel) -> Iterator[Said]:
    for declared in declare_metadata({key: model.texts[key][0] for key in TERMS if key in model.texts}):
        place = model.texts.get(declared.pointer or "", ("", 0, 0))
        yield replace(declared, span=Span(place[1], place[2], Unit.BYTES)) if place[2] else declared
    for key in ("name", "author"):
        if (text := model.texts.get(key)) and text[0]:
            span = Span(text[1], text[2], Unit.BYTES)
            yield Found(Component.MODEL_METADATA, Claim.PRESENT, key, span=span, excerpt=printable(text[0])[:200])


def _judge_operators(model: TfliteModel, sightings: Sightings) -> None:
    for name in model.operators:
        if name.startswith(FLEX):
            judge_operator(name.removeprefix(FLEX), "", sightings, printable(name))
        else:
            message = "operators that are not TFLite's own: their library has to be loaded, and trusted, to run the model"
            sightings.add("tflite.custom-operator", Severity.MEDIUM, message, printable(name) or "?")


def _judge_rest(file: File, model: TfliteModel, sightings: Sightings) -> None:
    """Look at what stands behind the tables: files that belong to the model are appended as a zip."""
    if file.size - model.last <= LARGEST_REST:
        return
    try:
        directory = read_directory(file)
    except Malformed:
        message = f"{file.size - model.last} bytes stand behind all that the model's tables lead to"
        sightings.add("tflite.trailing-bytes", Severity.MEDIUM, message, span=(model.last, file.size))
        return
    judge_names((member.name for member in directory.members), sightings)
