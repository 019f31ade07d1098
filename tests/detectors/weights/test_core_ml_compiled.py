"""Compiled models of Core ML: values by the text of a program, and tables of blobs that lie."""

import struct

import pytest

from detectors.weights.core_ml_compiled import core_ml_compiled
from inspector.detector import Declared, Format
from inspector.model import Claim, Component, Count, Stored
from inspector.weights.mil_text import BLOCK
from sample_bundles.formats.core_ml_compiled import FILES, MODERN, OLDER, VALUES, espresso_weights, program
from tests.detectors.weights.hearing import found, hear, rules, survive, weights

PLACE = "m.mlmodelc/model.mil"


@pytest.mark.parametrize("form", [MODERN, OLDER])
def test_values_of_a_program_are_counted_once_and_their_file_is_named(form: str) -> None:
    said, fault = hear(core_ml_compiled, PLACE, program(VALUES, form=form).encode())
    assert (fault, rules(said), said[0]) == (None, [], Format("core-ml-program"))
    told = weights(said)
    assert (told.tensors, told.dtypes) == (2, (Count("F16", 10),))
    (beside,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert beside.details == Stored(files=("m.mlmodelc/weights/weight.bin",), size=192 + 64 + 4)


def test_a_value_across_two_reads_is_counted_once() -> None:
    text = program([((4, 2), 64)])
    for shift in (10, 60, 150, 300):
        padded = text.replace("        }", " " * (BLOCK - text.index("tensor<fp16") - shift) + "        }", 1)
        at = padded.index("func main")
        padded = padded[:at] + " " * (BLOCK - padded.index("val =") - shift) + padded[at:]
        assert weights(hear(core_ml_compiled, PLACE, padded.encode())[0]).tensors == 1


def test_a_program_without_values_beside_says_nothing_of_parameters() -> None:
    said, fault = hear(core_ml_compiled, PLACE, program([]).encode())
    assert (said, fault) == ([Format("core-ml-program")], None)


@pytest.mark.parametrize("path", ["@model_path/../other.bin", "/etc/passwd"])
def test_a_value_outside_of_the_directory_is_an_issue(path: str) -> None:
    said, _ = hear(core_ml_compiled, PLACE, program(VALUES, path).encode())
    assert rules(said) == ["core-ml.file-outside"]
    assert found(said, Component.PARAMETERS, Claim.REFERENCED) == []


def test_a_cut_program_is_missing() -> None:
    said, fault = hear(core_ml_compiled, PLACE, program(VALUES).encode()[:-30])
    assert [item.value for item in found(said, Component.PARAMETERS, Claim.MISSING)] == ["damaged"]
    assert fault is not None


def test_sizes_that_no_file_has_are_a_problem() -> None:
    _, fault = hear(core_ml_compiled, PLACE, program([((10**17, 10**17), 64)]).encode())
    assert fault is not None


def test_the_metadata_declares_its_licence_and_its_tools() -> None:
    said, fault = hear(core_ml_compiled, "m.mlmodelc/metadata.json", str(FILES["program.mlmodelc/metadata.json"]).encode())
    assert (fault, said[0]) == (None, Format("core-ml-metadata"))
    assert [item.text for item in said if isinstance(item, Declared)] == ["MIT"]
    assert [item.excerpt for item in found(said, Component.MODEL_METADATA, Claim.PRESENT)] == [
        "somebody",
        "coremltools 8.1",
        "torch==2.5.1",
    ]


def test_the_older_form_has_a_table_of_blobs() -> None:
    name = "m.mlmodelc/model.espresso.weights"
    said, fault = hear(core_ml_compiled, name, espresso_weights(32, 8))
    assert (fault, rules(said), weights(said).tensors, weights(said).parameters) == (None, [], 2, None)
    said, fault = hear(core_ml_compiled, name, espresso_weights(32, 8)[:-1])
    assert [item.value for item in found(said, Component.PARAMETERS, Claim.MISSING)] == ["truncated"]
    assert fault is not None
    assert rules(hear(core_ml_compiled, name, espresso_weights(32, 8) + bytes(500))[0]) == ["core-ml.trailing-bytes"]
    assert hear(core_ml_compiled, name, struct.pack("<Q", 1 << 31) + bytes(64))[1] is not None


@pytest.mark.parametrize("name", ["model.espresso.net", "model.espresso.shape", "coremldata.bin"])
def test_what_stands_beside_is_recognised(name: str) -> None:
    path = next(path for path in FILES if path.endswith(name))
    data = FILES[path]
    said, fault = hear(core_ml_compiled, path, data if isinstance(data, bytes) else data.encode())
    assert (fault, isinstance(said[0], Format)) == (None, True)
    assert hear(core_ml_compiled, path, b"something else, of some length") == ([], None)


def test_other_files_are_left_alone_and_damage_is_no_crash() -> None:
    assert hear(core_ml_compiled, "metadata.json", b'{"name": "a data set"}') == ([], None)
    assert hear(core_ml_compiled, "model.espresso.weights", bytes(64)) == ([], None)
    survive(core_ml_compiled, PLACE, program(VALUES).encode())
    for path, data in FILES.items():
        survive(core_ml_compiled, path, data if isinstance(data, bytes) else data.encode(), 40, 20)
