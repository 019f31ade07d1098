"""A model of SentencePiece: its pieces, and what it says of its training. Source: `sentencepiece_model.proto`."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.errors import Malformed
from inspector.serialization.protobuf import BYTES, Field, Readable, Window, read_fields

PIECE, TRAINER = 1, 2
TEXT = 0x0A  # the tag of a piece's text
INPUT, MODEL_TYPE, VOCABULARY_SIZE = 1, 3, 4
TYPES = {1: "unigram", 2: "bpe", 3: "word", 4: "char"}
MOST_INPUTS = 1000
LONGEST = 500


@dataclass(slots=True)
class Training:
    """What a model says of its training: the kind of model, the size that was asked for, the files, each with its bytes."""

    kind: str = "unigram"
    vocabulary: int | None = None
    inputs: list[tuple[str, int, int]] = field(default_factory=list)


def read_pieces(file: Readable, training: Training) -> Iterator[bytes]:
    """Give the pieces in the order of their ids, and fill in what is said of the training.

    Raises Malformed where it is no such model.
    """
    window = Window(file)
    for found in read_fields(window, 0, file.size):
        if found.wire != BYTES:
            raise Malformed(f"a model of SentencePiece has no field {found.number} that is a number, at byte {found.start}")
        if found.number == PIECE:
            yield _piece(window, found)
        elif found.number == TRAINER:
            _read_training(window, found, training)


def _piece(window: Window, found: Field) -> bytes:
    head = window.take(found.start, min(found.end, found.start + 2))
    if len(head) == 2 and head[0] == TEXT and head[1] < 0x80 and found.start + 2 + head[1] <= found.end:
        return window.take(found.start + 2, found.start + 2 + head[1])
    for inner in read_fields(window, found.start, found.end):
        if inner.number == 1:
            return window.take(inner.start, inner.end)
    return b""


def _read_training(window: Window, found: Field, training: Training) -> None:
    for inner in read_fields(window, found.start, found.end):
        if inner.number == INPUT and inner.wire == BYTES and len(training.inputs) < MOST_INPUTS:
            training.inputs.append((window.text(inner, LONGEST), inner.start, inner.end))
        elif inner.number == MODEL_TYPE:
            training.kind = TYPES.get(inner.value, f"type {inner.value}")
        elif inner.number == VOCABULARY_SIZE:
            training.vocabulary = inner.value
