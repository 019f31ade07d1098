"""Tesseract: the parts by their places, and the network by its header."""

import struct

import pytest

from detectors.weights.tesseract import tesseract
from inspector.detector import Format
from inspector.model import Claim, Component
from sample_bundles.formats.tesseract import FILES, PARTS, network, traineddata_bytes
from tests.detectors.weights.damage import cut
from tests.detectors.weights.hearing import found, hear, rules, survive, weights

WHOLE = FILES["eng.traineddata"]


def test_the_network_and_the_parts_are_said() -> None:
    said, fault = hear(tesseract, "eng.traineddata", WHOLE)
    assert (fault, rules(said), said[0]) == (None, [], Format("tesseract"))
    assert weights(said).parameters == 385_807
    assert weights(said).metadata == ("lstm", "lstm-unicharset", "version")
    (name,) = found(said, Component.ARCHITECTURE, Claim.REFERENCED)
    assert name.excerpt == "4.00.00alpha:eng:synth20170629 [1,36,0,1Ct3,3,16Mp3,3Lfys48O1c111]"
    (characters,) = found(said, Component.TOKENIZER, Claim.PRESENT)
    assert characters.span is not None
    assert WHOLE[characters.span.start : characters.span.end] == PARTS[21]


def test_the_older_engine_has_classes_and_a_dictionary_has_none() -> None:
    assert weights(hear(tesseract, "a.traineddata", traineddata_bytes({3: bytes(50)}, 17))[0]).parameters == 50
    assert rules(hear(tesseract, "osd.traineddata", traineddata_bytes({0: b"x"}))[0]) == ["tesseract.no-recogniser"]


@pytest.mark.parametrize(
    "data", [b"", bytes(300), struct.pack("<I", 99) + bytes(900), traineddata_bytes({}), b"\x01\0\0\0" + b"\x09" + bytes(7)]
)
def test_other_files_of_that_name_are_left_alone(data: bytes) -> None:
    assert hear(tesseract, "a.traineddata", data) == ([], None)


@pytest.mark.parametrize("part", [b"\x07" + network()[1:], network(-5), network()[:10], b"\0\xff\xff\xff\xff" + bytes(40)])
def test_a_network_that_is_none_is_a_problem(part: bytes) -> None:
    assert hear(tesseract, "a.traineddata", traineddata_bytes({17: part}))[1] is not None


def test_a_cut_or_damaged_file_is_no_crash() -> None:
    assert all(hear(tesseract, "a.traineddata", part)[1] for part in cut(WHOLE) if 200 < len(part) < len(WHOLE) - 30)
    survive(tesseract, "a.traineddata", WHOLE, 300)
