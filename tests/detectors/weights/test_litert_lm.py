"""Bundles of LiteRT: models in sections and in zip files, and headers that lie."""

import pytest

from detectors.weights.litert_lm import litert_lm
from inspector.detector import Format
from inspector.model import Claim, Component, Count
from sample_bundles.formats.litert_lm import BLOCK, LITERT, MODEL_KIND, TASK, litert_lm_bytes, task_bytes
from sample_bundles.formats.tflite import MODEL
from tests.detectors.weights.hearing import found, hear, rules, survive, weights


@pytest.mark.parametrize(("name", "data", "form"), [("m.litertlm", LITERT, "litert-lm"), ("m.task", TASK, "mediapipe-task")])
def test_the_tensors_of_the_model_inside_are_counted(name: str, data: bytes, form: str) -> None:
    said, fault = hear(litert_lm, name, data)
    assert (fault, rules(said), said[0]) == (None, [], Format(form))
    assert weights(said).dtypes == (Count("F32", 8), Count("I32", 2))
    assert len(found(said, Component.TOKENIZER, Claim.PRESENT)) == 1


def test_a_cut_file_is_missing() -> None:
    said, fault = hear(litert_lm, "m.litertlm", LITERT[:-10])
    assert [item.value for item in found(said, Component.PARAMETERS, Claim.MISSING)] == ["damaged"]
    assert fault is not None


def test_a_section_that_lies_about_its_end_is_a_problem_or_an_issue() -> None:
    assert hear(litert_lm, "m.litertlm", litert_lm_bytes([(MODEL_KIND, MODEL)], shift=1))[1] is not None
    said, _ = hear(litert_lm, "m.litertlm", litert_lm_bytes([(MODEL_KIND, MODEL), (MODEL_KIND, MODEL.ljust(BLOCK, b"x"))], shift=-9))
    assert "litert-lm.trailing-bytes" in rules(said)
    said, _ = hear(litert_lm, "m.litertlm", litert_lm_bytes([(1, bytes(9)), (1, bytes(3 * BLOCK))], shift=BLOCK)[: -BLOCK - 20])
    assert said[0] == Format("litert-lm")


@pytest.mark.parametrize(("rest", "expected"), [(b"\0", []), (b"x", ["litert-lm.trailing-bytes"])])
def test_zeros_that_fill_a_block_are_fine_and_nothing_else_is(rest: bytes, expected: list[str]) -> None:
    filled = LITERT + (-len(LITERT) % BLOCK) * rest
    assert rules(hear(litert_lm, "m.litertlm", filled)[0]) == expected


def test_a_broken_model_inside_is_an_issue() -> None:
    said, fault = hear(litert_lm, "m.task", task_bytes({"a.tflite": MODEL[:30]}))
    assert (fault, rules(said)) == (None, ["litert-lm.broken-model"])
    assert [item.value for item in found(said, Component.PARAMETERS, Claim.MISSING)] == ["damaged"]


@pytest.mark.parametrize("data", [b"PK\x03\x04", task_bytes({"a.txt": b"no model"})])
def test_other_zip_files_are_left_alone(data: bytes) -> None:
    assert hear(litert_lm, "a.zip", data) == ([], None)


def test_damage_is_no_crash() -> None:
    survive(litert_lm, "m.task", TASK)
    survive(litert_lm, "m.litertlm", LITERT[: BLOCK + 300])
    for at in range(8, 200):
        hear(litert_lm, "m.litertlm", LITERT[:at] + b"\xff" + LITERT[at + 1 :])
