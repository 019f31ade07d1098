"""CatBoost: boosted trees, in its binary format and in JSON.

What it sees: files that begin with `CBM1`, and JSON objects whose first key is that of CatBoost's features or counters.
What it says: parameters are present: each tree as one tensor of its thresholds and leaf values; the loss it was trained for; the parameters
of the training that it carries; a licence in its metadata; where trees contradict each other, and what follows the model.
What it cannot know: which data the trees were grown on. Tables of counters of categories belong to the model and are not counted.
Source: CatBoost's `model.fbs` and its documentation of the JSON model; models that version 1.2 wrote.
"""

import re
from collections.abc import Iterator

import msgspec

from inspector.bundle import File
from inspector.decoding import decode_json
from inspector.detector import Declared, Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Reference, Scope, Severity, Span, Unit, printable
from inspector.serialization.json_events import read_json_events
from inspector.sightings import Sightings
from inspector.weights.catboost_model import Boosted, Info, read_model_events, read_tables
from inspector.weights.role import role_of

MAGIC = b"CBM1"
JSON = re.compile(
    rb'\s*\{\s*(?:"features_info"\s*:\s*\{\s*"(?:categorical|float|text|embedding|ctrs|one_hot)|"ctr_data"\s*:\s*\{\s*"\{\\"identifier\\")'
)
LICENSE = frozenset({"license", "licence"})
SETTLE = "Save the model again with CatBoost, or fetch the file again from its origin and compare digests."


class Loss(msgspec.Struct):
    """The name of a loss."""

    type: str = ""


class Parameters(msgspec.Struct):
    """The one parameter of a training that is needed."""

    loss_function: Loss = msgspec.field(default_factory=Loss)


@detector(
    "catboost",
    wants=Wants(suffixes=(".json",), magic=(Magic(MAGIC),)),
    formats=("catboost-binary", "catboost-json"),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.PARAMETERS, Claim.LICENSED),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.REFERENCED),
    },
)
def catboost(file: File) -> Iterator[Said]:
    """Follow the tables, or walk the JSON once."""
    binary = file.head.startswith(MAGIC)
    if not binary and JSON.match(file.head) is None:
        return
    kind = "catboost-binary" if binary else "catboost-json"
    yield Format(kind)
    boosted, fault = Boosted(), None
    try:
        if binary:
            read_tables(file, boosted)
        else:
            read_model_events(read_json_events(file), boosted)
    except Malformed as error:
        fault = error
    yield from _say(file, kind, boosted)
    yield from _say_infos(boosted)
    if fault is not None:
        broken = "truncated" if str(fault).startswith("truncated") else "damaged"
        yield Found(Component.PARAMETERS, Claim.MISSING, broken, span=Span(file.size, file.size, Unit.BYTES))
        raise fault


def _say(file: File, kind: str, boosted: Boosted) -> Iterator[Said]:
    forest, sightings = boosted.forest, Sightings(file)
    if forest.census.parameters:
        role = role_of(file.path, (), "catboost")
        span = Span(0, min(file.size, boosted.end or file.size), Unit.BYTES)
        yield Found(role.component, Claim.PRESENT, role.value, span=span, details=forest.census.weights(kind, forest.keys))
    else:
        sightings.add("catboost.no-trees", Severity.LOW, "a model of CatBoost without a single tree")
    objective = forest.objective or _loss(boosted)
    name = printable(" ".join(filter(None, (forest.booster, objective))))[:200]
    if name:
        yield Found(Component.ARCHITECTURE, Claim.REFERENCED, name, details=Reference(kind="package", target="catboost"))
    for place in forest.broken:
        message = "the numbers of splits, nodes and leaves contradict each other: loaders read beyond their arrays"
        sightings.add("catboost.broken-trees", Severity.HIGH, message, place)
    if boosted.end is not None and boosted.end < file.size:
        message = f"{file.size - boosted.end} bytes behind the model belong to nothing"
        sightings.add("catboost.trailing-bytes", Severity.MEDIUM, message, span=(boosted.end, file.size))
    yield from sightings.issues(SETTLE)


def _loss(boosted: Boosted) -> str:
    """Find the loss in the parameters that the model carries as a text."""
    for info in boosted.infos:
        if info.key == "params":
            try:
                return decode_json(info.value, Parameters).loss_function.type[:100]
            except (msgspec.DecodeError, RecursionError):
                return ""
    return ""


def _say_infos(boosted: Boosted) -> Iterator[Said]:
    for info in boosted.infos:
        if info.key == "params":
            yield Found(Component.MODEL_METADATA, Claim.PRESENT, "training-parameters", span=_span(info), pointer=_pointer(info))
        elif info.key.casefold() in LICENSE and info.value.strip():
            text = info.value.strip()
            shown = printable(text[:200])
            yield Declared(text[:1000], Component.PARAMETERS, Scope.FILE, span=_span(info), pointer=_pointer(info), excerpt=shown)


def _pointer(info: Info) -> str:
    return printable(info.key if info.begin < info.end else f"/model_info/{info.key}")


def _span(info: Info) -> Span | None:
    return Span(info.begin, info.end, Unit.BYTES) if info.begin < info.end else None
