"""TensorFlow.js: the manifest, the files it needs, and each way in which it can be wrong."""

import json

import pytest

from detectors.weights.tensorflow_js import tensorflow_js
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Issue, Severity, Stored
from sample_bundles.formats.tensorflow_js import GROUP, MANIFEST, MODEL, model, tensor
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

LAMBDA = {"class_name": "Lambda", "config": {"function": ["4wEA"], "function_type": "lambda"}}


def issues(data: bytes) -> list[tuple[str, Severity]]:
    said, fault = hear(tensorflow_js, "model.json", data)
    assert fault is None
    return [(told.rule, told.severity) for told in said if isinstance(told, Issue)]


def test_a_whole_model_gives_its_tensors_as_they_are_stored() -> None:
    said, fault = hear(tensorflow_js, "web/model.json", MODEL)
    assert (fault, rules(said), said[0]) == (None, [], Format("tensorflow-js"))
    details = weights(said)
    assert (details.tensors, details.parameters, details.metadata) == (3, 11, ("graph-model",))
    assert details.dtypes == (Count("F32", 8), Count("I32", 1), Count("U8", 2))
    (told,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert told.details == Stored(files=("web/group1-shard1of2.bin", "web/group1-shard2of2.bin"), size=38, whole=True)
    assert len(found(said, Component.MODEL_METADATA, Claim.PRESENT)) == 2


def test_a_manifest_alone_is_read_too() -> None:
    said, fault = hear(tensorflow_js, "x-weights_manifest.json", MANIFEST)
    assert (fault, weights(said).parameters) == (None, 3)


def test_files_with_texts_have_a_size_that_nobody_knows() -> None:
    said, _ = hear(tensorflow_js, "m.json", model([{"paths": ["a.bin"], "weights": [tensor("s", (3,), "string"), tensor("w", (1,))]}]))
    assert [item.details for item in found(said, Component.PARAMETERS, Claim.REFERENCED)] == [Stored(files=("a.bin",), size=0)]


@pytest.mark.parametrize(
    "text", ["{}", '{"format": "graph-model"}', '{"name": "x"}', "[]", '[{"weights": 1}]', "", '{"a": {"weightsManifest": []}}']
)
def test_other_json_is_left_alone(text: str) -> None:
    assert hear(tensorflow_js, "model.json", text.encode()) == ([], None)


@pytest.mark.parametrize(
    ("rule", "severity", "data"),
    [
        ("tensorflow-js.path-outside", Severity.HIGH, model([{**GROUP, "paths": ["../x.bin"]}])),
        ("tensorflow-js.path-outside", Severity.HIGH, model([{**GROUP, "paths": ["https://example.org/x.bin"]}])),
        ("tensorflow-js.duplicate-tensor", Severity.HIGH, model([{**GROUP, "weights": [tensor("a", (1,)), tensor("a", (1,))]}])),
        ("tensorflow-js.unknown-dtype", Severity.LOW, model([{**GROUP, "weights": [tensor("a", (1,), "float8")]}])),
        ("tensorflow-js.no-tensors", Severity.LOW, model([])),
        ("keras.code", Severity.HIGH, model([GROUP], "layers-model", {"model_config": LAMBDA})),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, data: bytes) -> None:
    assert issues(data) == [(rule, severity)]


@pytest.mark.parametrize(
    "data",
    [
        model([{"paths": 5}]),
        model([{"weights": [tensor("a", (-1,))]}]),
        model([{"weights": [tensor("a", [1] * 100)]}]),
        model([{"weights": [tensor("a", [2**62, 2**62])]}]),
        b'{"modelTopology": ' + b'{"a":' * 5000 + b'"weightsManifest"',
        b'[{"weights": [' + b"[" * 5000,
    ],
)
def test_a_manifest_that_lies_is_recognised_and_refused(data: bytes) -> None:
    said, fault = hear(tensorflow_js, "model.json", data)
    assert said[0] == Format("tensorflow-js")
    assert fault


def test_a_model_cut_anywhere_is_a_problem_or_nothing() -> None:
    assert json.loads(MODEL)["format"] == "graph-model"
    for part in cut(MODEL):
        said, fault = hear(tensorflow_js, "model.json", part)
        assert fault or not said


def test_a_flipped_bit_gives_evidence_or_a_problem() -> None:
    for changed in flipped(MODEL):
        said, _ = hear(tensorflow_js, "model.json", changed)
        assert all(rule.startswith(("tensorflow-js.", "keras.")) for rule in rules(said))
