"""torch distributed checkpoints: archives behind one another, and the pickle beside them."""

import pytest

from detectors.weights.torch_distributed import torch_distributed
from detectors.weights.torch_zip import torch_zip
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Reference, Span, Unit
from sample_bundles.formats.torch_distributed import FILES, metadata_bytes, stacked_bytes
from tests.detectors.weights.hearing import found, hear, rules, survive, weights

WHOLE = FILES["step-10/__0_0.distcp"]


def test_every_archive_is_counted_and_none_is_called_final() -> None:
    said, fault = hear(torch_distributed, "__0_0.distcp", WHOLE)
    assert (fault, rules(said), said[0]) == (None, [], Format("torch-distributed"))
    details = weights(said, Component.CHECKPOINTS)
    assert (details.tensors, details.parameters) == (3, 20)
    assert details.dtypes == (Count("BF16", 4), Count("F32", 16))
    assert hear(torch_zip, "__0_0.distcp", WHOLE) == ([], None)


def test_the_metadata_names_its_files() -> None:
    data = metadata_bytes("__0_0.distcp", "__1_0.distcp", "__0_0.distcp")
    said, fault = hear(torch_distributed, "step/.metadata", data)
    assert (fault, said[0]) == (None, Format("torch-distributed-metadata"))
    first, second = found(said, Component.CHECKPOINTS, Claim.REFERENCED)
    assert (first.value, first.details) == ("__0_0.distcp", Reference(kind="file", target="step/__0_0.distcp"))
    assert first.span == Span(data.index(b"__0_0"), data.index(b"__0_0") + 12, Unit.BYTES)
    assert second.value == "__1_0.distcp"


@pytest.mark.parametrize("data", [b"", b"commit\netag\n1.0\n", b"\x80\x02N.", b"{}"])
def test_other_files_of_that_name_are_left_alone(data: bytes) -> None:
    assert hear(torch_distributed, ".metadata", data) == ([], None)
    assert hear(torch_distributed, "x.distcp", data) == ([], None)


def test_what_belongs_to_no_archive_is_said() -> None:
    assert rules(hear(torch_distributed, "a.distcp", b"PK\x03\x04junk" + WHOLE)[0]) == ["torch-distributed.gap"]
    broken = WHOLE.replace(b"data.pkl", b"data.PKL", 1)
    assert rules(hear(torch_distributed, "a.distcp", broken)[0]) == ["torch-distributed.broken-archive"]
    assert hear(torch_distributed, "a.distcp", WHOLE + b"hidden")[1] is not None


def test_code_in_one_of_the_archives_is_named() -> None:
    said, _ = hear(torch_distributed, "a.distcp", stacked_bytes().replace(b"ccollections\nOrderedDict", b"cos\nsystem\nccc\nOrdered\n1"))
    assert set(rules(said)) == {"pickle.unexpected-global"}


def test_a_damaged_file_is_no_crash() -> None:
    survive(torch_distributed, "a.distcp", WHOLE)
    survive(torch_distributed, ".metadata", FILES["step-10/.metadata"])
