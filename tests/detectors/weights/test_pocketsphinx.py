"""PocketSphinx: the files of a model by their headers, and directories that lack some."""

import msgspec
import pytest

from detectors.weights.pocketsphinx import pocketsphinx, pocketsphinx_parts
from inspector.detector import Format, Found, Gathered
from inspector.model import Claim, Component, Count, Issue, Sizes
from sample_bundles.formats.pocketsphinx import FILES, HEADER, definition, dump, gaussians, transitions
from tests import make
from tests.detectors.weights.damage import cut
from tests.detectors.weights.hearing import found, hear, rules, survive, weights


@pytest.mark.parametrize(
    ("name", "data", "count", "shape"),
    [
        ("means", gaussians(), 70, "2x5x7"),
        ("means", gaussians(">"), 70, "2x5x7"),
        ("transition_matrices", transitions(), 24, "2x3x4"),
        ("sendump", dump(), 60, "2x5x6"),
    ],
)
def test_every_file_gives_its_numbers(name: str, data: bytes, count: int, shape: str) -> None:
    said, fault = hear(pocketsphinx, name, data)
    assert (fault, rules(said), said[0]) == (None, [], Format("pocketsphinx"))
    assert (weights(said).parameters, weights(said).shapes) == (count, (Count(shape, 1),))


def test_a_definition_gives_its_phones() -> None:
    said, fault = hear(pocketsphinx, "mdef", definition())
    assert fault is None
    (kept,) = found(said, Component.MODEL_METADATA, Claim.PRESENT)
    assert isinstance(kept.details, Sizes)
    assert Count("senones", 12) in kept.details.sizes


def test_bytes_that_are_too_many_are_an_issue() -> None:
    assert rules(hear(pocketsphinx, "means", gaussians() + b"hidden")[0]) == ["pocketsphinx.trailing-bytes"]


@pytest.mark.parametrize(
    "data",
    [
        gaussians(count=3),
        gaussians()[:-1],
        HEADER + bytes(40),
        HEADER + b"\x44\x33\x22\x11" + b"\xff" * 40,
        dump("BEGIN FILE FORMAT DESCRIPTION", "cluster_count 9"),
        dump("BEGIN FILE FORMAT DESCRIPTION", "feature_count many"),
        definition()[:-3],
        b"BMDF\x01\0\0\0\xff\xff\xff\xff",
    ],
)
def test_sizes_that_do_not_fit_are_a_problem(data: bytes) -> None:
    assert hear(pocketsphinx, "means", data)[1] is not None


def test_other_files_are_left_alone() -> None:
    for data in (b"s3\n", b"s3\nbucket: x\n", b"s3\nversion 1.0\n"):
        assert hear(pocketsphinx, "s3.txt", data) == ([], None)


def test_files_that_a_model_needs_are_missed() -> None:
    def check(*names: str) -> list[Found | Issue]:
        parts = (make.evidence(Component.PARAMETERS, Claim.PRESENT, "pocketsphinx", path=f"en/{name}") for name in names)
        evidence = tuple(msgspec.structs.replace(part, detector="pocketsphinx") for part in parts)
        return list(pocketsphinx_parts.compare(Gathered((), evidence)))

    assert check("mdef", "means", "variances", "sendump", "transition_matrices") == []
    told = check("mdef", "means", "variances", "mixture_weights")
    assert [item.value for item in told if isinstance(item, Found)] == ["transition_matrices"]
    assert [item.rule for item in told if isinstance(item, Issue)] == ["pocketsphinx.missing"]


@pytest.mark.parametrize("name", FILES)
def test_a_cut_or_damaged_file_is_no_crash(name: str) -> None:
    data = FILES[name]
    assert all(hear(pocketsphinx, name, part)[1] for part in cut(data) if len(part) > 60)
    survive(pocketsphinx, name, data)
