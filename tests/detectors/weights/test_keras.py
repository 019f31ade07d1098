"""Keras 3: configuration and weights in one zip file, and each way in which it can be wrong."""

import json

import pytest

from detectors.weights.keras import keras
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.formats.hdf5 import WEIGHTS
from sample_bundles.formats.keras import MODEL, WHOLE, keras_bytes
from sample_bundles.formats.npy import objects_bytes
from sample_bundles.formats.npz import npz_bytes
from sample_bundles.formats.skops import FILES as SKOPS
from sample_bundles.formats.skops import npy_bytes
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights


@pytest.mark.parametrize("deflated", [True, False])
def test_a_whole_model_gives_weights_and_configuration(deflated: bool) -> None:
    said, fault = hear(keras, "model.zip", keras_bytes(deflated=deflated))
    assert (fault, rules(said), said[0]) == (None, [], Format("keras"))
    details = weights(said)
    assert (details.format, details.tensors, details.parameters, details.dtypes) == ("keras", 2, 10, (Count("F16", 10),))
    assert [item.value for item in found(said, Component.ARCHITECTURE, Claim.REFERENCED)] == ["Sequential"]
    told = {item.value: item.excerpt for item in found(said, Component.MODEL_METADATA, Claim.PRESENT)}
    assert told == {"producer": "Keras 3.10.0", "training-configuration": None}


def test_the_span_of_the_configuration_is_its_own() -> None:
    said, _ = hear(keras, "model.keras", MODEL)
    span = found(said, Component.ARCHITECTURE, Claim.REFERENCED)[0].span
    assert span is not None
    assert json.loads(MODEL[span.start : span.end])["class_name"] == "Sequential"


def test_a_zip_file_of_something_else_is_left_alone() -> None:
    (other,) = SKOPS.values()
    assert hear(keras, "model.zip", other) == ([], None)
    assert hear(keras, "model.keras", b"no zip file") == ([], None)


@pytest.mark.parametrize(
    ("rule", "severity", "data"),
    [
        ("keras.code", Severity.HIGH, keras_bytes({"class_name": "__lambda__", "config": {"code": "4wEA"}})),
        ("keras.unsafe-class", Severity.HIGH, keras_bytes({"class_name": "system", "module": "os"})),
        ("keras.unknown-member", Severity.LOW, keras_bytes(more={"payload.py": b"x"})),
        ("archive.unsafe-name", Severity.HIGH, keras_bytes(more={"assets/../../x": b"x"})),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, data: bytes) -> None:
    said, fault = hear(keras, "m.keras", data)
    assert fault is None
    assert [(told.rule, told.severity) for told in said if isinstance(told, Issue)] == [(rule, severity)]


@pytest.mark.parametrize(
    "data",
    [
        keras_bytes("no json"),
        keras_bytes('{"class_name": ' + '{"a": ' * 99),
        keras_bytes(weights=b"no HDF5 file"),
        keras_bytes(weights=WEIGHTS[:-600]),
        keras_bytes(weights=None, more={"model.weights.npz": b"PK\x03\x04"}),
    ],
)
def test_a_part_that_is_broken_is_a_problem_and_the_other_is_read(data: bytes) -> None:
    said, fault = hear(keras, "m.keras", data)
    assert fault
    assert len(said) > 2


def test_a_model_without_weights_has_no_parameters() -> None:
    said, fault = hear(keras, "m.keras", keras_bytes(weights=None))
    assert fault is None
    assert found(said, Component.PARAMETERS, Claim.PRESENT) == []
    assert len(found(said, Component.PARAMETERS, Claim.MISSING)) == 1


def test_a_changed_configuration_has_a_wrong_checksum() -> None:
    assert WHOLE["class_name"] == "Sequential"
    assert rules(hear(keras, "m.keras", MODEL.replace(b'"units": 2', b'"units": 3'))[0]) == ["archive.checksum"]


def test_a_file_that_is_cut_is_a_problem() -> None:
    for data in cut(MODEL):
        assert hear(keras, "model.keras", data)[1] or not data.startswith(b"PK\x03\x04")


def test_a_flipped_bit_gives_evidence_or_a_problem() -> None:
    for changed in flipped(MODEL):
        said, fault = hear(keras, "model.keras", changed)
        assert said or fault or not changed.startswith(b"PK\x03\x04")


def test_weights_as_arrays_of_numpy_are_counted_and_their_pickles_are_followed() -> None:
    arrays = {"layers/dense/vars": npy_bytes("<f4", (4, 2)), "code": objects_bytes(b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.")}
    said, fault = hear(keras, "model.keras", keras_bytes(weights=None, more={"model.weights.npz": npz_bytes(arrays)}))
    assert fault is None
    assert weights(said).dtypes == (Count("F32", 8),)
    assert "keras.pickle" in rules(said)
    assert any(rule.startswith("pickle.") for rule in rules(said))
