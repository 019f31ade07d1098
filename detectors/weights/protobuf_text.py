"""Protocol Buffers as text: SavedModels and graphs of TensorFlow, and the configuration by which Triton serves a model.

What it sees: files named `.pbtxt` or `.pbtext` that have the nodes of a graph, or a Triton model's name, platform or backend.
What it says: variables of a SavedModel, which a checkpoint beside holds; operators that run code, touch files or connect, by line; of a
Triton configuration that it is there, and a backend that runs code of the directory.
What it cannot know: constants written out in the text are not counted. Nothing is run.
Source: TensorFlow's `saved_model.proto` and `graph.proto`; Triton's `model_config.proto`; the text format of Protocol Buffers.
"""

import re
from collections.abc import Iterator

from inspector.beside import find_beside
from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import TooLarge
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Reference, Severity, Span, Stored, Unit, printable
from inspector.sightings import Sightings
from inspector.weights.tensorflow_graph import VARIABLES
from inspector.weights.tensorflow_operators import judge_operator

GRAPH = re.compile(rb"(?m)^\s*(?:meta_graphs|graph_def|node)\s*:?\s*\{")
SAVED = re.compile(rb"(?m)^\s*saved_model_schema_version\s*:")
TRITON = re.compile(rb'(?m)^\s*(?:platform|backend)\s*:\s*"([\w./-]{1,100})"')
SERVED = re.compile(rb"(?m)^\s*(?:input|output|max_batch_size|instance_group|ensemble_scheduling|parameters)\s*[:\[{]")
NODE = re.compile(rb'(?:^|[\s{;])(name|op)\s*:\s*"([^"\n\\]{1,300})"')
BLOCK, OVERLAP, LARGEST = 1 << 20, 1024, 1 << 30
INDEX, SMALLEST_INDEX = "variables/variables.index", 48
SETTLE = "Load the graph or serve the model only where you trust its origin, or look at what is named before you do."


@detector(
    "protobuf-text",
    wants=Wants(suffixes=(".pbtxt", ".pbtext")),
    formats=("savedmodel-text", "graphdef-text", "triton-config"),
    emits={
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.MODEL_METADATA, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.REFERENCED),
    },
)
def protobuf_text(file: File) -> Iterator[Said]:
    """Scan the lines for the operators of nodes, or for a backend."""
    if is_pointer(file):
        return
    saved = SAVED.search(file.head) is not None
    if saved or GRAPH.search(file.head):
        yield Format("savedmodel-text" if saved else "graphdef-text")
        yield from _say_graph(file, saved=saved)
    elif (platform := TRITON.search(file.head)) is not None and SERVED.search(file.head):
        yield Format("triton-config")
        yield from _say_triton(file, platform[1].decode())


def _say_graph(file: File, *, saved: bool) -> Iterator[Said]:
    if file.size > LARGEST:
        raise TooLarge(f"a text of {file.size} bytes, the limit is {LARGEST}")
    sightings, variables, name = Sightings(file), 0, ""
    for key, text, start, end in _read_pairs(file):
        if key == b"name":
            name = text
            continue
        variables += text in VARIABLES
        judge_operator(text, name, sightings, printable(name), (start, end))
    if saved and variables:
        stored = Stored(files=(find_beside(file.path, INDEX),), size=SMALLEST_INDEX)
        yield Found(Component.PARAMETERS, Claim.REFERENCED, INDEX, details=stored)
    yield from sightings.issues(SETTLE)


def _read_pairs(file: File) -> Iterator[tuple[bytes, str, int, int]]:
    """Give names and operators in the order of the text, with the bytes at which they stand."""
    start = 0
    while start < file.size:
        data, last = file.read(start, min(BLOCK + OVERLAP, file.size - start)), 0
        for match in NODE.finditer(data):
            if match.start() >= BLOCK:
                break
            last = match.end()
            yield match[1], match[2].decode("utf-8", "replace"), start + match.start(2), start + match.end(2)
        start += max(BLOCK, last)


def _say_triton(file: File, platform: str) -> Iterator[Said]:
    span = Span(0, min(file.size, len(file.head)), Unit.BYTES)
    yield Found(Component.MODEL_METADATA, Claim.PRESENT, "serving-configuration", span=span, excerpt=f"Triton {platform}"[:200])
    details = Reference(kind="package", target=platform)
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, platform, span=span, details=details)
    if platform == "python":
        sightings = Sightings(file)
        message = "the backend runs model.py of a directory beside for every request"
        sightings.add("triton.code", Severity.MEDIUM, message, "backend")
        yield from sightings.issues(SETTLE)
