"""TensorRT: engines by their mark, and the metadata before it."""

import pytest

from detectors.weights.tensorrt import tensorrt
from inspector.detector import Declared, Format
from inspector.model import Claim, Component
from sample_bundles.formats.tensorrt import ENGINE, FILES, with_metadata
from tests.detectors.weights.hearing import found, hear, rules, survive


def test_an_engine_is_named_and_called_opaque() -> None:
    said, fault = hear(tensorrt, "model.plan", ENGINE)
    assert (fault, rules(said), said[0]) == (None, ["tensorrt.opaque"], Format("tensorrt"))
    assert [told.value for told in found(said, Component.PARAMETERS, Claim.PRESENT)] == ["tensorrt"]


def test_metadata_before_it_declares_its_licence() -> None:
    said, fault = hear(tensorrt, "yolo.engine", FILES["yolo.engine"])
    assert fault is None
    assert [told.text for told in said if isinstance(told, Declared)] == ["AGPL-3.0 License (https://ultralytics.com/license)"]
    assert [told.value for told in found(said, Component.PARAMETERS, Claim.REFERENCED)] == ["Ultralytics YOLO11n model"]
    assert rules(hear(tensorrt, "yolo.engine", with_metadata("{no"))[0]) == ["tensorrt.opaque"]


@pytest.mark.parametrize("data", [b"", b"{}", b"\x02\0\0\0{}", b"\x02\0\0\0{}none", bytes(64)])
def test_other_files_are_left_alone(data: bytes) -> None:
    assert hear(tensorrt, "a.engine", data) == ([], None)


def test_a_damaged_file_is_no_crash() -> None:
    survive(tensorrt, "yolo.engine", FILES["yolo.engine"])
