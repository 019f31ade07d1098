"""The files of ggml before GGUF: numbers of a model, its vocabulary, then one record for each tensor up to the end of the file.

A magic number and no more says which layout it is, so the layouts are tried in turn, each up to its first tensor.
Source: the loaders of llama.cpp up to August 2023, of ggml's examples and of whisper.cpp; sizes of blocks by the generation of quantisation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

from inspector.errors import Malformed, TooLarge
from inspector.serialization.fields import Fields

GGML, GGMF, GGJT, GGLA = b"lmgg", b"fmgg", b"tjgg", b"algg"  # 32-bit numbers that spell the name in memory of the other byte order
LONGEST_TOKEN = 1024  # bytes
LONGEST_NAME = 256
MOST_TOKENS = 1 << 19
MOST_TENSORS = 200_000
MOST_MEL = 1 << 20
QUANTS_FACTOR = 1000  # a version of quantisation times this is added to the type of a file
ALIGNMENT = 32
NAMES = ("F32", "F16", "Q4_0", "Q4_1", "Q4_2", "Q4_3", "Q5_0", "Q5_1", "Q8_0", "Q8_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_K")
# type -> (elements of a block, bytes of a block) for each of the three generations of quantisation
PLAIN = {0: (1, 4), 1: (1, 2)}
OLD = PLAIN | {2: (32, 20), 3: (32, 24), 4: (16, 10), 5: (16, 12), 6: (32, 22), 7: (32, 24), 8: (32, 36)}
BLOCKS = {
    1: OLD,
    2: OLD,
    3: PLAIN
    | {2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36)}
    | {10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292)},
}


class Layout(NamedTuple):
    """How a file begins: the architecture, how many numbers, which of them is the size of the vocabulary, whether that is repeated."""

    architecture: str
    numbers: int
    vocabulary: int = 0
    repeats: bool = False
    mel: bool = False


LLAMA = Layout("llama", 7)
# A layout whose vocabulary's size stands twice is tried before one that would take the second for the type of the file.
PLAIN_LAYOUTS = (
    Layout("whisper", 11, repeats=True, mel=True),
    Layout("gpt-2", 6, repeats=True),
    Layout("gpt-j", 7, repeats=True),
    LLAMA,
    Layout("gpt-neox", 8),
    Layout("mpt", 8, vocabulary=4),
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What stands before the tensors: the layout, its numbers, the places of the vocabulary (bytes), the generation of quantisation."""

    architecture: str
    numbers: tuple[int, ...]
    vocabulary: tuple[int, int]
    generation: int
    aligned: bool = False


