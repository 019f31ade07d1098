"""GGUF: the single-file weights of llama.cpp.

What it sees: files that begin with `GGUF`, of versions 1 to 3 and both byte orders.
What it says: parameters are present (or an adapter of others), their tensors, types and elements; how they are quantized, by the header and by the
type that most elements have; the architecture by name; the tokenizer
inside; which part of a split model it is; the licence, the models it comes from and the data sets that the header names, each at its
bytes; where the layout of the data breaks the format.
What it cannot know: whether the header tells the truth. Data is never read.
Source: the GGUF specification in ggml's docs, and the rules of its loader.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from math import prod

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.licensing.metadata_terms import declare_metadata
from inspector.model import Claim, Component, Count, Quantization, Reference, Severity, Sizes, Span, Unit, printable
from inspector.sightings import Sightings
from inspector.weights.census import Census
from inspector.weights.gguf_header import MAGIC, Array, Header, TensorInfo, open_header, read_tensors, read_values
from inspector.weights.gguf_types import find_majority, is_elsewhere, name_file_type, read_bits
from inspector.weights.role import is_adapter_name

SETTLE = "Convert the model again, or fetch the file again from its origin and compare digests."
NAMED = re.compile(r"general\.(base_model|dataset)\.(\d{1,4})\.(name|organization|url|doi|repo_url)")
HUB = re.compile(r"https?://(?:huggingface\.co|hf\.co)/(?:datasets/)?([\w.-]+/[\w.-]+)/?")
SOURCES = ("general.source.repo_url", "general.source.huggingface.repository", "general.source.url", "general.source.doi")
MOST_BLOCKS = 512
LARGEST_PADDING = 1 << 16


@detector(
    "gguf",
    wants=Wants(magic=(Magic(MAGIC),)),
    formats=("gguf",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.LICENSED),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.PARAMETERS, Claim.DERIVED),
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.PARAMETERS, Claim.DESCRIBED),
        (Component.ARCHITECTURE, Claim.REFERENCED),
        (Component.DATASETS, Claim.REFERENCED),
        (Component.TOKENIZER, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def gguf(file: File) -> Iterator[Said]:
    """Read the header's key-value pairs and the tensors' records, never a tensor."""
    yield Format("gguf")
    cursor, header, _, keys = open_header(file)
    sightings = Sightings(file)
    read_values(cursor, header, keys)
    yield from _say_metadata(header)
    _judge_metadata(header, sightings)
    tensors = list(read_tensors(cursor, header))
    yield from _say_weights(tensors, header, sightings)
    yield from _say_split(tensors, header)
    needed = _judge_layout(tensors, header, file.size, sightings)
    _judge_padding(file, tensors, header, sightings)
    yield from sightings.issues(SETTLE)
    if needed > file.size:
        yield Found(Component.PARAMETERS, Claim.MISSING, "truncated", span=Span(file.size, file.size, Unit.BYTES))
        raise Malformed(f"truncated: its tensors need {needed} bytes, the file has {file.size}")


def _text(header: Header, key: str) -> str:
    value = header.values.get(key)
    return value.content.strip() if value and isinstance(value.content, str) else ""


def _span(header: Header, key: str) -> Span:
    value = header.values[key]
    return Span(value.begin, value.end, Unit.BYTES)


def _say_metadata(header: Header) -> Iterator[Said]:
    if architecture := _text(header, key := "general.architecture"):
        yield Found(Component.ARCHITECTURE, Claim.REFERENCED, printable(architecture[:200]), span=_span(header, key), pointer=key)
    if "tokenizer.ggml.tokens" in header.values:
        model = printable(_text(header, "tokenizer.ggml.model")[:200]) or "gguf"
        yield Found(Component.TOKENIZER, Claim.PRESENT, model, span=_span(header, "tokenizer.ggml.tokens"), pointer="tokenizer.ggml.tokens")
    texts = {key: value.content for key, value in header.values.items() if isinstance(value.content, str)}
    for said in declare_metadata(texts):
        yield replace(said, span=_span(header, said.pointer)) if said.pointer and said.pointer in header.values else said
    for key in ("general.basename", "general.name"):
        if name := _text(header, key):
            details = Reference(kind="name", target=printable(name[:300]))
            yield Found(
                Component.PARAMETERS, Claim.REFERENCED, printable(name[:200]), span=_span(header, key), pointer=key, details=details
            )
            break
    yield from _say_origins(header)


def _say_origins(header: Header) -> Iterator[Found]:
    """Name the models and data sets that this file comes from: by repository, else link, else DOI, else name."""
    groups: dict[tuple[str, int], dict[str, str]] = {}
    for key in header.values:
        if (match := NAMED.fullmatch(key)) and _text(header, key):
            groups.setdefault((match[1], int(match[2])), {})[match[3]] = key
    for (what, _), fields in sorted(groups.items()):
        key = next(fields[field] for field in ("repo_url", "url", "doi", "name", "organization") if field in fields)
        yield _origin(header, key, _text(header, key), dataset=what == "dataset")
    if source := next((key for key in SOURCES if _text(header, key)), None):
        yield _origin(header, source, _text(header, source), dataset=False)
    older = header.values.get("general.datasets")
    if older and isinstance(older.content, Array):
        for name in older.content.texts:
            if name.strip():
                yield _origin(header, "general.datasets", name.strip(), dataset=True)


def _origin(header: Header, key: str, target: str, *, dataset: bool) -> Found:
    hub = HUB.fullmatch(target)
    shown = printable(hub[1] if hub else target)[:500]
    component, claim = (Component.DATASETS, Claim.REFERENCED) if dataset else (Component.PARAMETERS, Claim.DERIVED)
    details = Reference(kind="dataset" if dataset else "model", target=shown)
    return Found(component, claim, shown[:200], span=_span(header, key), pointer=key, details=details, excerpt=printable(target[:200]))


def _judge_metadata(header: Header, sightings: Sightings) -> None:
    for key in header.duplicates:
        sightings.add("gguf.duplicate-key", Severity.HIGH, "a key stands twice: which of them counts depends on the reader", key)
    blocks = header.values.get(f"{_text(header, 'general.architecture')}.block_count")
    if blocks and isinstance(blocks.content, int) and blocks.content > MOST_BLOCKS:
        message = f"more than {MOST_BLOCKS} layers are announced: loaders keep tables of that size"
        sightings.add("gguf.block-count", Severity.HIGH, message, span=(blocks.begin, blocks.end))
    lengths = set()
    for key, kind in (("tokens", 8), ("scores", 6), ("token_type", 5)):
        value = header.values.get(f"tokenizer.ggml.{key}")
        if value and (not isinstance(value.content, Array) or value.content.kind != kind):
            message = "an array of the tokenizer has elements of another type than loaders read"
            sightings.add("gguf.tokenizer-array", Severity.HIGH, message, f"tokenizer.ggml.{key}", (value.begin, value.end))
        elif value and isinstance(value.content, Array):
            lengths.add(value.content.count)
    if len(lengths) > 1:
        message = "the tokenizer's arrays differ in length: loaders that trust one of them read beyond another"
        sightings.add("gguf.tokenizer-array", Severity.HIGH, message, "tokenizer.ggml")


def _say_weights(tensors: list[TensorInfo], header: Header, sightings: Sightings) -> Iterator[Found]:
    census, names = Census(), set()
    for tensor in tensors:
        census.add(_type_name(tensor.kind), tensor.shape)
        census.sizes.add(tensor.name, tensor.shape)
        if tensor.name in names:
            sightings.add("gguf.duplicate-tensor", Severity.HIGH, "two tensors have the same name", tensor.name)
        names.add(tensor.name)
    span, details = Span(0, header.end, Unit.BYTES), census.weights("gguf", header.values)
    if _text(header, "general.type") == "imatrix":
        yield Found(Component.MODEL_METADATA, Claim.PRESENT, "importance-matrix", span=span, details=details)
    elif census.parameters:
        adapter = bool(_text(header, "adapter.type")) or _text(header, "general.type") == "adapter" or any(map(is_adapter_name, names))
        yield Found(Component.PARAMETERS, Claim.PRESENT, "gguf-adapter" if adapter else "gguf", span=span, details=details)
        yield from _say_quantization(header, details.dtypes, sightings)
    elif not _number(header, "split.count"):
        sightings.add("gguf.no-tensors", Severity.LOW, "a GGUF file without a single tensor element", span=(0, header.end))


def _say_quantization(header: Header, dtypes: tuple[Count, ...], sightings: Sightings) -> Iterator[Found]:
    """Name how the tensors are quantized: by the header's own word, where it has one, and by what most elements are."""
    number, most = _number(header, key := "general.file_type"), find_majority(dtypes)
    name = most if number is None else name_file_type(number)
    told = f"quantization {name}" + (f", mostly {most}" if most != name else "")
    place = Span(0, header.end, Unit.BYTES) if number is None else _span(header, key)
    details = Quantization(method="gguf", bits=read_bits(most))
    yield Found(Component.PARAMETERS, Claim.DESCRIBED, told, span=place, pointer=None if number is None else key, details=details)
    if number is not None and is_elsewhere(name, dtypes):
        message = f"the header says that the tensors are {name}, and none has that type"
        sightings.add("quantization.other-file-type", Severity.LOW, message, key, (place.start, place.end))


