"""OpenVINO IR: a model's layers in XML, with its numbers in a file beside.

What it sees: XML documents whose outermost element is `net`, of versions 2 to 11.
What it says: parameters are present: the constants of layers by type and shape, each place in the file beside once; the file beside and how
many bytes it must have; the version that wrote it, the model it was converted from, terms among the information; layers of extensions;
constants that overlap or do not fit their shape.
What it cannot know: what layers of extensions do. No number is read, and no entity is resolved.
Source: OpenVINO's documentation of its IR format and operation sets, and files that versions 2026.4 writes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import prod
from pathlib import PurePosixPath

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.licensing.metadata_terms import declare_metadata
from inspector.model import Claim, Component, Reference, Severity, Span, Stored, Unit, printable
from inspector.serialization.xml_events import Tag, read_xml_events
from inspector.sightings import Sightings
from inspector.weights.census import Census
from inspector.weights.role import role_of

HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:[^-]|-(?!-))*-->\s*)*<net[\s>]")
OWN = re.compile(r"(?:opset[0-9]+|experimental|ie_internal_opset|type_relaxed_opset|util|)")
SIZES = re.compile(r" *(?:[0-9]{1,18}(?: *, *[0-9]{1,18}){0,63})? *")
# The name of an element type as it is written, and how many bits an element has.
TYPES = {
    "f32": ("F32", 32), "f16": ("F16", 16), "bf16": ("BF16", 16), "f64": ("F64", 64), "i64": ("I64", 64), "i32": ("I32", 32),
    "i16": ("I16", 16), "i8": ("I8", 8), "i4": ("I4", 4), "u64": ("U64", 64), "u32": ("U32", 32), "u16": ("U16", 16), "u8": ("U8", 8),
    "u6": ("U6", 6), "u4": ("U4", 4), "u3": ("U3", 3), "u2": ("U2", 2), "u1": ("U1", 1), "boolean": ("BOOL", 8), "nf4": ("NF4", 4),
    "f8e4m3": ("F8_E4M3", 8), "f8e5m2": ("F8_E5M2", 8), "f8e8m0": ("F8_E8M0", 8), "f4e2m1": ("F4", 4), "string": ("TEXT", 0),
    "FP32": ("F32", 32), "FP16": ("F16", 16), "I64": ("I64", 64), "I32": ("I32", 32), "I8": ("I8", 8), "U8": ("U8", 8), "BOOL": ("BOOL", 8),
}  # fmt: skip
PACKED = frozenset({"U3", "U6"})  # types whose elements are packed in a way of their own
BLOBS = frozenset({"weights", "biases", "custom"})  # how versions before 10 name what a layer has in the file beside
MOST_CONSTANTS, MOST_INFO = 500_000, 1000
LARGEST_GAP = 4096  # bytes
SETTLE = "Convert the model again, or fetch both of its files again from one revision and compare digests."


@dataclass(slots=True)
class Ir:
    """What was found so far: constants and their ranges (bytes) with the layer's name, the information, layers that are open."""

    census: Census = field(default_factory=Census)
    ranges: dict[tuple[int, int], str] = field(default_factory=dict)
    info: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    layers: list[dict[str, str]] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    version: str = ""


