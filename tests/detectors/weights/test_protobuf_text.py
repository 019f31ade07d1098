"""Graphs and configurations as text: operators by where they stand, and backends that run code."""

import pytest

from detectors.weights.protobuf_text import BLOCK, protobuf_text
from inspector.detector import Format
from inspector.model import Claim, Component, Stored
from sample_bundles.formats.protobuf_text import GRAPH, NODE, SAVED, TRITON
from tests.detectors.weights.hearing import found, hear, rules, survive


def test_a_saved_model_names_the_checkpoint_beside() -> None:
    said, fault = hear(protobuf_text, "m/saved_model.pbtxt", SAVED.encode())
    assert (fault, rules(said), said[0]) == (None, [], Format("savedmodel-text"))
    (beside,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert beside.details == Stored(files=("m/variables/variables.index",), size=48)


@pytest.mark.parametrize("shift", [0, BLOCK - 100, BLOCK - 60, BLOCK - 20, BLOCK])
def test_an_operator_that_runs_code_is_an_issue_wherever_it_stands(shift: int) -> None:
    text = GRAPH + " " * shift + "\n" + NODE.format(name="n", operator="PyFunc")
    said, _ = hear(protobuf_text, "graph.pbtxt", text.encode())
    assert (said[0], rules(said)) == (Format("graphdef-text"), ["tensorflow.acting-operator"])


def test_a_configuration_of_triton_is_recognised() -> None:
    said, fault = hear(protobuf_text, "m/config.pbtxt", TRITON.encode())
    assert (fault, rules(said), said[0]) == (None, [], Format("triton-config"))
    said, _ = hear(protobuf_text, "m/config.pbtxt", TRITON.replace("platform", "backend").replace("onnxruntime_onnx", "python").encode())
    assert rules(said) == ["triton.code"]


@pytest.mark.parametrize("data", [b"", b'item {\n  name: "cat"\n  id: 1\n}\n', b'platform: "x"\n'])
def test_other_files_are_left_alone(data: bytes) -> None:
    assert hear(protobuf_text, "label_map.pbtxt", data) == ([], None)


def test_damage_is_no_crash() -> None:
    for text in (SAVED, GRAPH, TRITON):
        survive(protobuf_text, "a.pbtxt", text.encode(), 40, 20)
