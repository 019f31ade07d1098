"""R's serialized objects: vectors by their headers, code as what it is."""

import bz2
import gzip
import lzma
import struct
from collections.abc import Callable

import pytest

from detectors.weights.r_data import r_data
from inspector.detector import Format
from inspector.model import Count, Issue, Severity
from sample_bundles.formats.r_data import FILES, GLOBAL, NIL, bytecode, function, head, model, numbers, pairs, promise
from tests.detectors.weights.hearing import hear, rules, survive, weights

OBJECT = head() + model()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress, lambda data: lzma.compress(data, preset=9)])
def test_vectors_and_arrays_of_a_model_are_counted_however_it_is_packed(pack: Callable[[bytes], bytes]) -> None:
    said, fault = hear(r_data, "anything.bin", pack(OBJECT))
    assert (fault, rules(said), said[0]) == (None, [], Format("rds"))
    assert (weights(said).tensors, weights(said).dtypes, weights(said).metadata) == (2, (Count("F64", 23),), ("lm",))
    assert weights(said).shapes == (Count("3", 1), Count("4x5", 1))


def test_workspaces_and_text_are_read() -> None:
    said, fault = hear(r_data, "fit.RData", FILES["fit.RData"])
    assert (fault, said[0], weights(said).metadata) == (None, Format("rdata"), ("randomForest",))
    said, fault = hear(r_data, "text.rds", FILES["text.rds"])
    assert (fault, weights(said).dtypes) == (None, (Count("F64", 2), Count("I32", 3)))


def test_data_frames_are_no_parameters() -> None:
    assert hear(r_data, "fit.rds", head() + model("data.frame")) == ([Format("rds")], None)


def test_an_expression_in_place_of_a_value_is_high() -> None:
    for data in (head() + promise(), b"RDX3\n" + head() + pairs({"x": promise()})):
        (issue,) = [item for item in hear(r_data, "a.rds", gzip.compress(data))[0] if isinstance(item, Issue)]
        assert (issue.rule, issue.severity) == ("r.promise", Severity.HIGH)


def test_what_was_evaluated_or_waits_in_an_environment_is_what_r_itself_writes() -> None:
    assert rules(hear(r_data, "a.rds", head() + promise(numbers(1)))[0]) == []
    environment = struct.pack(">2i", 4, 0) + GLOBAL + pairs({"x": promise()}) + NIL + NIL
    assert rules(hear(r_data, "a.rds", head() + environment)[0]) == ["r.waiting-argument"]


def test_functions_are_a_note_and_those_that_r_calls_by_itself_are_high() -> None:
    assert rules(hear(r_data, "a.RData", b"RDX3\n" + head() + pairs({"f": function()}))[0]) == ["r.function"]
    assert rules(hear(r_data, "a.RData", b"RDX3\n" + head() + pairs({".First": function()}))[0]) == ["r.runs-by-itself", "r.function"]


def test_compiled_code_is_low_and_read_to_its_end() -> None:
    said, fault = hear(r_data, "a.rds", head() + bytecode())
    assert fault is None
    assert [(item.rule, item.severity) for item in said if isinstance(item, Issue)] == [("r.bytecode", Severity.LOW)]


def test_bytes_behind_the_object_and_a_cut_are_told() -> None:
    assert rules(hear(r_data, "a.rds", OBJECT + b"more")[0]) == ["r.trailing-bytes"]
    assert rules(hear(r_data, "a.rds", gzip.compress(OBJECT) + b"more")[0]) == ["r.trailing-bytes"]
    said, fault = hear(r_data, "a.rds", OBJECT[:-4])
    assert fault is not None
    assert weights(said).tensors == 2


def test_other_content_is_not_r_and_damage_is_no_crash() -> None:
    assert hear(r_data, "a.txt", b"A\nB\nC\n") == ([], None)
    assert hear(r_data, "a.gz", gzip.compress(b"hello")) == ([], None)
    assert "in one another" in str(hear(r_data, "a.rds", head() + struct.pack(">2i", 19, 1) * 5000)[1])
    survive(r_data, "a.RData", b"RDX3\n" + head() + pairs({"f": function(), "m": model()}))
    survive(r_data, "text.rds", FILES["text.rds"])
