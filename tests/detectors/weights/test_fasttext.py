"""fastText: matrices, arguments and dictionary, and what does not fit."""

import struct

import pytest

from detectors.weights.fasttext import fasttext
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Sizes
from sample_bundles.formats.fasttext import FILES, fasttext_bytes
from tests.detectors.weights.damage import cut
from tests.detectors.weights.hearing import found, hear, rules, survive, weights

WHOLE = FILES["classifier.bin"]


def test_a_whole_model_gives_its_matrices_and_arguments() -> None:
    said, fault = hear(fasttext, "classifier.bin", WHOLE)
    assert (fault, rules(said), said[0]) == (None, [], Format("fasttext"))
    assert (weights(said).parameters, weights(said).dtypes) == (20, (Count("F32", 20),))
    (kept,) = found(said, Component.MODEL_METADATA, Claim.PRESENT)
    assert isinstance(kept.details, Sizes)
    assert {"dim": 4, "epoch": 5, "words": 3, "labels": 2, "tokens": 1000}.items() <= {
        size.name: size.number for size in kept.details.sizes
    }.items()
    assert [told.value for told in found(said, Component.ARCHITECTURE, Claim.REFERENCED)] == ["fasttext supervised"]
    (words,) = found(said, Component.TOKENIZER, Claim.PRESENT)
    assert words.span is not None
    assert WHOLE[words.span.start : words.span.end].startswith(b"</s>\0")


def test_the_codes_of_a_quantised_model_are_counted() -> None:
    said, fault = hear(fasttext, "classifier.ftz", FILES["classifier.ftz"])
    assert (fault, rules(said)) == (None, [])
    assert weights(said).dtypes == (Count("F32", 8), Count("U8", 6))


def test_what_is_readable_but_wrong_is_an_issue() -> None:
    assert rules(hear(fasttext, "m.bin", WHOLE + b"hidden")[0]) == ["fasttext.trailing-bytes"]
    assert rules(hear(fasttext, "m.bin", fasttext_bytes(dim=5))[0]) == ["fasttext.columns"]


@pytest.mark.parametrize(
    "data",
    [
        WHOLE[:4] + struct.pack("<i", 99) + WHOLE[8:],
        WHOLE[:64] + struct.pack("<3i", 9, 3, 2) + WHOLE[76:],
        WHOLE[:64] + struct.pack("<3i", 2**31 - 1, 2**31 - 1, 0) + WHOLE[76:],
        WHOLE[:64] + struct.pack("<3i2q", 5, 3, 2, 0, 2**60) + WHOLE[92:],
        WHOLE.replace(struct.pack("<B2q", 0, 3, 4), struct.pack("<B2q", 0, -1, 4)),
        WHOLE.replace(struct.pack("<B2q", 0, 3, 4), struct.pack("<B2q", 7, 3, 4)),
        WHOLE.replace(struct.pack("<B2q", 0, 3, 4), struct.pack("<B2q", 0, 2**60, 4)),
    ],
)
def test_sizes_that_do_not_fit_are_a_problem(data: bytes) -> None:
    said, fault = hear(fasttext, "m.bin", data)
    assert said[0] == Format("fasttext")
    assert fault is not None


@pytest.mark.parametrize("name", FILES)
def test_a_cut_or_damaged_file_is_no_crash(name: str) -> None:
    assert all(hear(fasttext, name, part)[1] for part in cut(FILES[name], 60) if len(part) >= 4)
    survive(fasttext, name, FILES[name])
