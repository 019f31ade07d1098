"""skops: arrays and types of an estimator, what would have to be trusted, and what is broken."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.weights.skops import skops
from detectors.weights.torch_zip import torch_zip
from inspector.detector import Format
from inspector.errors import Malformed
from inspector.model import Claim, Component, Count, Issue, Severity
from inspector.weights.array_header import read_array_header
from sample_bundles.formats.skops import ARRAYS, FILES, MODEL, Json, estimator, node, npy_bytes, skops_bytes
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

WHOLE = FILES["model.skops"]


def issues(root: dict[str, Json], arrays: dict[str, bytes] | None = None) -> list[tuple[str, Severity, str | None]]:
    """What is wrong with a file, each with the first place."""
    said, fault = hear(skops, "m.skops", skops_bytes(root, arrays or {}))
    assert fault is None
    return [(told.rule, told.severity, told.locations[0].pointer) for told in said if isinstance(told, Issue)]


@pytest.mark.parametrize("deflated", [True, False])
def test_a_whole_file_gives_its_arrays_and_its_estimator(deflated: bool) -> None:
    said, fault = hear(skops, "model.skops", skops_bytes(MODEL, ARRAYS, deflated=deflated))
    assert (fault, rules(said)) == (None, [])
    assert said[0] == Format("skops")
    details = weights(said)
    assert (details.tensors, details.parameters) == (3, 8)
    assert details.dtypes == (Count("F64", 6), Count("I64", 2))
    (library,) = found(said, Component.ARCHITECTURE, Claim.REFERENCED)
    assert (library.value, library.excerpt) == ("sklearn.linear_model._logistic.LogisticRegression", "skops 0.16.0")


def test_the_span_is_that_of_the_schema() -> None:
    said, _ = hear(skops, "model.skops", WHOLE)
    span = found(said, Component.PARAMETERS, Claim.PRESENT)[0].span
    assert span is not None
    assert json.loads(WHOLE[span.start : span.end])["protocol"] == 2


def test_it_is_not_taken_for_a_torch_archive_nor_the_other_way_round() -> None:
    assert hear(torch_zip, "model.skops", WHOLE) == ([], None)
    assert hear(skops, "model.zip", skops_bytes({"types": []}, {})) == ([], None)


@pytest.mark.parametrize(
    ("content", "severity", "pointer"),
    [
        (node("os.system", "TypeNode"), Severity.HIGH, "os.system"),
        (node("operator.methodcaller", "OperatorFuncNode"), Severity.HIGH, "operator.methodcaller"),
        (
            node("builtins.function", "FunctionNode", content={"module_path": "shutil", "function": "rmtree"}),
            Severity.HIGH,
            "shutil.rmtree",
        ),
        (node("numpy.log", "FunctionNode"), Severity.MEDIUM, "numpy.log"),
        (node("mymodel.Thing", "ObjectNode"), Severity.MEDIUM, "mymodel.Thing"),
        (node("sklearn.datasets.fetch_openml", "TypeNode"), Severity.HIGH, "sklearn.datasets.fetch_openml"),
        ({"__loader__": "TypeNode", "__class__": "system", "__module__": "os"}, Severity.HIGH, "os.system"),
    ],
)
def test_what_has_to_be_trusted_is_named(content: dict[str, Json], severity: Severity, pointer: str) -> None:
    told = issues(estimator("sklearn.pipeline.Pipeline", {"a": content}))
    assert ("skops.untrusted-type", severity, pointer) in told


@pytest.mark.parametrize(
    ("rule", "severity", "arrays"),
    [
        ("skops.array-missing", Severity.HIGH, {key: data for key, data in ARRAYS.items() if key != "2.npy"}),
        ("skops.unused-member", Severity.MEDIUM, {**ARRAYS, "payload.bin": b"x"}),
        ("skops.array-size", Severity.HIGH, {**ARRAYS, "2.npy": npy_bytes("<f8", (1,)) + b"hidden"}),
        ("skops.broken-array", Severity.HIGH, {**ARRAYS, "2.npy": b"no array"}),
        ("skops.pickled-array", Severity.HIGH, {**ARRAYS, "2.npy": npy_bytes("|O", (1,)) + b"\x80\x02N."}),
        ("archive.unsafe-name", Severity.HIGH, {**ARRAYS, "../x": b""}),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, arrays: dict[str, bytes]) -> None:
    assert (rule, severity) in [told[:2] for told in issues(MODEL, arrays)]


def test_a_changed_schema_has_a_wrong_checksum() -> None:
    said, _ = hear(skops, "m.skops", WHOLE.replace(b'"1.0"', b'"2.0"'))
    assert rules(said) == ["archive.checksum"]


@pytest.mark.parametrize("text", ['{"__loader__": ', '{"__loader__": 1, "__loader__": 2}', '{"__loader__":' + '{"a":' * 99, '"__loader__"'])
def test_a_schema_that_is_no_json_is_refused(text: str) -> None:
    said, fault = hear(skops, "m.skops", skops_bytes(text, {}))
    assert said == [Format("skops")]
    assert fault is not None


def test_a_schema_of_too_many_types_is_refused() -> None:
    types: list[Json] = [node(f"m.T{number}", "X") for number in range(6000)]
    said, fault = hear(skops, "m.skops", skops_bytes(node("a.b", "ListNode", content=types), {}))
    assert said[0] == Format("skops")
    assert fault is not None


def test_a_file_that_is_cut_is_a_problem() -> None:
    for data in cut(WHOLE):
        assert hear(skops, "model.skops", data)[1] or not data.startswith(b"PK\x03\x04")
        assert hear(skops, "model.zip", data) == ([], None)


def test_a_flipped_bit_gives_evidence_or_a_problem() -> None:
    for changed in flipped(WHOLE):
        said, fault = hear(skops, "model.skops", changed)
        assert said or fault or not changed.startswith(b"PK\x03\x04")


@given(st.binary(max_size=200))
def test_any_header_of_an_array_is_read_or_refused(data: bytes) -> None:
    for head in (
        data,
        b"\x93NUMPY\x01\0" + data,
        b"\x93NUMPY\x01\0" + len(data).to_bytes(2, "little") + b"'descr': '<f8', 'shape': (3,)" + data,
    ):
        try:
            header = read_array_header(head)
        except Malformed:
            continue
        assert header.start <= len(head)
        assert all(size >= 0 for size in header.shape)