def _say_split(tensors: list[TensorInfo], header: Header) -> Iterator[Found]:
    """Say which part of a model that is split over files this is, and how many tensors it holds: a first part may hold none."""
    if (_number(header, "split.count") or 0) > 1:
        numbers = [(key, _number(header, key)) for key in ("split.count", "split.no", "split.tensors.count")]
        sizes = (Count("tensors", len(tensors)), *(Count(key, number) for key, number in numbers if number is not None))
        span, details = _span(header, "split.count"), Sizes(sizes=sizes)
        yield Found(Component.MODEL_METADATA, Claim.PRESENT, "gguf-split", span=span, pointer="split.count", details=details)


def _number(header: Header, key: str) -> int | None:
    value = header.values.get(key)
    return value.content if value and isinstance(value.content, int) else None


def _type_name(kind: int) -> str:
    from gguf.constants import GGMLQuantizationType

    try:
        return GGMLQuantizationType(kind).name
    except ValueError:
        return f"type {kind}"


def _judge_layout(tensors: list[TensorInfo], header: Header, size: int, sightings: Sightings) -> int:
    """Hold the tensors' places against the order the loader insists on; returns how many bytes the file must have."""
    alignment = _alignment(header)
    start = _align(header.end, alignment)
    expected, needed = 0, header.end
    for tensor in tensors:
        length = _byte_size(tensor)
        place = (start + tensor.offset, start + tensor.offset + (length or 0))
        if tensor.offset < expected:
            sightings.add("gguf.overlap", Severity.HIGH, "tensors share bytes: the loader refuses the file", tensor.name, place)
        elif tensor.offset > expected:
            message = "bytes between tensors belong to none of them: the loader refuses the file"
            sightings.add("gguf.hole", Severity.MEDIUM, message, tensor.name, (start + expected, place[0]))
        if length is None:
            message = "a type, or a row length, that the format does not know: its size in bytes cannot be told"
            sightings.add("gguf.unknown-type", Severity.LOW, message, tensor.name)
            return max(needed, place[1])
        needed = max(needed, place[1])
        expected = tensor.offset + _align(length, alignment)
    if size > _align(needed, alignment):
        message = f"{size - needed} bytes behind the last tensor belong to none"
        sightings.add("gguf.trailing-bytes", Severity.MEDIUM, message, span=(needed, size))
    return needed


