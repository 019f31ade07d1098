"""safetensors: tensors behind one JSON header.

What it sees: files named `.safetensors`, and files of any name that begin with the length of a JSON object and its brace.
What it says: parameters are present (or an adapter of others, or optimizer state), their tensors, dtypes and elements; the licence in the
metadata; what in the header or in the layout of the data breaks the format, above all bytes that no tensor owns and keys that two readers
would read differently.
What it cannot know: whether the tensors were trained, and whether the metadata tells the truth. Data is never read.
Source: the safetensors README, "Format", and the behaviour of its reference reader 0.8.
"""

from collections.abc import Iterator

import msgspec

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.git.lfs import is_pointer
from inspector.licensing.metadata_terms import declare_metadata
from inspector.model import Claim, Component, Severity, Span, Unit, printable
from inspector.sightings import Sightings
from inspector.weights.census import Census
from inspector.weights.packing import Packing
from inspector.weights.role import Votes
from inspector.weights.safetensors_header import BITS, Entry, Header, read_entries

LARGEST_HEADER = 100_000_000  # bytes, the format's own limit
LARGEST_READ = 64 * 2**20  # bytes, ours
SETTLE = "Write the file again with the safetensors library, or fetch it again from its origin and compare digests."


@detector(
    "safetensors",
    wants=Wants(suffixes=(".safetensors", ".sft"), magic=(Magic(b'{"', 8),)),
    formats=("safetensors",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.LICENSED),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
    },
)
def safetensors(file: File) -> Iterator[Said]:
    """Read the header, never a tensor."""
    length = _header_length(file)
    if length is None:
        return
    yield Format("safetensors")
    if length > LARGEST_READ:
        raise TooLarge(f"a header of {length} bytes, the limit is {LARGEST_READ}")
    data, header, census, sightings = file.read(8, length), Header(), Census(), Sightings(file)
    votes, packing = Votes(), Packing()
    ranges: list[tuple[int, int, str]] = []
    for entry in read_entries(data, header):
        census.add_counted(entry.dtype[:32], entry.shape.shown, entry.shape.elements)
        census.sizes.add(entry.name, entry.shape.sizes)
        votes.add(entry.name)
        packing.add(entry.name, entry.dtype, entry.shape.shown, entry.shape.elements)
        if entry.begin != entry.end:
            ranges.append((entry.begin, entry.end, entry.name))
        _judge_entry(entry, sightings)
    _judge_header(data, header, sightings)
    if census.parameters:
        role = votes.role(file.path, "safetensors")
        details = msgspec.structs.replace(census.weights("safetensors", header.metadata), packed=packing.sum_up())
        yield Found(role.component, Claim.PRESENT, role.value, span=Span(0, 8 + length, Unit.BYTES), details=details)
    else:
        sightings.add("safetensors.no-tensors", Severity.LOW, "a safetensors file without a single tensor element", span=(0, 8 + length))
    yield from declare_metadata(header.metadata)
    end = _judge_layout(ranges, file.size - 8 - length, 8 + length, sightings)
    yield from sightings.issues(SETTLE)
    if 8 + length + end > file.size:
        yield Found(Component.PARAMETERS, Claim.MISSING, "truncated", span=Span(file.size, file.size, Unit.BYTES))
        raise Malformed(f"truncated: its tensors need {8 + length + end} bytes, the file has {file.size}")


def _header_length(file: File) -> int | None:
    """Read the length of the header in bytes; `None` for a file that is something else.

    Raises Malformed when the name promises safetensors and the content is nothing of the kind.
    """
    if is_pointer(file):
        return None
    promised = file.suffix in {".safetensors", ".sft"}
    length = int.from_bytes(file.head[:8], "little")
    brace = file.head[8:].lstrip(b" \t\n\r")[:1] == b"{"
    if file.size >= 10 and 2 <= length <= LARGEST_HEADER and brace and (promised or length + 8 <= file.size):
        return length
    if not promised:
        return None
    if length > LARGEST_HEADER and brace:
        raise Malformed(f"a header of {length} bytes is announced, the format allows {LARGEST_HEADER}")
    raise Malformed(f"no safetensors file: it has {file.size} bytes and begins with {file.head[:16]!r}")


def _judge_entry(entry: Entry, sightings: Sightings) -> None:
    bits = BITS.get(entry.dtype)
    if bits is None:
        sightings.add(
            "safetensors.unknown-dtype", Severity.LOW, f"the dtype {printable(entry.dtype[:32])!r} is not in the format", entry.name
        )
    elif entry.shape.elements * bits != (entry.end - entry.begin) * 8:
        sightings.add(
            "safetensors.size-mismatch", Severity.HIGH, "shape and dtype need another number of bytes than the offsets give", entry.name
        )
    if entry.extra:
        sightings.add(
            "safetensors.extra-field", Severity.MEDIUM, "a tensor has fields that readers ignore: they can hold anything", entry.name
        )
    if not entry.name.isprintable():
        sightings.add("safetensors.name", Severity.LOW, "a tensor's name holds characters that do not print", entry.name)


def _judge_header(data: bytes, header: Header, sightings: Sightings) -> None:
    """Judge the keys and what stands around the object; offsets in issues are those of the file."""
    for name in header.duplicates:
        sightings.add("safetensors.duplicate-key", Severity.HIGH, "a key stands twice: which of them counts depends on the reader", name)
    for name in header.not_text:
        message = "a value of __metadata__ is no text: the reference reader refuses the file"
        sightings.add("safetensors.metadata-not-text", Severity.MEDIUM, message, f"__metadata__/{name}")
    if data[:1] != b"{":
        sightings.add("safetensors.leading-whitespace", Severity.LOW, "the header does not begin with its brace", span=(8, 9))
    padding, span = data[header.end :], (8 + header.end, 8 + len(data))
    if padding.strip(b" \t\n\r\0"):
        raise Malformed(f"{len(padding)} bytes that are no padding stand behind the header's JSON, from byte {span[0]}")
    if padding.strip(b" "):
        message = "the header is padded with something else than spaces: some readers refuse it"
        sightings.add("safetensors.header-padding", Severity.LOW, message, span=span)
    elif len(padding) > 64:
        sightings.add(
            "safetensors.header-padding", Severity.LOW, f"{len(padding)} spaces behind the header, where up to 7 align it", span=span
        )


def _judge_layout(ranges: list[tuple[int, int, str]], room: int, start: int, sightings: Sightings) -> int:
    """Hold the tensors' ranges against each other and the data's size (bytes); returns where the last one ends."""
    ranges.sort()
    last = 0
    for begin, end, name in ranges:
        if end < begin:
            continue  # said already: the size cannot fit
        if begin < last:
            message = "tensors share bytes: writing one changes the other, and the reference reader refuses the file"
            sightings.add("safetensors.overlap", Severity.HIGH, message, name, (start + begin, start + min(end, last)))
        elif begin > last:
            sightings.add(
                "safetensors.hole", Severity.MEDIUM, "bytes between tensors belong to none of them", name, (start + last, start + begin)
            )
        last = max(last, end)
    if last < room:
        message = f"{room - last} bytes behind the last tensor belong to none"
        sightings.add("safetensors.trailing-bytes", Severity.MEDIUM, message, span=(start + last, start + room))
    return last
