"""Kaldi: matrices by their headers, graphs by theirs."""

import struct

import pytest

from detectors.weights.kaldi import kaldi, openfst
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Sizes
from inspector.weights.kaldi_objects import WINDOW
from sample_bundles.formats.kaldi import FILES, block, graph_bytes, model_bytes
from tests.detectors.weights.hearing import found, hear, rules, survive, weights

WHOLE = model_bytes()


def test_matrices_and_components_are_found() -> None:
    said, fault = hear(kaldi, "final.mdl", WHOLE)
    assert (fault, rules(said), said[0]) == (None, [], Format("kaldi"))
    assert (weights(said).tensors, weights(said).parameters, weights(said).dtypes) == (3, 39, (Count("F32", 39),))
    assert weights(said).metadata == ("NaturalGradientAffineComponent", "TransitionModel")


@pytest.mark.parametrize("shape", [(70_000,), (300, 300), (0, 5)])
@pytest.mark.parametrize("kind", ["F", "D"])
@pytest.mark.parametrize("before", [0, WINDOW - 30, WINDOW - 4])
def test_matrices_are_found_wherever_they_stand(shape: tuple[int, ...], kind: str, before: int) -> None:
    data = b"\0B<Nnet> " + bytes(before) + block(*shape, kind=kind) + block(2, 3)
    said, fault = hear(kaldi, "final.mdl", data)
    assert fault is None
    assert weights(said).tensors == 2


def test_a_matrix_that_is_cut_is_a_problem() -> None:
    said, fault = hear(kaldi, "final.mdl", WHOLE[:-20])
    assert fault is not None
    assert fault.startswith("truncated")
    assert weights(said).tensors == 2
    assert [told.value for told in found(said, Component.PARAMETERS, Claim.MISSING)] == ["truncated"]


def test_other_files_are_left_alone() -> None:
    for data in (b"", b"\0B", b"\0BM6 text", b"\0Bin"):
        assert hear(kaldi, "x", data) == ([], None)


def test_a_graph_gives_its_states() -> None:
    said, fault = hear(openfst, "HCLG.fst", graph_bytes())
    assert (fault, said[0]) == (None, Format("openfst"))
    (kept,) = found(said, Component.MODEL_METADATA, Claim.PRESENT)
    assert kept.details == Sizes(sizes=(Count("arcs", 30), Count("states", 12)))
    assert kept.excerpt == "const, standard arcs"
    (kept,) = found(hear(openfst, "HCLG.fst", graph_bytes(b"vector", arcs=0))[0], Component.MODEL_METADATA, Claim.PRESENT)
    assert kept.details == Sizes(sizes=(Count("states", 12),))
    for data in (graph_bytes()[:20], struct.pack("<2i", 2125659606, -1), struct.pack("<2i", 2125659606, 2**30)):
        assert hear(openfst, "HCLG.fst", data)[1] is not None


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_no_crash(name: str) -> None:
    survive(openfst if name.endswith("fst") else kaldi, name, FILES[name])
