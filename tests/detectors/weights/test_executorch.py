"""ExecuTorch: constants of programs, delegates, data beside, and segments that do not fit."""

import pytest

from detectors.weights.executorch import executorch
from inspector.detector import Format
from inspector.model import Claim, Component, Count
from sample_bundles.formats.executorch import FILES, data_bytes, program_bytes, tensor
from tests.detectors.weights.damage import cut
from tests.detectors.weights.hearing import found, hear, rules, survive, weights

WHOLE = FILES["net.pte"]


def test_constants_are_counted_once_each() -> None:
    said, fault = hear(executorch, "net.pte", WHOLE)
    assert (fault, rules(said), said[0]) == (None, [], Format("executorch"))
    assert (weights(said).tensors, weights(said).parameters, weights(said).dtypes) == (2, 16, (Count("F32", 16),))


def test_weights_in_a_delegate_are_said_to_be_there_and_opaque() -> None:
    said, fault = hear(executorch, "net.pte", FILES["delegated.pte"])
    assert (fault, rules(said)) == (None, ["executorch.delegate"])
    assert [told.value for told in found(said, Component.PARAMETERS, Claim.PRESENT)] == ["executorch-delegate"]
    assert "executorch XnnpackBackend" in [told.value for told in found(said, Component.ARCHITECTURE, Claim.REFERENCED)]


def test_a_file_of_data_gives_its_tensors() -> None:
    said, fault = hear(executorch, "net.ptd", FILES["net.ptd"])
    assert (fault, rules(said), said[0]) == (None, [], Format("executorch-data"))
    assert (weights(said).parameters, weights(said).dtypes) == (8, (Count("F32", 8),))


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("executorch.trailing-bytes", WHOLE + b"hidden"),
        ("executorch.custom-operator", program_bytes(tensor((4,), 1), operators=("aten::add", "mine::step"))),
        ("executorch.data-outside", program_bytes(tensor((4,), 0, "linear.weight"))),
        ("executorch.no-tensors", program_bytes()),
        ("executorch-data.trailing-bytes", FILES["net.ptd"] + b"hidden"),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, data: bytes) -> None:
    said, fault = hear(executorch, "net.pte", data)
    assert (fault, rules(said)) == (None, [rule])


@pytest.mark.parametrize(
    "data", [WHOLE[:-1], WHOLE[:100], FILES["net.ptd"][:-1], data_bytes("a").replace(b"FH01", b"FX01"), program_bytes(base=8)]
)
def test_what_does_not_fit_is_a_problem(data: bytes) -> None:
    assert hear(executorch, "net.pte", data)[1] is not None


def test_other_files_are_left_alone() -> None:
    for data in (b"", bytes(40), b"\0\0\0\0ETxx" + bytes(40), b"\0\0\0\0TFL3" + bytes(40)):
        assert hear(executorch, "net.pte", data) == ([], None)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_no_crash(name: str) -> None:
    assert all(hear(executorch, name, part)[1] for part in cut(FILES[name]) if len(part) >= 8)
    survive(executorch, name, FILES[name])
