"""ggml: the weights of llama.cpp before GGUF, of ggml's examples and of whisper.cpp.

What it sees: files that begin with the magic numbers of ggml, ggmf, ggjt (models) and ggla (adapters).
What it says: parameters are present (or an adapter of others), their tensors, types and elements, record by record; the architecture by
the layout of the header; the tokenizer inside; where a record or its data does not fit, and where tensors of a layer are not there.
What it cannot know: names, terms and origin of a model, since the format has no metadata; how large a block of a type of other versions is.
Data is never read.
Source: the loaders of llama.cpp up to August 2023, of ggml's examples and of whisper.cpp.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Severity, Span, Unit
from inspector.serialization.fields import Fields
from inspector.weights.ggml_records import GGJT, GGLA, GGMF, GGML, Opening, count_expected, open_ggml, read_records
from inspector.weights.role import Role
from inspector.weights.tally import TALLY_EMITS, Tally

FORMATS = {GGML: "ggml", GGMF: "ggmf", GGJT: "ggjt", GGLA: "ggla"}
WHISPER = ("whisper", "silero-vad")


@detector(
    "ggml",
    wants=Wants(magic=tuple(map(Magic, FORMATS))),
    formats=(*FORMATS.values(), "whisper-ggml"),
    emits=TALLY_EMITS | {(Component.ARCHITECTURE, Claim.REFERENCED), (Component.TOKENIZER, Claim.PRESENT)},
)
def ggml(file: File) -> Iterator[Said]:
    """Read the records of the tensors, never their data."""
    if (name := FORMATS.get(file.head[:4])) is None:
        return
    fields = Fields(file)
    try:
        opening = open_ggml(fields)
    except Malformed:
        yield Format(name)
        raise
    name = "whisper-ggml" if opening.architecture in WHISPER else name
    yield Format(name)
    yield from _say_opening(opening)
    tally = Tally(file, name, header=fields.position, end=file.size)
    tally.take(lambda tally: _read(tally, fields, opening))
    yield from tally.say(Role(Component.PARAMETERS, "ggla-adapter") if name == "ggla" else None)


def _say_opening(opening: Opening) -> Iterator[Found]:
    begin, end = opening.vocabulary
    if opening.architecture != "adapter":
        yield Found(Component.ARCHITECTURE, Claim.REFERENCED, opening.architecture, span=Span(0, begin, Unit.BYTES))
    if begin < end:
        yield Found(Component.TOKENIZER, Claim.PRESENT, "ggml", span=Span(begin, end, Unit.BYTES))


def _read(tally: Tally, fields: Fields, opening: Opening) -> None:
    names: set[str] = set()
    for record in read_records(fields, opening):
        tally.add(record.name, record.dtype, record.shape)
        if record.name in names:
            tally.sightings.add("ggml.duplicate-tensor", Severity.HIGH, "two tensors have the same name", record.name)
        names.add(record.name)
    expected = count_expected(opening)
    if expected is not None and 0 < len(names) < expected:
        raise Malformed(f"truncated: it ends after {len(names)} tensors, a model of these layers has {expected}")
