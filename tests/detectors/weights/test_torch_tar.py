"""torch tar files of 2016: storages and tensors by their small pickles, and what is wrong with them."""

import pytest

from detectors.weights.nemo import nemo
from detectors.weights.torch_tar import torch_tar
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.formats.torch_tar import FILES, members, tar_bytes
from tests.detectors.weights.damage import cut
from tests.detectors.weights.hearing import found, hear, rules, survive, weights

WHOLE = FILES["model-2016.pth"]


def test_a_whole_file_gives_its_tensors() -> None:
    said, fault = hear(torch_tar, "model.pth", WHOLE)
    assert (fault, rules(said), said[0]) == (None, ["torch-tar.old"], Format("torch-tar"))
    details = weights(said)
    assert (details.tensors, details.parameters, details.dtypes) == (2, 16, (Count("F32", 16),))
    assert hear(nemo, "model.pth", WHOLE) == ([], None)


def test_other_tar_files_are_left_alone() -> None:
    content = members()
    del content["tensors"]
    for data in (tar_bytes(content), tar_bytes({"a": b"b"}), b"\0" * 600):
        assert hear(torch_tar, "model.tar", data) == ([], None)


@pytest.mark.parametrize("member", ["pickle", "storages", "tensors"])
def test_what_acts_in_any_member_is_named(member: str) -> None:
    content = members()
    content[member] = (
        content[member].replace(b"ctorch\n", b"cos\nsystem\n0ctorch\n", 1) if member != "pickle" else b"\x80\x02cos\nsystem\n."
    )
    said, _ = hear(torch_tar, "model.pth", tar_bytes(content))
    assert Severity.HIGH in [told.severity for told in said if isinstance(told, Issue) and told.rule == "pickle.unexpected-global"]


def test_a_tensor_outside_of_its_storage_is_an_issue() -> None:
    said, fault = hear(torch_tar, "model.pth", tar_bytes(members(((40, 3),))))
    assert fault is None
    assert "torch.tensor-outside" in rules(said)


@pytest.mark.parametrize(
    ("member", "data"),
    [
        ("storages", b"\x80\x02K\x09."),
        ("storages", b"\x80\x02N."),
        ("storages", b"\x80\x02K\x01.\x80\x02N."),
        ("storages", b"\x80\x02K\x01.\x80\x02K\x01K\x01ctorch\nOddStorage\n\x87." + bytes(8)),
        ("storages", b"\x80\x02K\x01.\x80\x02K\x01K\x01ctorch\nFloatStorage\n\x87." + b"\xff" * 8),
        ("tensors", b"\x80\x02\x8a\x04\xff\xff\xff\x7f."),
        ("tensors", b"\x80\x02K\x01.\x80\x02K\x01K\x01ctorch\nFloatTensor\n\x87." + b"\xff" * 40),
        ("pickle", b"\x80\x02}"),
    ],
)
def test_what_cannot_be_followed_is_a_problem(member: str, data: bytes) -> None:
    said, fault = hear(torch_tar, "model.pth", tar_bytes({**members(), member: data}))
    assert fault is not None
    assert [told.value for told in found(said, Component.PARAMETERS, Claim.MISSING)]


def test_a_cut_or_damaged_file_is_no_crash() -> None:
    for part in cut(WHOLE):
        said, fault = hear(torch_tar, "model.pth", part)
        assert fault or not said or rules(said) == ["torch-tar.old"]
    survive(torch_tar, "model.pth", WHOLE)
