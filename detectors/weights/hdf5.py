"""HDF5: weights of Keras, of transformers' `tf_model.h5`, and of whoever names datasets as weights.

What it sees: files with HDF5's magic at their start, or behind a block of the user's own.
What it says: parameters are present, their tensors by shape and dtype; the state of an optimizer beside them; the class of the Keras model
and the configuration of its training; bytecode, pickles, other files and foreign modules that building the model from its configuration
would run, open, read or import; datasets and links that lead into other files, and sizes that contradict each other.
What it cannot know: what packed datasets hold, and whether a file of data sets is named as if it were weights. No dataset is read.
Source: the HDF5 File Format Specification 3.0; Keras' `legacy_h5_format` and `serialization_lib`.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.licensing.metadata_terms import declare_metadata
from inspector.model import Claim, Component, Reference, Severity, Span, Unit, printable
from inspector.serialization.json_events import InMemory, read_json_events
from inspector.sightings import Sightings
from inspector.weights.hdf5_file import BEGINNINGS, MAGIC
from inspector.weights.hdf5_tree import Text
from inspector.weights.hdf5_weights import Hdf5Weights, find_hdf5, read_hdf5, read_text
from inspector.weights.keras_config import SETTLE, judge_config
from inspector.weights.role import role_of

SMALL = 1 << 16  # bytes of a text that is looked at for terms
BROKEN = "Save the model again, or fetch the file again from its origin and compare digests."


@detector(
    "hdf5",
    wants=Wants(magic=tuple(Magic(MAGIC, at) for at in BEGINNINGS)),
    formats=("hdf5",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.PARAMETERS, Claim.LICENSED),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.REFERENCED),
    },
)
def hdf5(file: File) -> Iterator[Said]:
    """Walk groups and the headers of datasets, and the configuration of the model."""
    if (begin := find_hdf5(file)) is None:
        return
    yield Format("hdf5")
    told, sightings, config, fault = Hdf5Weights(), Sightings(file), Sightings(file), None
    try:
        read_hdf5(file, begin, told, sightings)
    except Malformed as error:
        fault = error
    yield from _say_weights(file, told, sightings)
    yield from _say_texts(file, told, config)
    yield from sightings.issues(BROKEN)
    yield from config.issues(SETTLE)
    if fault is not None:
        if told.is_weights or not told.model.tensors:
            broken = "truncated" if str(fault).startswith("truncated") else "damaged"
            yield Found(Component.PARAMETERS, Claim.MISSING, broken, span=Span(file.size, file.size, Unit.BYTES))
        raise fault


def _say_weights(file: File, told: Hdf5Weights, sightings: Sightings) -> Iterator[Found]:
    if told.is_weights:
        span, names = Span(told.begin, min(file.size, max(told.begin, told.end)), Unit.BYTES), [text.name for text in told.texts]
        if told.model.parameters:
            role = role_of(file.path, (), "hdf5")
            yield Found(role.component, Claim.PRESENT, role.value, span=span, details=told.model.weights("hdf5", names))
        if told.optimizer.parameters:
            yield Found(Component.CHECKPOINTS, Claim.PRESENT, "optimizer-state", span=span, details=told.optimizer.weights("hdf5"))
    if told.begin:
        message = f"{told.begin} bytes stand before the HDF5 file: another reader may take them for the file"
        sightings.add("hdf5.user-block", Severity.LOW, message, span=(0, told.begin))
    if told.begin < told.end < file.size:
        message = f"{file.size - told.end} bytes behind the end that the file names belong to nothing"
        sightings.add("hdf5.trailing-bytes", Severity.MEDIUM, message, span=(told.end, file.size))


def _say_texts(file: File, told: Hdf5Weights, config: Sightings) -> Iterator[Said]:
    texts = {text.name: text for text in reversed(told.texts)}
    small = {name: read_text(file, text).decode("utf-8", "replace") for name, text in texts.items() if text.end - text.start <= SMALL}
    if told.is_weights:
        yield from declare_metadata({key: value for key, value in small.items() if not key.endswith("_config")})
    if version := small.get("keras_version"):
        yield _found(Component.MODEL_METADATA, Claim.PRESENT, "producer", texts["keras_version"], f"Keras {version}")
    if "training_config" in texts:
        yield _found(Component.MODEL_METADATA, Claim.PRESENT, "training-configuration", texts["training_config"])
    if (text := texts.get("model_config")) is not None:
        try:
            found = judge_config(read_json_events(InMemory(read_text(file, text))), config, text.start, "model_config")
        except Malformed as error:
            message = f"the configuration of the model cannot be read, so that nobody knows what it runs: {error}"[:300]
            config.add("keras.broken-config", Severity.MEDIUM, message, "model_config", (text.start, text.end))
            return
        if found.whole:
            named = _found(Component.ARCHITECTURE, Claim.REFERENCED, printable(found.whole), text, printable(found.name))
            yield named


def _found(component: Component, claim: Claim, value: str, text: Text, excerpt: str = "") -> Found:
    span, details = Span(text.start, text.end, Unit.BYTES), None
    if component is Component.ARCHITECTURE:
        details = Reference(kind="package", target="keras")
    return Found(component, claim, value, span=span, pointer=text.name, details=details, excerpt=printable(excerpt)[:200] or None)
