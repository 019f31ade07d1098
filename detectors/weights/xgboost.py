"""XGBoost: boosted trees and linear models.

What it sees: models in JSON and UBJSON (an object whose first key is `learner`, or the snapshot of both model and configuration), and in the
older binary format, with `binf` before it or without. The base64 form of the first versions is named, not read.
What it says: parameters are present: each tree as one tensor of as many numbers as it has nodes, thresholds and leaves, or the weights of a
linear model; the booster; where trees contradict the number of nodes they announce, and where the model ends before its file does.
What it cannot know: which data the trees were grown on, and whether features are named truthfully.
Source: XGBoost's documentation on its model files and its JSON schema; records written by version 2.1 for the binary format.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Reference, Severity, Span, Unit, printable
from inspector.serialization.json_events import read_json_events
from inspector.serialization.stream import Stream
from inspector.serialization.ubjson import read_ubjson_events
from inspector.sightings import Sightings
from inspector.weights.forest import Forest
from inspector.weights.role import role_of
from inspector.weights.xgboost_model import ModelReader, begins_binary, read_binary

BINARY, BASE64 = b"binf", b"bs64\t"
UBJSON = tuple(b"{L" + len(key).to_bytes(8, "big") + key + b"{" for key in (b"learner", b"Config", b"Model"))
JSON = re.compile(
    rb'\s*\{\s*(?:"version"\s*:\s*\[[\d,\s]{1,40}\]\s*,\s*)?(?:"(?:Model|Config)"\s*:\s*\{\s*)?"learner"\s*:\s*\{\s*'
    rb'"(?:attributes|feature_names|feature_types|gradient_booster|learner_model_param|generic_param|objective)"\s*:'
)
SETTLE = "Save the model again with XGBoost, or fetch the file again from its origin and compare digests."


@detector(
    "xgboost",
    wants=Wants(
        suffixes=(".json", ".ubj", ".xgb", ".bst", ".model", ".bin", ".raw", ".deprecated"),
        magic=(Magic(BINARY), Magic(BASE64), Magic(b'{"learner"'), *map(Magic, UBJSON)),
    ),
    formats=("xgboost-json", "xgboost-ubjson", "xgboost-binary"),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.REFERENCED),
    },
)
def xgboost(file: File) -> Iterator[Said]:
    """Walk the model once; numbers are counted, never kept."""
    kind = None if is_pointer(file) else _kind(file)
    if kind is None:
        return
    yield Format(kind)
    if file.head.startswith(BASE64):
        raise Malformed("the base64 form of XGBoost's first versions, which is not read")
    reader, fault, end = ModelReader(), None, file.size
    try:
        end = _read(file, kind, reader)
    except Malformed as error:
        fault = error
    yield from _say(file, kind, reader.forest, end)
    if fault is not None:
        broken = "truncated" if str(fault).startswith("truncated") else "damaged"
        yield Found(Component.PARAMETERS, Claim.MISSING, broken, span=Span(file.size, file.size, Unit.BYTES))
        raise fault


def _kind(file: File) -> str | None:
    if file.head.startswith((BINARY, BASE64)) or begins_binary(file.head):
        return "xgboost-binary"
    if file.head.startswith(UBJSON):
        return "xgboost-ubjson"
    return "xgboost-json" if JSON.match(file.head) else None


def _read(file: File, kind: str, reader: ModelReader) -> int:
    """Read the model and say at which byte it ends; raises Malformed where it breaks."""
    if kind == "xgboost-json":
        reader.read(read_json_events(file))
        end = file.size
    else:
        stream = Stream(file.read, file.size, len(BINARY) if file.head.startswith(BINARY) else 0)
        if kind == "xgboost-binary":
            read_binary(stream, reader.forest)
            return stream.position
        reader.read(read_ubjson_events(stream))
        end = stream.position
    if not reader.is_model:
        raise Malformed("it has no gradient booster: no model of XGBoost")
    return end


def _say(file: File, kind: str, forest: Forest, end: int) -> Iterator[Said]:
    """Give the evidence and the issues of what was read up to a byte."""
    sightings = Sightings(file)
    if forest.census.parameters:
        role = role_of(file.path, (), "xgboost")
        details = forest.census.weights(kind, forest.keys)
        yield Found(role.component, Claim.PRESENT, role.value, span=Span(0, end, Unit.BYTES), details=details)
    else:
        sightings.add("xgboost.no-parameters", Severity.LOW, "a model of XGBoost without a single tree or weight")
    if forest.booster:
        name = " ".join(filter(None, (printable(forest.booster), printable(forest.objective))))
        version = f"XGBoost {forest.version}" if forest.version else None
        yield Found(Component.ARCHITECTURE, Claim.REFERENCED, name, details=Reference(kind="package", target="xgboost"), excerpt=version)
    if forest.announced is not None and forest.announced != forest.trees:
        message = f"{forest.announced} trees are announced, {forest.trees} are there"
        sightings.add("xgboost.tree-count", Severity.HIGH, message)
    for name in forest.broken:
        message = "a tree's arrays are not as long as it announces, or its id is not its place: loaders read beyond them"
        sightings.add("xgboost.broken-tree", Severity.HIGH, message, name)
    if end < file.size:
        message = f"{file.size - end} bytes behind the model belong to nothing"
        sightings.add("xgboost.trailing-bytes", Severity.MEDIUM, message, span=(end, file.size))
    yield from sightings.issues(SETTLE)
