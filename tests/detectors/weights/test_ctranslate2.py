"""CTranslate2: the variables by their records, and records that do not fit."""

import struct

import pytest

from detectors.weights.ctranslate2 import ctranslate2
from inspector.detector import Format
from inspector.model import Claim, Component, Count
from sample_bundles.formats.ctranslate2 import FILES, VARIABLES, ctranslate2_bytes
from tests.detectors.weights.damage import cut
from tests.detectors.weights.hearing import found, hear, rules, survive, weights

WHOLE = FILES["model.bin"]


def test_a_whole_file_gives_its_variables() -> None:
    said, fault = hear(ctranslate2, "model.bin", WHOLE)
    assert (fault, rules(said), said[0]) == (None, [], Format("ctranslate2"))
    details = weights(said)
    assert (details.tensors, details.parameters) == (4, 20 + 48 + 12 + 1)
    assert details.dtypes == (Count("F16", 1), Count("F32", 32), Count("I8", 48))
    (name,) = found(said, Component.ARCHITECTURE, Claim.REFERENCED)
    assert name.span is not None
    assert (name.value, WHOLE[name.span.start : name.span.end]) == ("TransformerSpec", b"TransformerSpec")


@pytest.mark.parametrize("data", [b"", b"\x80\x02N.", struct.pack("<I", 6), ctranslate2_bytes(name="Transformer"), b"\x63" + WHOLE[1:]])
def test_other_files_are_left_alone(data: bytes) -> None:
    assert hear(ctranslate2, "model.bin", data) == ([], None)


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("ctranslate2.trailing-bytes", WHOLE + b"hidden"),
        ("ctranslate2.alias", ctranslate2_bytes(alias="nothing")),
        ("ctranslate2.duplicate-name", ctranslate2_bytes((*VARIABLES, VARIABLES[0]))),
        ("ctranslate2.size-mismatch", WHOLE.replace(struct.pack("<2I", 5, 4), struct.pack("<2I", 5, 3))),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, data: bytes) -> None:
    said, fault = hear(ctranslate2, "model.bin", data)
    assert (fault, rules(said)) == (None, [rule])


def test_a_version_before_types_tells_them_by_their_size() -> None:
    data = (
        struct.pack("<IH", 2, 11) + b"MarianSpec\0" + struct.pack("<2IH", 1, 1, 2) + b"a\0" + struct.pack("<BIBI", 1, 3, 4, 3) + bytes(12)
    )
    said, fault = hear(ctranslate2, "model.bin", data)
    assert (fault, weights(said).dtypes) == (None, (Count("F32", 3),))


def test_a_cut_file_is_a_problem_and_what_was_read_is_kept() -> None:
    assert all(hear(ctranslate2, "model.bin", part)[1] for part in cut(WHOLE) if len(part) > 30)
    assert weights(hear(ctranslate2, "model.bin", WHOLE[:-100])[0]).tensors == 3
    survive(ctranslate2, "model.bin", WHOLE)
    for count in (2**32 - 1, 300_000):
        assert hear(ctranslate2, "m.bin", WHOLE[:26] + struct.pack("<I", count) + WHOLE[30:])[1] is not None
