"""NumPy archives: arrays by their headers, parameters by their names, and what is wrong with a member."""

import pytest

from detectors.weights.npz import npz
from detectors.weights.skops import skops
from detectors.weights.torch_zip import torch_zip
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.formats.npy import objects_bytes
from sample_bundles.formats.npz import ARRAYS, npz_bytes
from sample_bundles.formats.skops import FILES as SKOPS
from sample_bundles.formats.skops import npy_bytes
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

WHOLE = npz_bytes(ARRAYS)


@pytest.mark.parametrize("deflated", [True, False])
@pytest.mark.parametrize("name", ["vit.npz", "vit.bin"])
def test_a_whole_archive_gives_its_arrays(name: str, deflated: bool) -> None:
    said, fault = hear(npz, name, npz_bytes(ARRAYS, deflated=deflated))
    assert (fault, rules(said)) == (None, [])
    assert said[0] == Format("npz")
    details = weights(said)
    assert (details.tensors, details.parameters) == (3, 41)
    assert details.dtypes == (Count("F32", 40), Count("I64", 1))


def test_it_is_no_other_archive_and_no_other_archive_is_one() -> None:
    assert hear(skops, "vit.npz", WHOLE) == ([], None)
    assert hear(torch_zip, "vit.npz", WHOLE) == ([], None)
    assert hear(npz, "model.skops", SKOPS["model.skops"]) == ([], None)


def test_arrays_of_other_names_are_not_called_parameters_unless_the_file_is_called_a_model() -> None:
    data = npz_bytes({"mel_80": npy_bytes("<f4", (80, 201)), "mel_128": npy_bytes("<f4", (128, 201))})
    assert hear(npz, "mel_filters.npz", data) == ([Format("npz")], None)
    assert weights(hear(npz, "model.npz", data)[0]).parameters == 208 * 201
    assert hear(npz, "model_test_data.npz", data) == ([Format("npz")], None)
    assert weights(hear(npz, "optimizer.npz", data)[0], Component.CHECKPOINTS).tensors == 2


def test_an_adapter_is_told_by_the_names() -> None:
    arrays = {f"layers.{number}.lora_a": npy_bytes("<f4", (2, 4)) for number in range(3)}
    assert found(hear(npz, "adapters.npz", npz_bytes(arrays))[0], Component.PARAMETERS, Claim.PRESENT)[0].value == "npz-adapter"


@pytest.mark.parametrize(
    ("rule", "severity", "member"),
    [
        ("npz.array-size", Severity.HIGH, npy_bytes("<f4", (2,)) + b"hidden"),
        ("npz.broken-array", Severity.HIGH, b"no array"),
        ("npz.pickled-array", Severity.LOW, objects_bytes(b"\x80\x02N.")),
        ("npz.pickled-array", Severity.MEDIUM, objects_bytes(b"\x80\x02cmodels\nVit\n.")),
        ("pickle.unexpected-global", Severity.HIGH, objects_bytes(b"\x80\x02cos\nsystem\nX\x01\x00\x00\x00a\x85R.")),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, member: bytes) -> None:
    said, fault = hear(npz, "vit.npz", npz_bytes({**ARRAYS, "x/bias": member}))
    assert fault is None
    assert (rule, severity) in [(told.rule, told.severity) for told in said if isinstance(told, Issue)]


def test_a_pickle_that_breaks_is_a_problem_and_what_it_named_is_kept() -> None:
    said, fault = hear(npz, "vit.npz", npz_bytes({**ARRAYS, "x": objects_bytes(b"\x80\x02cos\nsystem\n\xff")}))
    assert fault is not None
    assert "pickle.unexpected-global" in rules(said)
    assert weights(said).tensors == 3


def test_damage_gives_evidence_or_a_problem() -> None:
    assert all(hear(npz, "vit.npz", data)[1] for data in cut(WHOLE) if data.startswith(b"PK\x03\x04"))
    for changed in flipped(WHOLE):
        said, fault = hear(npz, "vit.npz", changed)
        assert said or fault or not changed.startswith(b"PK\x03\x04")
