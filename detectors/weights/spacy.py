"""spaCy: the parts of a pipeline, as a directory of files.

What it sees: files named `model` that are a map of nodes and parameters in MessagePack, as thinc writes them; files named `meta.json` that
name a language, a pipeline and a version of spaCy.
What it says: parameters are present: the arrays of each layer; bytes of other frameworks among them; the licence of the pipeline and the
data sets that it was trained on, each with its own terms.
What it cannot know: vectors of words, which stand in an array of NumPy beside. No array is read.
Source: thinc's `Model.to_bytes` and msgpack-numpy; spaCy's documentation of `meta.json`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.git.lfs import is_pointer
from inspector.licensing.metadata_terms import declare_metadata
from inspector.model import Claim, Component, Reference, Scope, Severity, printable
from inspector.pickles.symbols import DTYPES, SIZES
from inspector.serialization.events import Object
from inspector.serialization.msgpack_events import Data, Value, read_msgpack_events
from inspector.serialization.stream import Stream
from inspector.serialization.strict_json import Json, read_json
from inspector.weights.tally import TALLY_EMITS, Tally

BEGIN = b"\x84\xa5nodes"
MOST_SOURCES = 50
MOST_DIMENSIONS = 32
SHIMS, PARAMS = "shims", "params"
ARRAY = 3  # keys that lead to an array: the parameters, a layer, a name


@dataclass(slots=True)
class Described:
    """An array while its map is walked: its dtype, its shape, how many bytes its numbers have."""

    dtype: str = ""
    shape: list[int] = field(default_factory=list)
    size: int | None = None


@detector("spacy-model", wants=Wants(names=("model",)), formats=("spacy-model",), emits=TALLY_EMITS)
def spacy_model(file: File) -> Iterator[Said]:
    """Walk the map; arrays are skipped."""
    if not file.head.startswith(BEGIN):
        return
    yield Format("spacy-model")
    tally, stream = Tally(file, "spacy-model"), Stream(file.read, file.size)
    tally.take(lambda tally: _read(tally, stream))
    tally.is_empty_fine = True
    yield from tally.say()


def _read(tally: Tally, stream: Stream) -> None:
    array = Described()
    for path, value in read_msgpack_events(stream):
        if len(path) == ARRAY and path[0] == PARAMS:
            if isinstance(value, Object) and array.size is not None:
                _count(tally, path[-1], array)
            array = Described()
        elif len(path) > ARRAY and path[0] == PARAMS:
            _take_part(array, path[ARRAY], value)
        elif path and path[0] == SHIMS and isinstance(value, Data):
            message = "bytes of another framework stand inside, which are not counted and can hold a pickle"
            tally.sightings.add("spacy.shim", Severity.MEDIUM, message, span=(value.start, value.start + value.size))
    tally.end = stream.position


def _take_part(array: Described, key: str, value: Value) -> None:
    if key == "type" and isinstance(value, str):
        plain = value.lstrip("<>=|")
        array.dtype = DTYPES.get(plain, plain)
    elif key == "shape" and isinstance(value, int) and len(array.shape) < MOST_DIMENSIONS:
        array.shape.append(max(0, value))
    elif key == "data" and isinstance(value, Data):
        array.size = value.size


def _count(tally: Tally, name: str, array: Described) -> None:
    shape = tuple(array.shape)
    tally.add(name, array.dtype, shape)
    if array.dtype in SIZES and array.size != prod(shape) * SIZES[array.dtype]:
        message = "an array has another size than its shape and dtype need"
        tally.sightings.add("spacy.array-size", Severity.HIGH, message, name)


@detector(
    "spacy-meta",
    wants=Wants(names=("meta.json",)),
    formats=("spacy-meta",),
    emits={
        (Component.PARAMETERS, Claim.LICENSED),
        (Component.MODEL_METADATA, Claim.PRESENT),
        (Component.DATASETS, Claim.REFERENCED),
        (Component.PARAMETERS, Claim.REFERENCED),
    },
)
def spacy_meta(file: File) -> Iterator[Said]:
    """Read the licence and the sources."""
    if is_pointer(file) or b'"spacy_version"' not in file.whole():
        return
    values = read_json(file)
    if not isinstance(values.get("lang"), str) or not isinstance(values.get("pipeline"), list):
        return
    yield Format("spacy-meta")
    yield Found(Component.MODEL_METADATA, Claim.PRESENT, "spacy-meta")
    texts = {key: value for key, value in values.items() if isinstance(value, str)}
    yield from declare_metadata(texts, Scope.TREE)
    if name := "_".join(filter(None, (texts.get("lang"), texts.get("name")))):
        details = Reference(kind="name", target=printable(name[:300]))
        yield Found(Component.PARAMETERS, Claim.REFERENCED, printable(name[:200]), pointer="/name", details=details)
    sources = values.get("sources")
    for number, source in enumerate((sources if isinstance(sources, list) else [])[:MOST_SOURCES]):
        yield from _say_source(source, number)


def _say_source(source: Json, number: int) -> Iterator[Said]:
    fields = {key: value.strip() for key, value in source.items() if isinstance(value, str)} if isinstance(source, dict) else {}
    name, target = fields.get("name", ""), fields.get("url") or fields.get("name", "")
    if target:
        details = Reference(kind="url" if fields.get("url") else "dataset", target=printable(target[:500]))
        excerpt = printable(", ".join(filter(None, (name, fields.get("license")))))[:200]
        value = printable((name or target)[:200])
        yield Found(Component.DATASETS, Claim.REFERENCED, value, pointer=f"/sources/{number}", details=details, excerpt=excerpt or None)
