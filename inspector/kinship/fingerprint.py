"""A fingerprint: a small file that stands in for a model's weights when copies of it are looked for later.

Of each tensor it keeps 256 numbers at most, at the places that everybody chooses, as BF16; of a model with more than a thousand tensors, those whose
places in a transformer (or names) have the smallest hashes. It says nothing that would let anybody run the model.
"""

import base64
import binascii
from collections.abc import Iterable
from hashlib import sha256

import msgspec
import numpy as np

from inspector.decoding import decode_json
from inspector.errors import Malformed
from inspector.kinship.samples import Density, Sample
from inspector.kinship.surroundings import Surroundings
from inspector.model import Frozen
from inspector.tensors.encodings import decode, round_to
from inspector.tensors.grid import choose

SCHEMA = "preferred-form/fingerprint/1"
DENSITY = Density(rows=8, elements=256)
MOST_TENSORS = 1_000
LARGEST_SIZE = 2**40


class Sketch(Frozen, frozen=True):
    """A tensor's name, encoding, shape, and its chosen numbers as BF16 in base64."""

    name: str
    encoding: str
    shape: tuple[int, ...]
    numbers: str


class Fingerprint(Frozen, frozen=True):
    """A model by name and container, how many elements it has, what stands beside its weights, and the sketches of its tensors.

    `tensors` counts all of them, of which `sketches` may be some.
    """

    schema: str
    name: str
    container: str
    elements: int
    tensors: int
    surroundings: Surroundings
    sketches: tuple[Sketch, ...]


def make_fingerprint(name: str, container: str, samples: Iterable[Sample], surroundings: Surroundings) -> Fingerprint:
    """Make a fingerprint of samples that were taken at its density."""
    taken = list(samples)
    kept = sorted(taken, key=_order)[:MOST_TENSORS]
    return Fingerprint(
        schema=SCHEMA,
        name=name,
        container=container,
        elements=sum(sample.elements for sample in taken),
        tensors=len(taken),
        surroundings=surroundings,
        sketches=tuple(_sketch(sample) for sample in sorted(kept, key=lambda item: item.name)),
    )


def _order(sample: Sample) -> tuple[bool, str]:
    """Order tensors by a hash of where they stand, so that every container keeps the same ones; matrices come before vectors."""
    place = sample.place
    known = sample.name if place is None else f"{place.role} {place.layer} {place.part}"
    return len(sample.shape) < 2, sha256(known.encode()).hexdigest()


def _sketch(sample: Sample) -> Sketch:
    words = round_to(sample.values.astype(np.float32), "BF16").astype(np.float32).view(np.uint32) >> np.uint32(16)
    numbers = base64.b64encode(words.astype("<u2").tobytes()).decode()
    return Sketch(name=sample.name, encoding=sample.encoding, shape=sample.shape, numbers=numbers)


def write_fingerprint(fingerprint: Fingerprint) -> str:
    """Write a fingerprint as JSON, a sketch a line."""
    head = msgspec.structs.replace(fingerprint, sketches=())
    text = msgspec.json.format(msgspec.json.encode(head), indent=2).decode().rstrip()
    lines = ",\n    ".join(msgspec.json.encode(sketch).decode() for sketch in fingerprint.sketches)
    return text.removesuffix('"sketches": []\n}') + f'"sketches": [\n    {lines}\n  ]\n}}\n'


def read_fingerprint(data: bytes) -> Fingerprint:
    """Read a fingerprint strictly.

    Raises Malformed for anything else.
    """
    try:
        found = decode_json(data, Fingerprint)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"no fingerprint: {str(error)[:200]}") from error
    if found.schema != SCHEMA:
        raise Malformed(f"a fingerprint of the kind {found.schema!r}; {SCHEMA!r} is read")
    return found


def samples_of(fingerprint: Fingerprint) -> tuple[Sample, ...]:
    """Turn the sketches back into samples.

    Raises Malformed where a sketch does not fit its shape.
    """
    return tuple(_sample(sketch) for sketch in fingerprint.sketches)


def _sample(sketch: Sketch) -> Sample:
    from inspector.tensors.tensor import Tensor

    if not all(0 < size < LARGEST_SIZE for size in sketch.shape) or len(sketch.shape) > 16:
        raise Malformed(f"{sketch.name[:100]}: no shape: {sketch.shape}")
    folded = Tensor("", sketch.encoding, sketch.shape, 0, 0).grid
    grid = choose(*folded, DENSITY.rows, DENSITY.elements)
    try:
        data = base64.b64decode(sketch.numbers, validate=True)
    except binascii.Error as error:
        raise Malformed(f"{sketch.name[:100]}: its numbers are no base64") from error
    if len(data) != 2 * len(grid.rows) * len(grid.columns):
        raise Malformed(f"{sketch.name[:100]}: {len(data)} bytes of numbers do not fit its shape")
    values = decode(np.frombuffer(data, np.uint8), "BF16")
    if values is None:
        raise AssertionError  # BF16 can be decoded
    return Sample(sketch.name, sketch.encoding, sketch.shape, folded, grid, values.reshape(len(grid.rows), len(grid.columns)))