class Record(NamedTuple):
    """A tensor: its name, its type, the shape (slowest first), where its data begins and how many bytes that has (`None` when unknown)."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    size: int | None


def open_ggml(fields: Fields) -> Opening:
    """Read up to the first tensor; raises Malformed for versions and layouts that are not known."""
    magic = fields.take(4)
    if magic == GGML:
        return _open_plain(fields)
    version = fields.number("I")
    if magic == GGLA:
        _expect(version == 1, f"an adapter of ggml of version {version}; 1 is known")
        return Opening("adapter", fields.numbers("i", 2), (fields.position, fields.position), 1, aligned=True)
    _expect(version == 1 or (magic == GGJT and version in {2, 3}), f"version {version}; 1 to 3 are known")
    opening = _try_layout(fields, LLAMA, scores=True)
    return Opening("llama", opening.numbers, opening.vocabulary, version, aligned=magic == GGJT)


def count_expected(opening: Opening) -> int | None:
    """Compute how many tensors a model of these numbers has; `None` where that is not known."""
    match opening.architecture, opening.numbers:
        case "llama", (_, _, _, _, layers, *_):
            return 3 + 9 * layers
        case "whisper", (_, _, _, _, encoder, _, _, _, decoder, *_):
            return 11 + 15 * encoder + 24 * decoder
    return None


def _expect(holds: bool, reason: str) -> None:
    if not holds:
        raise Malformed(reason)


def _open_plain(fields: Fields) -> Opening:
    start = fields.position
    for layout in PLAIN_LAYOUTS:
        trial = Fields(fields.file, start)
        try:
            opening = _try_layout(trial, layout)
            place = trial.position
            if trial.left:
                _read_record(trial, opening)
        except Malformed:
            continue
        fields.skip(place - start)
        return opening
    return _open_voice_activity(fields)


def _try_layout(fields: Fields, layout: Layout, *, scores: bool = False) -> Opening:
    numbers = fields.numbers("i", layout.numbers)
    if layout.mel:
        rows, columns = fields.numbers("i", 2)
        _expect(0 <= rows < MOST_MEL and 0 <= columns < MOST_MEL, "no filters of a spectrogram")
        fields.skip(4 * rows * columns)
    count = fields.number("i") if layout.repeats else numbers[layout.vocabulary]
    _expect(layout.mel or count == numbers[layout.vocabulary], "the vocabulary has two sizes")
    _expect(0 < count <= MOST_TOKENS, f"a vocabulary of {count} tokens, the limit is {MOST_TOKENS}")
    begin = fields.position
    for _ in range(count):
        length = fields.number("I")
        _expect(length <= LONGEST_TOKEN, f"a token of {length} bytes at byte {fields.position}, the limit is {LONGEST_TOKEN}")
        fields.skip(length + (4 if scores else 0))
    return Opening(layout.architecture, numbers, (begin, fields.position), max(0, numbers[-1]) // QUANTS_FACTOR + 1)


def _open_voice_activity(fields: Fields) -> Opening:
    """Read the numbers of a detector of voices, whose kind stands as a text."""
    length = fields.number("I")
    _expect(length <= 32, "a ggml file of a model whose layout is not known")
    kind = fields.take(length)
    _expect(kind.startswith(b"silero"), "a ggml file of a model whose layout is not known")
    numbers = fields.numbers("i", 6)
    _expect(0 <= numbers[-1] <= 64, f"{numbers[-1]} layers of an encoder, the limit is 64")
    numbers += fields.numbers("i", 3 * numbers[-1] + 4)
    return Opening("silero-vad", numbers, (fields.position, fields.position), 3)


def read_records(fields: Fields, opening: Opening) -> Iterator[Record]:
    """Give one tensor after another up to the end of the file, each before its data is passed over.

    Raises Malformed where a record or its data does not fit, TooLarge above 200,000 tensors.
    """
    count = 0
    while fields.left:
        record = _read_record(fields, opening)
        count += 1
        if count > MOST_TENSORS:
            raise TooLarge(f"more than {MOST_TENSORS} tensors")
        yield record
        if record.size is None:
            raise Malformed(f"the size of {record.name!r} in bytes cannot be told: its type or its rows are not known")
        fields.skip(record.start - fields.position + record.size)


def _read_record(fields: Fields, opening: Opening) -> Record:
    place = fields.position
    dimensions, length, kind = fields.numbers("i", 3)
    _expect(0 <= dimensions <= 4 and 1 <= length <= LONGEST_NAME, f"no tensor begins at byte {place}")
    shape = fields.numbers("i", dimensions)
    name = fields.take(length).decode("utf-8", "replace")
    _expect(min(shape, default=1) > 0 and name.isprintable() and 0 <= kind < 64, f"no tensor begins at byte {place}")
    block, width = BLOCKS.get(opening.generation, {}).get(kind, (0, 0))
    size = prod(shape) // block * width if block and (shape or (1,))[0] % block == 0 else None
    start = -(-fields.position // ALIGNMENT) * ALIGNMENT if opening.aligned else fields.position
    return Record(name, NAMES[kind] if kind < len(NAMES) else f"type {kind}", tuple(reversed(shape)), start, size)
