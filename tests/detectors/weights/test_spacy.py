"""spaCy: arrays of layers in MessagePack, and the sources of a pipeline."""

import json

import pytest

from detectors.weights.spacy import spacy_meta, spacy_model
from inspector.detector import Declared, Format
from inspector.model import Claim, Component, Count, Scope
from inspector.serialization.msgpack_events import read_msgpack_events
from inspector.serialization.stream import stream_of
from sample_bundles.formats.spacy import LAYERS, META, array, model_bytes, pack
from tests.detectors.weights.damage import cut
from tests.detectors.weights.hearing import found, hear, rules, survive, weights

WHOLE = model_bytes(LAYERS)


def test_the_arrays_of_all_layers_are_counted() -> None:
    said, fault = hear(spacy_model, "tagger/model", WHOLE)
    assert (fault, rules(said), said[0]) == (None, [], Format("spacy-model"))
    assert (weights(said).tensors, weights(said).parameters, weights(said).dtypes) == (3, 204, (Count("F32", 204),))


def test_a_layer_without_parameters_is_fine() -> None:
    assert hear(spacy_model, "model", model_bytes([{}])) == ([Format("spacy-model")], None)


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("spacy-model.trailing-bytes", WHOLE + b"hidden"),
        ("spacy.array-size", model_bytes([{"W": array((20, 8), bytes(70))}])),
        ("spacy.shim", model_bytes(LAYERS, [b"PK\x03\x04" + bytes(300)])),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, data: bytes) -> None:
    said, fault = hear(spacy_model, "model", data)
    assert (fault, rules(said)) == (None, [rule])


def test_other_files_are_left_alone() -> None:
    for data in (b"", b"model", b"\x84\xa4node", b"\x80\x02N."):
        assert hear(spacy_model, "model", data) == ([], None)
    for text in ("{}", '{"spacy_version": "3", "lang": 5}', '{"spacy_version": "3", "lang": "en"}'):
        assert hear(spacy_meta, "meta.json", text.encode()) == ([], None)


def test_the_pipeline_declares_its_licence_and_names_its_sources() -> None:
    said, fault = hear(spacy_meta, "en/meta.json", json.dumps(META).encode())
    assert (fault, said[0]) == (None, Format("spacy-meta"))
    (declared,) = [told for told in said if isinstance(told, Declared)]
    assert (declared.text, declared.scope, declared.pointer) == ("MIT", Scope.TREE, "license")
    sources = found(said, Component.DATASETS, Claim.REFERENCED)
    assert [(told.value, told.pointer, told.excerpt) for told in sources] == [
        ("OntoNotes 5", "/sources/0", "OntoNotes 5, commercial"),
        ("Made up", "/sources/1", "Made up"),
    ]
    assert [told.value for told in found(said, Component.PARAMETERS, Claim.REFERENCED)] == ["en_core_tiny"]


def test_keys_may_be_bytes() -> None:
    items = list(read_msgpack_events(stream_of(pack({b"nd": True, "type": "<f4"}))))
    assert [item.path for item in items] == [("nd",), ("type",), ()]


def test_a_cut_or_damaged_file_is_no_crash() -> None:
    assert all(hear(spacy_model, "model", part)[1] for part in cut(WHOLE) if len(part) > 6)
    survive(spacy_model, "model", WHOLE)
    survive(spacy_meta, "meta.json", json.dumps(META).encode())
