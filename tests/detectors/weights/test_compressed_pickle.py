"""Compressed pickles, and joblib's arrays between opcodes: what is read, what is hidden, what is broken."""

import bz2
import gzip
import lzma
import zlib

import pytest

from detectors.weights.compressed_pickle import compressed_pickle
from detectors.weights.pickle import pickle
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.formats.compressed_pickle import FILES, PLAIN, joblib_bytes, objects, wrapper
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

PACKED = {path: data for path, data in FILES.items() if data is not PLAIN}
ARRAYS = {"w": ("f8", (3, 4)), "b": ("f4", (3,))}
ACTING = b"cos\nsystem\nX\x01\x00\x00\x00x\x85R"


@pytest.mark.parametrize("path", PACKED)
def test_each_way_to_compress_gives_the_arrays_and_the_estimator(path: str) -> None:
    said, fault = hear(compressed_pickle, path, PACKED[path])
    assert fault is None
    assert said[0] == Format("compressed-pickle")
    details = weights(said)
    assert (details.tensors, details.parameters) == (2, 15)
    assert details.dtypes == (Count("F32", 3), Count("F64", 12))
    (estimator,) = found(said, Component.ARCHITECTURE, Claim.REFERENCED)
    assert estimator.value == "sklearn.linear_model._logistic.LogisticRegression"
    assert [(told.rule, told.severity) for told in said if isinstance(told, Issue)] == [("pickle.unexpected-global", Severity.LOW)]


@pytest.mark.parametrize("aligned", [True, False])
def test_arrays_between_opcodes_are_read_where_nothing_is_compressed(aligned: bool) -> None:
    said, fault = hear(pickle, "m.joblib", joblib_bytes(ARRAYS, aligned=aligned))
    assert (fault, rules(said)) == (None, [])
    assert (weights(said).tensors, weights(said).parameters) == (2, 15)


def test_an_array_of_objects_is_a_pickle_of_its_own() -> None:
    said, fault = hear(pickle, "m.joblib", objects(b"\x80\x02" + ACTING + b"."))
    assert fault is None
    assert [(told.rule, told.severity) for told in said if isinstance(told, Issue)] == [("pickle.unexpected-global", Severity.HIGH)]


def test_opcodes_hidden_in_an_array_are_found() -> None:
    hidden = b"c" + b"os\nsystem\n" + b"X\x01\x00\x00\x00x\x85R."
    data = b"\x80\x02" + wrapper("i8", (60,), aligned=True) + hidden.ljust(99 + 1 + 60 * 8, b"\xff") + b"."
    said, fault = hear(pickle, "m.joblib", data)
    assert fault is None
    (issue,) = [told for told in said if isinstance(told, Issue)]
    assert (issue.severity, issue.locations[0].pointer) == (Severity.HIGH, "os.system")
    span = issue.locations[0].span
    assert span is not None
    assert data[span.start :].startswith(b"cos\nsystem")


@pytest.mark.parametrize(
    "make",
    [
        b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)R",
        b"(cjoblib.numpy_pickle\nNumpyArrayWrapper\no",
        b"(ijoblib.numpy_pickle\nNumpyArrayWrapper\n",
        b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)}\x92",
        b"ccopyreg\n_reconstructor\n(cjoblib.numpy_pickle\nNumpyArrayWrapper\ncbuiltins\nobject\nNtR",
    ],
)
def test_an_array_made_in_another_way_is_an_array_all_the_same(make: bytes) -> None:
    usual = wrapper("f4", (4,), aligned=False)
    data = b"\x80\x02" + make + usual[usual.index(b")\x81") + 2 :] + b"c" * 16 + b"."
    said, fault = hear(pickle, "m.joblib", data)
    assert (fault, weights(said).parameters) == (None, 4)


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\x02" + wrapper("f8", (2**31 - 1, 2**31 - 1, 2**31 - 1), aligned=False) + b".",
        b"\x80\x02" + wrapper("f8", (-1,), aligned=False) + b".",
        b"\x80\x02" + wrapper("Q99", (2,), aligned=False) + b".",
        b"\x80\x02" + wrapper("f8", (3,), aligned=True) + b"\xff" * 20 + b".",
        b"\x80\x02cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}b.",
        objects(b"\x80\x02N"),
        b"\x80\x02" + wrapper("O8", (1,), aligned=False) * 9 + b".",
    ],
)
def test_arrays_that_lie_are_refused(data: bytes) -> None:
    for packed, detector in ((data, pickle), (zlib.compress(data), compressed_pickle)):
        said, fault = hear(detector, "m.joblib", packed)
        assert isinstance(said[0], Format)
        assert fault


def test_arrays_of_data_are_no_parameters() -> None:
    said, fault = hear(compressed_pickle, "train_data.pkl.gz", gzip.compress(joblib_bytes(ARRAYS)))
    assert (fault, said) == (None, [Format("compressed-pickle")])


@pytest.mark.parametrize("data", [b"plain text", b"", b"\x80", b"\x80\x02", b"ustar" * 200])
def test_what_inflates_to_something_else_is_left_alone(data: bytes) -> None:
    for packed in (zlib.compress(data), gzip.compress(data), bz2.compress(data), lzma.compress(data)):
        assert hear(compressed_pickle, "m.gz", packed) == ([], None)
    assert hear(compressed_pickle, "m.txt", b"x^2 + y^2 = z^2") == ([], None)


def test_a_bomb_is_a_problem_and_not_inflated_whole() -> None:
    bomb = zlib.compress(b"\x80\x04\x8e" + (2**30).to_bytes(8, "little") + bytes(2**20))
    assert hear(compressed_pickle, "m.joblib", bomb)[1] is not None
    squared = gzip.compress(b"\x80\x04" + b"N0" * 40 + b"\x8e" + (2**40).to_bytes(8, "little") + bytes(2**20))
    said, fault = hear(compressed_pickle, "m.joblib", squared)
    assert said == [Format("compressed-pickle")]
    assert fault is not None


def test_what_follows_is_an_issue_inside_and_outside() -> None:
    for data in (zlib.compress(joblib_bytes(ARRAYS) + b"hidden"), zlib.compress(joblib_bytes(ARRAYS)) + b"hidden"):
        said, fault = hear(compressed_pickle, "m.joblib", data)
        assert (fault, rules(said)) == (None, ["compressed-pickle.trailing-bytes"])


@pytest.mark.parametrize("path", ["model.zlib.joblib", "model.xz.joblib"])
def test_a_model_that_is_cut_is_said_to_be_there_and_damaged(path: str) -> None:
    for data in cut(PACKED[path], 40):
        said, fault = hear(compressed_pickle, path, data)
        assert fault or not said
    said, fault = hear(compressed_pickle, path, zlib.compress(PLAIN[:-3]))
    assert found(said, Component.PARAMETERS, Claim.MISSING)[0].value == "damaged"
    assert fault is not None
    assert "truncated" in fault


@pytest.mark.parametrize("path", PACKED)
def test_a_flipped_bit_gives_evidence_or_a_problem(path: str) -> None:
    for changed in flipped(PACKED[path], 150):
        said, fault = hear(compressed_pickle, path, changed)
        assert not said or isinstance(said[0], Format)
        assert fault or not said or weights(said).tensors == 2


def test_a_flipped_bit_in_a_plain_one_gives_evidence_or_a_problem() -> None:
    for changed in flipped(PLAIN):
        said, fault = hear(pickle, "m.joblib", changed)
        assert said or fault is None or not changed.startswith(b"\x80\x02")
