"""ncnn: layers that take numbers, those that take none, and lines that are none."""

import pytest

from detectors.weights.ncnn import ncnn
from inspector.detector import Format
from inspector.model import Claim, Component, Stored
from inspector.weights.ncnn_layers import Layer, list_blocks
from sample_bundles.formats.ncnn import BIN, COUNT, PARAM
from tests.detectors.weights.hearing import found, hear, rules, survive, weights


def test_the_numbers_of_all_layers_are_counted() -> None:
    said, fault = hear(ncnn, "m/net.param", PARAM.encode())
    assert (fault, rules(said), said[0]) == (None, [], Format("ncnn"))
    assert (weights(said).tensors, weights(said).parameters) == (5, COUNT)
    (beside,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert beside.details == Stored(files=("m/net.bin",), size=2 * 4 + 108 + 2560 + 4 * 18)
    assert beside.details.size < len(BIN)


@pytest.mark.parametrize("data", [b"", b"7767518\n1 1\n", b"optimizer { }\n", b"version https://git-lfs.github.com/spec/v1\n"])
def test_other_files_of_that_name_are_left_alone(data: bytes) -> None:
    assert hear(ncnn, "solver.param", data) == ([], None)


@pytest.mark.parametrize(
    "text",
    [
        "7767517\n",
        "7767517\nmany 5\n",
        "7767517\n9999999 5\n",
        PARAM.replace("5 5", "4 5"),
        PARAM.replace("5 5", "6 5"),
        PARAM.replace("1 1 data", "one 1 data"),
        PARAM.replace("6=108", "6=-108"),
    ],
)
def test_lines_that_do_not_fit_are_a_problem(text: str) -> None:
    said, fault = hear(ncnn, "net.param", text.encode())
    assert said[0] == Format("ncnn")
    assert fault is not None


def test_a_layer_that_is_not_known_is_an_issue() -> None:
    assert rules(hear(ncnn, "net.param", PARAM.replace("Softmax  ", "Wonderful").encode())[0]) == ["ncnn.unknown-layer"]
    assert rules(hear(ncnn, "net.param", PARAM.replace("6=108", "6=108 8=2").encode())[0]) == ["ncnn.unknown-layer"]


@pytest.mark.parametrize(
    ("kind", "parameters", "count"),
    [
        ("BatchNorm", {0: "3"}, 12),
        ("Scale", {0: "3", 1: "1"}, 6),
        ("Scale", {0: "-233"}, 0),
        ("LayerNorm", {0: "8"}, 16),
        ("GroupNorm", {0: "2", 1: "8", 3: "0"}, 0),
        ("MemoryData", {0: "2", 1: "3"}, 6),
        ("LSTM", {0: "4", 1: "96", 2: "2"}, 96 + 2 * 4 * 4 + 2 * 4 * 4 * 4),
        ("GRU", {0: "4", 1: "36"}, 36 + 4 * 4 + 3 * 4 * 4),
        ("Embed", {0: "4", 2: "1", 3: "40"}, 44),
        ("Convolution1D", {0: "4", 5: "1", 6: "40"}, 44),
        ("LSTM", {0: "4", 1: "96", 3: "8"}, None),
    ],
)
def test_every_kind_of_layer_is_counted(kind: str, parameters: dict[int, str], count: int | None) -> None:
    blocks = list_blocks(Layer(kind, "x", parameters))
    assert (None if blocks is None else sum(block.size for block in blocks)) == count


def test_a_damaged_file_is_no_crash() -> None:
    survive(ncnn, "net.param", PARAM.encode())
