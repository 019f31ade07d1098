"""TensorFlow graphs alone: frozen graphs, and the graphs that version 1 wrote beside checkpoints.

What it sees: files named `.pb`, `.graphdef` or `.meta` whose first node has a name and the name of an operator.
What it says: parameters are present where the graph is frozen: its constants by dtype and shape; the version that wrote it; operators, in
the graph and its functions, that run code, touch files or connect; constants that do not fit their shape.
What it cannot know: operators of others, which only their library defines. Nothing is run.
Source: TensorFlow's `graph.proto`, `meta_graph.proto`, `node_def.proto`, `tensor.proto`.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Span, Unit
from inspector.serialization.protobuf import Window
from inspector.sightings import Sightings
from inspector.weights.role import role_of
from inspector.weights.tensorflow_findings import SETTLE, judge_graph, say_version
from inspector.weights.tensorflow_graph import TensorflowGraph, is_graph, is_meta_graph

NAMES = {"graph": "graphdef", "meta": "metagraph"}


@detector(
    "graphdef",
    wants=Wants(suffixes=(".pb", ".graphdef", ".meta")),
    formats=("graphdef", "metagraph"),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def graphdef(file: File) -> Iterator[Said]:
    """Walk the fields of the graph and its functions."""
    if is_pointer(file) or not file.head.startswith(b"\x0a") or (kind := _kind_of(file)) is None:
        return
    yield Format(NAMES[kind])
    window, sightings, fault = Window(file), Sightings(file), None
    graph = TensorflowGraph(window)
    try:
        graph.read(kind, 0, file.size)
    except Malformed as error:
        fault = error
    if graph.census.parameters and not graph.variables:
        role = role_of(file.path, (), "graphdef")
        details = graph.census.weights(NAMES[kind])
        yield Found(role.component, Claim.PRESENT, role.value, span=Span(0, file.size, Unit.BYTES), details=details)
    yield from say_version(graph)
    judge_graph(window, graph, sightings)
    yield from sightings.issues(SETTLE)
    if fault is not None:
        if kind == "graph":
            yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", span=Span(file.size, file.size, Unit.BYTES))
        raise fault


def _kind_of(file: File) -> str | None:
    """Tell a graph from a graph with what belongs to it, by their first fields; `None` for other messages."""
    window = Window(file)
    for kind, is_one in (("graph", is_graph), ("meta", is_meta_graph)):
        try:
            if is_one(window, 0, file.size):
                return kind
        except Malformed:
            continue
    return None
