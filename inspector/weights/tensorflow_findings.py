"""What a followed TensorFlow graph amounts to: its constants, the version that wrote it, operators that do more than compute."""

from collections.abc import Iterator

from inspector.beside import leads_out
from inspector.detector import Found
from inspector.errors import Malformed
from inspector.model import Claim, Component, Severity, Span, Unit, printable
from inspector.serialization.json_events import InMemory, read_json_events
from inspector.serialization.protobuf import Window
from inspector.sightings import Sightings
from inspector.weights.keras_config import judge_config
from inspector.weights.tensorflow_graph import TensorflowGraph
from inspector.weights.tensorflow_operators import judge_operator

LARGEST_CONFIG = 4 * 2**20  # bytes of the configuration of one layer
MOST_BROKEN = 50
SETTLE = "Load the graph only where you trust its origin, or look at the nodes that are named before you do."


def judge_graph(window: Window, graph: TensorflowGraph, sightings: Sightings) -> None:
    """Note operators that run code or touch files, constants of a wrong size, assets that lie elsewhere, and code in layers of Keras."""
    for remark in graph.remarks:
        judge_operator(remark.operator, remark.scope, sightings, printable(remark.scope), (remark.start, remark.end))
    for said in graph.wrong:
        message = "shape and dtype need another number of bytes than a constant has"
        sightings.add("tensorflow.size-mismatch", Severity.HIGH, message, printable(said.text), (said.start, said.end))
    for said in graph.assets:
        if leads_out(said.text):
            message = "the graph names an asset outside of its directory"
            sightings.add("tensorflow.asset-outside", Severity.HIGH, message, printable(said.text), (said.start, said.end))
    judge_layers(window, [(said.start, said.end) for said in graph.layers], sightings)


def judge_layers(window: Window, places: list[tuple[int, int]], sightings: Sightings) -> None:
    """Judge the configurations of Keras' layers that stand at ranges of bytes, each a JSON object."""
    for start, end in places:
        data = window.take(start, min(end, start + LARGEST_CONFIG))
        if not data.startswith(b"{"):
            continue
        try:
            judge_config(read_json_events(InMemory(data)), sightings, start, "metadata")
        except Malformed:
            message = "the configuration of a layer cannot be read, so that nobody knows what it runs"
            sightings.add("keras.broken-config", Severity.MEDIUM, message, None, (start, end))


def say_version(graph: TensorflowGraph) -> Iterator[Found]:
    """Name the version of TensorFlow that wrote the graph."""
    if graph.version is not None and graph.version.text.strip():
        span, shown = Span(graph.version.start, graph.version.end, Unit.BYTES), printable(f"TensorFlow {graph.version.text}")[:200]
        yield Found(Component.MODEL_METADATA, Claim.PRESENT, "producer", span=span, excerpt=shown)
