"""Archives of TorchServe: the weights inside, the code that runs, and what the manifest names and is not there."""

import pytest

from detectors.weights.torchserve import torchserve
from inspector.detector import Format
from inspector.model import Claim, Component, Count
from sample_bundles.formats.torchserve import ARCHIVE, MEMBERS, MODEL, mar_bytes
from tests.detectors.weights.hearing import found, hear, rules, survive, weights


@pytest.mark.parametrize("deflated", [False, True])
def test_the_weights_inside_are_counted_and_the_code_is_named(deflated: bool) -> None:
    said, fault = hear(torchserve, "small.mar", mar_bytes(MODEL, MEMBERS, deflated=deflated))
    assert (fault, rules(said), said[0]) == (None, ["torchserve.code"], Format("torchserve"))
    assert weights(said).dtypes == (Count("F32", 10),)


def test_a_built_in_handler_is_no_code_of_the_archive() -> None:
    model = {"modelName": "a", "serializedFile": "model.pt", "handler": "image_classifier"}
    assert rules(hear(torchserve, "small.mar", mar_bytes(model, MEMBERS))[0]) == []


def test_requirements_are_noted() -> None:
    said, _ = hear(torchserve, "small.mar", mar_bytes(MODEL | {"requirementsFile": "requirements.txt"}, MEMBERS))
    assert rules(said) == ["torchserve.code", "torchserve.requirements"]


def test_weights_that_are_not_there_are_missing() -> None:
    said, fault = hear(torchserve, "small.mar", mar_bytes(MODEL | {"serializedFile": "other.pt"}, MEMBERS))
    assert fault is None
    assert [item.value for item in found(said, Component.PARAMETERS, Claim.MISSING)] == ["other.pt"]


def test_a_pickle_that_runs_code_is_an_issue() -> None:
    hostile = b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R."
    said, _ = hear(torchserve, "small.mar", mar_bytes(MODEL, MEMBERS | {"model.pt": hostile}))
    assert any(rule.startswith("pickle.") for rule in rules(said))


def test_a_broken_archive_is_a_problem_by_its_name_only() -> None:
    said, fault = hear(torchserve, "small.mar", ARCHIVE[:-30])
    assert (said, fault is None) == ([Format("torchserve")], False)
    assert hear(torchserve, "small.zip", ARCHIVE[:-30]) == ([], None)
    assert hear(torchserve, "small.mar", mar_bytes({}, {}).replace(b'"model"', b'"nodel"'))[1] is not None


def test_damage_is_no_crash() -> None:
    survive(torchserve, "small.mar", ARCHIVE)
