"""TensorFlow SavedModel: graphs with their functions, and the names of the variables and assets beside them.

What it sees: files that begin as `saved_model.pb` does and hold a graph, under any name; `keras_metadata.pb` and `fingerprint.pb` beside
them.
What it says: parameters are present where they are constants of the graph, and referenced where they are variables, which a checkpoint
beside holds; the version that wrote it; operators, in graphs and functions, that run code, touch files or connect; bytecode and foreign
modules in the configuration of Keras' layers; assets outside of the directory; constants that do not fit their shape.
What it cannot know: operators of others, which only their library defines. Nothing is run.
Source: TensorFlow's `saved_model.proto`, `meta_graph.proto`, `graph.proto`; Keras' `saved_metadata.proto`.
"""

from collections.abc import Iterator

from inspector.beside import find_beside
from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Severity, Span, Stored, Unit
from inspector.serialization.protobuf import BYTES, VARINT, Window, read_fields
from inspector.sightings import Sightings
from inspector.weights.role import role_of
from inspector.weights.tensorflow_findings import SETTLE, judge_graph, judge_layers, say_version
from inspector.weights.tensorflow_graph import TensorflowGraph, is_meta_graph

NAME, KERAS, FINGERPRINT = "saved_model.pb", "keras_metadata.pb", "fingerprint.pb"
VARIABLES = "variables/variables.index"
SMALLEST_INDEX = 48  # bytes of the footer of a checkpoint's table
MOST_LAYERS = 100_000


@detector(
    "savedmodel",
    wants=Wants(names=(NAME, KERAS, FINGERPRINT), magic=(Magic(b"\x08\x01\x12"),)),
    formats=("savedmodel", "savedmodel-keras-metadata", "savedmodel-fingerprint"),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def savedmodel(file: File) -> Iterator[Said]:
    """Walk the fields of graphs and functions."""
    if is_pointer(file):
        return
    if file.name.casefold() == FINGERPRINT:
        yield from _say_fingerprint(file)
    elif file.name.casefold() == KERAS:
        yield from _say_keras(file)
    elif _is_saved_model(file):
        yield from _say_graph(file)


def _is_saved_model(file: File) -> bool:
    """Look for a graph in the first of the meta graphs."""
    promised = file.name.casefold() == NAME and file.head.startswith(b"\x08\x01")
    window = Window(file)
    try:
        for item in read_fields(window, 0, file.size):
            if item.number == 2 and item.wire == BYTES:
                return is_meta_graph(window, item.start, item.end) or promised
            if item.number != 1:
                return promised
    except Malformed:
        return promised
    return promised


def _say_graph(file: File) -> Iterator[Said]:
    yield Format("savedmodel")
    window, sightings, fault = Window(file), Sightings(file), None
    graph = TensorflowGraph(window)
    try:
        graph.read("saved", 0, file.size)
    except Malformed as error:
        fault = error
    span = Span(0, file.size, Unit.BYTES)
    if graph.variables:
        stored = Stored(files=(find_beside(file.path, VARIABLES),), size=SMALLEST_INDEX)
        yield Found(Component.PARAMETERS, Claim.REFERENCED, VARIABLES, span=span, details=stored)
    elif graph.census.parameters:
        role = role_of(file.path, (), "savedmodel")
        yield Found(role.component, Claim.PRESENT, role.value, span=span, details=graph.census.weights("savedmodel"))
    yield from say_version(graph)
    judge_graph(window, graph, sightings)
    yield from sightings.issues(SETTLE)
    if fault is not None:
        yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", span=Span(file.size, file.size, Unit.BYTES))
        raise fault


def _say_keras(file: File) -> Iterator[Said]:
    """Judge the configurations of layers that Keras keeps beside a SavedModel."""
    window, places = Window(file), list[tuple[int, int]]()
    for item in read_fields(window, 0, file.size):
        if item.number != 1 or item.wire != BYTES or len(places) >= MOST_LAYERS:
            raise Malformed(f"no metadata of Keras, or of more than {MOST_LAYERS} layers: field {item.number} at byte {item.start}")
        places += [(part.start, part.end) for part in read_fields(window, item.start, item.end) if part.number == 5 and part.wire == BYTES]
    yield Format("savedmodel-keras-metadata")
    sightings = Sightings(file)
    judge_layers(window, places, sightings)
    yield from sightings.issues(SETTLE)


def _say_fingerprint(file: File) -> Iterator[Said]:
    """Recognise the digests that TensorFlow writes beside a SavedModel; anything else in their place is an issue."""
    wires = [(item.number, item.wire) for item in read_fields(Window(file), 0, file.size)]
    if not wires:
        return
    yield Format("savedmodel-fingerprint")
    if any(number > 7 or (number < 6 and wire not in {VARINT, 1}) for number, wire in wires):
        sightings = Sightings(file)
        message = "fields that are not in the format, and that readers ignore: they can hold anything"
        sightings.add("tensorflow.unknown-field", Severity.MEDIUM, message, None, (0, file.size))
        yield from sightings.issues(SETTLE)
