"""Caffe: blobs of layers by their sizes, and layers that are code."""

import pytest

from detectors.weights.caffe import caffe, caffe_network
from inspector.detector import Format
from inspector.model import Count
from sample_bundles.formats.caffe import TEXT, network_bytes
from tests.detectors.weights.hearing import hear, rules, survive, weights


@pytest.mark.parametrize("old", [False, True])
def test_blobs_of_newer_and_older_networks_are_counted(old: bool) -> None:
    said, fault = hear(caffe, "net.caffemodel", network_bytes(old=old))
    assert (fault, rules(said), said[0]) == (None, [], Format("caffe"))
    assert (weights(said).tensors, weights(said).dtypes) == (2, (Count("F32", 15),))


def test_a_layer_in_python_is_named_in_both_files() -> None:
    assert rules(hear(caffe, "net.caffemodel", network_bytes(kind="Python"))[0]) == ["caffe.python-layer"]
    assert rules(hear(caffe_network, "net.prototxt", TEXT.encode())[0]) == []
    assert rules(hear(caffe_network, "net.prototxt", TEXT.replace("InnerProduct", "Python").encode())[0]) == ["caffe.python-layer"]


def test_a_cut_is_told_and_other_content_is_something_else() -> None:
    said, fault = hear(caffe, "net.caffemodel", network_bytes()[:-3])
    assert said[0] == Format("caffe")
    assert fault is not None
    assert fault.startswith("truncated")
    assert hear(caffe, "a.caffemodel", b"hello world") == ([], None)
    assert hear(caffe_network, "a.prototxt", b"detections {\n}\n") == ([], None)
    survive(caffe, "net.caffemodel", network_bytes())