def _judge_padding(file: File, tensors: list[TensorInfo], header: Header, sightings: Sightings) -> None:
    """Look at the bytes that align tensors: writers leave them zero, and no loader reads them."""
    alignment = _alignment(header)
    start = _align(header.end, alignment)
    ends = [header.end, *(start + tensor.offset + (_byte_size(tensor) or 0) for tensor in tensors)]
    for end in ends:
        size = min(_align(end, alignment), file.size) - end
        if 0 < size <= LARGEST_PADDING and file.read(end, size).strip(b"\0"):
            sightings.add("gguf.padding", Severity.LOW, "bytes that only align what follows hold something", span=(end, end + size))


def _alignment(header: Header) -> int:
    """Read the alignment in bytes; raises Malformed when it is no power of two."""
    value = header.values.get("general.alignment")
    number = value.content if value else 32
    if not isinstance(number, int) or number <= 0 or number & (number - 1):
        raise Malformed("general.alignment is no power of two")
    return number


def _align(position: int, alignment: int) -> int:
    return -(-position // alignment) * alignment


def _byte_size(tensor: TensorInfo) -> int | None:
    """Compute a tensor's size in bytes; `None` for an unknown type or a row that is no whole number of blocks."""
    from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType

    try:
        block, width = GGML_QUANT_SIZES[GGMLQuantizationType(tensor.kind)]
    except (ValueError, KeyError):
        return None
    row = tensor.shape[-1] if tensor.shape else 1
    return None if row % block else prod(tensor.shape) // block * width
