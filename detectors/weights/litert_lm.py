"""LiteRT models in a bundle: `.litertlm` files of sections, and MediaPipe's `.task`, a zip of models and what belongs to them.

What it sees: files that begin with LITERTLM; zip files that hold TFLite models, under any name.
What it says: parameters are present: the tensors of every TFLite model inside that is not packed; tokenizers; sections that overlap or lead
out of the file, members that stand twice or lead elsewhere.
What it cannot know: which of several models is run when, and what sections of other kinds hold. No tensor is read.
Source: LiteRT-LM's `litertlm_header_schema.fbs` and its reader of headers; MediaPipe's model bundles; PKWARE's APPNOTE for the zip.
"""

from collections.abc import Iterator
from typing import NamedTuple

from inspector.archives.directory import MAGIC, STORED, read_directory
from inspector.archives.findings import judge_gaps, judge_names
from inspector.archives.part import Part
from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Certainty, Claim, Component, Severity, Span, Unit, printable
from inspector.serialization.flat_tables import read_root
from inspector.sightings import Sightings
from inspector.weights.tflite_model import TfliteModel, read_tflite

MARK, HEADER, MODEL_MARK = b"LITERTLM", 32, b"TFL3"
KINDS = {1: "data", 2: "deprecated", 3: "model", 4: "tokenizer", 5: "metadata", 6: "tokenizer"}
MOST_SECTIONS, BLOCK = 1000, 16 * 1024
SETTLE = "Fetch the file again from its origin and compare digests, or ask for the models that were put together."


class Section(NamedTuple):
    """A part of the file: what it is called, its kind, where it begins and ends (bytes)."""

    name: str
    kind: str
    start: int
    end: int


@detector(
    "litert-lm",
    wants=Wants(magic=(Magic(MARK), Magic(MAGIC))),
    formats=("litert-lm", "mediapipe-task"),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.TOKENIZER, Claim.PRESENT),
    },
)
def litert_lm(file: File) -> Iterator[Said]:
    """Read the sections or the members, and follow the models in them."""
    sections, sightings, fault = list[Section](), Sightings(file), None
    if file.head.startswith(MARK):
        yield Format("litert-lm")
        try:
            sections = _read_sections(file, sightings)
        except Malformed as error:
            fault = error
        yield from _say_models(file, sections, "litert-lm", sightings)
    elif (members := _read_members(file, sightings)) is not None:
        yield Format("mediapipe-task")
        yield from _say_models(file, members, "mediapipe-task", sightings)
    yield from sightings.issues(SETTLE)
    if fault is not None:
        yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", span=Span(file.size, file.size, Unit.BYTES))
        raise fault


def _read_sections(file: File, sightings: Sightings) -> list[Section]:
    """Read where the sections are; raises Malformed where the header or a section leads out of the file."""
    end = int.from_bytes(file.read(24, 8), "little")
    if not HEADER < end <= file.size:
        raise Malformed(f"truncated: its header ends at byte {end}, the file has {file.size}")
    metadata = read_root(file, HEADER, end).table(1)
    sections, last = list[Section](), end
    for number, item in enumerate(metadata.each(0, MOST_SECTIONS) if metadata else ()):
        section = Section(f"section {number}", KINDS.get(item.byte(3), "unknown"), item.wide(1), item.wide(2))
        if section.start < end or section.end < section.start or section.end > file.size:
            raise Malformed(f"truncated: section {number} reaches from byte {section.start} to {section.end}, the file has {file.size}")
        sections.append(section)
    for section in sorted(sections, key=lambda section: section.start):
        if section.start < last:
            place = (section.start, min(last, section.end))
            sightings.add("litert-lm.overlap", Severity.HIGH, "sections share bytes", section.name, place)
        last = max(last, section.end)
    if file.size > last and not _is_padding(file, last):
        message = f"{file.size - last} bytes behind the last section belong to none"
        sightings.add("litert-lm.trailing-bytes", Severity.MEDIUM, message, span=(last, file.size))
    return sections


def _is_padding(file: File, start: int) -> bool:
    """Say whether what follows are zeros that fill a block up."""
    return file.size % BLOCK == 0 and file.size - start < BLOCK and not file.read(start, file.size - start).strip(b"\0")


def _read_members(file: File, sightings: Sightings) -> list[Section] | None:
    """Read a zip file's members; `None` where none of them is a model, or it is no zip file that can be read."""
    try:
        directory = read_directory(file)
    except Malformed:
        return None
    sections, found = list[Section](), False
    for member in directory.members:
        model = member.method == STORED and member.stored >= 8 and file.read(member.start + 4, 4) == MODEL_MARK
        found |= model
        kind = "model" if model else "tokenizer" if "tokenizer" in member.name.casefold() else "data"
        sections.append(Section(member.name, kind, member.start, member.start + member.stored))
    if found:
        judge_names((member.name for member in directory.members), sightings)
        judge_gaps(directory.gaps, sightings)
    return sections if found else None


def _say_models(file: File, sections: list[Section], form: str, sightings: Sightings) -> Iterator[Found]:
    for section in sections:
        span, shown = Span(section.start, section.end, Unit.BYTES), printable(section.name)[:200]
        if section.kind == "tokenizer":
            yield Found(Component.TOKENIZER, Claim.PRESENT, form, Certainty.NAMED, span=span, pointer=shown)
        elif section.kind == "model" and section.end > section.start:
            model = TfliteModel()
            try:
                read_tflite(Part(file, section.name, section.start, section.end - section.start), model, sightings)
            except Malformed as error:
                sightings.add("litert-lm.broken-model", Severity.HIGH, f"a model that cannot be read: {error}"[:300], shown)
                yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", span=span, pointer=shown)
            if model.census.parameters:
                details = model.census.weights(form, model.texts)
                yield Found(Component.PARAMETERS, Claim.PRESENT, form, span=span, pointer=shown, details=details)