@detector(
    "openvino",
    wants=Wants(suffixes=(".xml",)),
    formats=("openvino-ir",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.PARAMETERS, Claim.LICENSED),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def openvino(file: File) -> Iterator[Said]:
    """Walk the elements, and note the constants."""
    if HEAD.match(file.head) is None:
        return
    ir, sightings, fault = Ir(), Sightings(file), None
    yield Format("openvino-ir")
    try:
        for tag in read_xml_events(file):
            _take(tag, ir, sightings)
    except Malformed as error:
        fault = error
    yield from _say_weights(file, ir, sightings)
    yield from _say_info(ir)
    yield from sightings.issues(SETTLE)
    if fault is not None:
        raise fault


def _take(tag: Tag, ir: Ir, sightings: Sightings) -> None:
    if tag.attributes is None:
        ir.path.pop()
        if tag.name == "layer" and ir.layers:
            ir.layers.pop()
        return
    if not ir.path:
        ir.version = tag.attributes.get("version", "")
    if tag.name == "layer":
        ir.layers.append(tag.attributes)
        _judge_layer(tag, sightings)
    elif (tag.name == "data" or tag.name in BLOBS) and ir.layers and "offset" in tag.attributes:
        _add_constant(tag, tag.attributes, ir, sightings)
    elif ir.path[1:2] == ["rt_info"] and "value" in tag.attributes and len(ir.info) < MOST_INFO:
        key = tag.attributes.get("name") if tag.name in {"info", "attribute"} else tag.name
        ir.info.setdefault((key or tag.name)[:200], (tag.attributes["value"][:4000], tag.start, tag.end))
    ir.path.append(tag.name)


def _judge_layer(tag: Tag, sightings: Sightings) -> None:
    if tag.attributes is not None and OWN.fullmatch(tag.attributes.get("version", "")) is None:
        shown = printable(f"{tag.attributes['version']}::{tag.attributes.get('type', '')}")[:200]
        message = "layers of an extension: its library has to be loaded, and trusted, to run the model"
        sightings.add("openvino.extension", Severity.MEDIUM, message, shown, (tag.start, tag.end))


def _add_constant(tag: Tag, attributes: dict[str, str], ir: Ir, sightings: Sightings) -> None:
    layer = ir.layers[-1]
    name, span = printable(layer.get("name", ""))[:200], (tag.start, tag.end)
    written = attributes.get("element_type") or attributes.get("precision") or layer.get("precision", "")
    dtype, bits = TYPES.get(written, (printable(written)[:32] or "?", 0))
    texts = [attributes["offset"], attributes.get("size", "")]
    if any(not (text.isascii() and text.isdigit() and len(text) < 19) for text in texts):
        sightings.add("openvino.range", Severity.HIGH, "the place of a constant in the file beside is no number", name, span)
        return
    begin, size = int(texts[0]), int(texts[1])
    shape = _shape_of(attributes.get("shape"), size, bits, tag.start)
    if (begin, begin + size) in ir.ranges:
        return
    if len(ir.ranges) >= MOST_CONSTANTS:
        raise TooLarge(f"more than {MOST_CONSTANTS} constants")
    ir.ranges[begin, begin + size] = name
    if dtype != "TEXT":
        ir.census.add(dtype, shape)
    if bits and dtype not in PACKED and -(-prod(shape) * bits // 8) != size:
        message = "shape and type need another number of bytes than a constant has"
        sightings.add("openvino.size-mismatch", Severity.HIGH, message, name, span)


def _shape_of(text: str | None, size: int, bits: int, place: int) -> tuple[int, ...]:
    """Read a shape; versions before 10 give none, and all that is known is the number of elements."""
    if text is None:
        return (size * 8 // bits if bits else 0,)
    if SIZES.fullmatch(text) is None:
        raise Malformed(f"a shape that cannot be read at byte {place}: {text[:80]!r}")
    return tuple(int(word) for word in text.split(",") if word.strip())


def _say_weights(file: File, ir: Ir, sightings: Sightings) -> Iterator[Found]:
    if ir.census.parameters:
        role, details = role_of(file.path, (), "openvino-ir"), ir.census.weights("openvino-ir", ir.info)
        yield Found(role.component, Claim.PRESENT, role.value, span=Span(0, file.size, Unit.BYTES), details=details)
    else:
        sightings.add("openvino.no-constants", Severity.LOW, "a model without a single constant")
    last = 0
    for (begin, end), name in sorted(ir.ranges.items()):
        if begin < last and begin < end:
            message = "constants share bytes of the file beside, and not all of them"
            sightings.add("openvino.overlap", Severity.HIGH, message, name)
        elif begin - last > LARGEST_GAP:
            sightings.add("openvino.gap", Severity.LOW, "bytes of the file beside belong to no constant", name)
        last = max(last, end)
    if ir.ranges and last < 1 << 63:
        beside = str(PurePosixPath(file.path).with_suffix(".bin"))
        stored = Stored(files=(beside,), size=last, whole=True)
        yield Found(Component.PARAMETERS, Claim.REFERENCED, PurePosixPath(beside).name[:500], details=stored)


def _say_info(ir: Ir) -> Iterator[Said]:
    for declared in declare_metadata({key: said[0] for key, said in ir.info.items()}):
        place = ir.info.get(declared.pointer or "", ("", 0, 0))
        yield replace(declared, span=Span(place[1], place[2], Unit.BYTES)) if place[2] else declared
    runtime, source = ir.info.get("Runtime_version"), ir.info.get("input_model")
    if runtime is not None:
        span, shown = Span(runtime[1], runtime[2], Unit.BYTES), printable(f"OpenVINO {runtime[0]}")[:200]
        yield Found(Component.MODEL_METADATA, Claim.PRESENT, "producer", span=span, pointer="Runtime_version", excerpt=shown)
    if source is not None and (name := PurePosixPath(source[0]).name.strip()):
        details, span = Reference(kind="name", target=printable(name)[:300]), Span(source[1], source[2], Unit.BYTES)
        yield Found(Component.MODEL_METADATA, Claim.PRESENT, "converted-from", span=span, pointer="input_model", details=details)
