"""CatBoost: one model in two formats, and each way in which one can be wrong."""

import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.weights.catboost import catboost
from inspector.detector import Declared, Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.flat_buffers import Numbers, Table, flat_bytes
from sample_bundles.formats.catboost import binary_bytes, json_text
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

WHOLE = binary_bytes([2, 3])
SPLITTER, LEAF = True, False
COUNTERS = struct.pack("<II", 1, 8) + bytes(8)


def framed(root: Table) -> bytes:
    data = flat_bytes(root)
    return b"CBM1" + struct.pack("<I", len(data)) + data


@pytest.mark.parametrize(("data", "kind"), [(WHOLE, "catboost-binary"), (json_text([2, 3]).encode(), "catboost-json")])
def test_a_whole_model_gives_its_trees_and_how_it_was_trained(data: bytes, kind: str) -> None:
    said, fault = hear(catboost, "model.json", data)
    assert fault is None
    assert said[0] == Format(kind)
    assert len(said) == 4
    details = weights(said)
    assert (details.format, details.tensors, details.parameters) == (kind, 2, 2 + 4 + 3 + 8)
    assert details.dtypes == (Count("F64", 17),)
    assert details.shapes == (Count("11", 1), Count("6", 1))
    assert found(said, Component.ARCHITECTURE, Claim.REFERENCED)[0].value == "oblivious RMSE"
    assert found(said, Component.MODEL_METADATA, Claim.PRESENT)[0].value == "training-parameters"


def test_the_parameters_of_the_training_are_at_their_bytes() -> None:
    said, _ = hear(catboost, "model.cbm", WHOLE)
    span = found(said, Component.MODEL_METADATA, Claim.PRESENT)[0].span
    assert span is not None
    assert WHOLE[span.start : span.end].startswith(b'{"boosting_options"')


def test_trees_that_are_not_symmetric_count_splits_and_leaves() -> None:
    data = binary_bytes([], steps=[[SPLITTER, LEAF, LEAF], [SPLITTER, SPLITTER, LEAF, LEAF, LEAF]])
    said, fault = hear(catboost, "model.cbm", data)
    assert (fault, rules(said)) == (None, [])
    assert (weights(said).tensors, weights(said).parameters) == (2, 8)
    leaf = {"value": 0.5, "weight": 3}
    tree = {"left": leaf, "right": {"value": [1, 2], "weight": 1}, "split": {"border": 0.5}}
    nested = {"features_info": {"float_features": []}, "model_info": {}, "trees": [tree, leaf]}
    said, fault = hear(catboost, "model.json", json.dumps(nested).encode())
    assert (fault, weights(said).tensors, weights(said).parameters) == (None, 2, 4 + 1)


def test_a_licence_in_the_metadata_is_declared_for_the_file() -> None:
    said, _ = hear(catboost, "model.cbm", binary_bytes([1], {"license": "apache-2.0"}))
    declared = next(told for told in said if isinstance(told, Declared))
    assert (declared.text, declared.pointer, declared.component) == ("apache-2.0", "license", Component.PARAMETERS)
    model = json.loads(json_text([1]))
    model["model_info"]["license"] = "mit"
    said, _ = hear(catboost, "model.json", json.dumps(model).encode())
    assert [told.text for told in said if isinstance(told, Declared)] == ["mit"]


def test_counters_of_categories_belong_to_the_model() -> None:
    said, fault = hear(catboost, "model.cbm", binary_bytes([1], parts=["static_provider_v1"]) + COUNTERS)
    assert (fault, rules(said)) == (None, [])
    assert hear(catboost, "model.cbm", binary_bytes([1], parts=["something_else_v1"]) + b"anything")[1] is None


def test_other_json_is_left_alone() -> None:
    for text in (b'{"features_info": 5}', b'{"features_info": {"names": []}}', b'{"ctr_data": {}}', b"[]"):
        assert hear(catboost, "model.json", text) == ([], None)


@pytest.mark.parametrize(
    ("rule", "severity", "data"),
    [
        ("catboost.trailing-bytes", Severity.MEDIUM, WHOLE + b"hidden"),
        ("catboost.trailing-bytes", Severity.MEDIUM, binary_bytes([1], parts=["static_provider_v1"]) + COUNTERS + b"hidden"),
        ("catboost.broken-trees", Severity.HIGH, binary_bytes([2, 3], leaves=99)),
        ("catboost.no-trees", Severity.LOW, binary_bytes([])),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, data: bytes) -> None:
    said, fault = hear(catboost, "model.cbm", data)
    assert fault is None
    assert [(told.rule, told.severity) for told in said if isinstance(told, Issue)] == [(rule, severity)]


def test_a_tree_of_a_depth_that_no_memory_holds_is_no_reason_to_try() -> None:
    trees = Table([1, Numbers("i", [0]), Numbers("i", [2**31 - 1]), None, None, None, None, None, Numbers("d", [0.5])])
    said, fault = hear(catboost, "m.cbm", framed(Table(["FlabuffersModel_v1", trees])))
    assert fault is None
    assert "catboost.broken-trees" in rules(said)


@pytest.mark.parametrize(
    "data",
    [
        b"CBM1",
        b"CBM1" + struct.pack("<I", 2**32 - 1) + bytes(64),
        b"CBM1" + struct.pack("<I", 64) + bytes(64),
        b"CBM1" + struct.pack("<II", 64, 2**31) + bytes(60),
        framed(Table(["other", None])),
        binary_bytes([1], parts=["static_provider_v1"]) + struct.pack("<II", 1, 2**31),
        binary_bytes([1], parts=["static_provider_v1"]) + struct.pack("<I", 2**31),
        b'{"features_info":{"float_features":[' + b'{"a":' * 99,
    ],
)
def test_tables_that_lie_are_recognised_and_refused(data: bytes) -> None:
    said, fault = hear(catboost, "m.json", data)
    assert isinstance(said[0], Format)
    assert fault


@pytest.mark.parametrize("data", [WHOLE, json_text([2, 3]).encode()])
def test_a_model_cut_anywhere_is_a_problem(data: bytes) -> None:
    for part in cut(data):
        said, fault = hear(catboost, "m.json", part)
        assert fault or not said
        if said and len(part) >= 8:
            assert fault is not None
            assert "truncated" in fault


@pytest.mark.parametrize("data", [WHOLE, json_text([2, 3]).encode()])
def test_a_flipped_bit_gives_evidence_or_a_problem(data: bytes) -> None:
    for changed in flipped(data):
        said, _ = hear(catboost, "m.json", changed)
        assert all(rule.startswith("catboost.") for rule in rules(said))


@settings(deadline=None, max_examples=200)
@given(st.integers(8, len(WHOLE) - 5), st.integers(0, 2**32 - 1))
def test_any_number_in_the_tables_may_lie(place: int, number: int) -> None:
    changed = WHOLE[:place] + struct.pack("<I", number) + WHOLE[place + 4 :]
    said, fault = hear(catboost, "m.cbm", changed)
    assert said[0] == Format("catboost-binary")
    assert fault or len(said) > 1
