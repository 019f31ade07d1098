"""Modules of sentence-transformers: known classes are a library's, all others are code that loading imports."""

import json

import pytest

from detectors.cards.sentence_modules import sentence_modules
from inspector.detector import Format, Found, Said
from inspector.errors import Malformed
from inspector.model import Component, Issue, Reference
from sample_bundles.formats.sentence_modules import DENSE, MODULES
from tests import make


def look(name: str, value: object) -> list[Said]:
    return make.look(sentence_modules, name, json.dumps(value))


def references(said: list[Said]) -> list[tuple[str, str, str]]:
    return [
        (item.value, item.details.kind, item.details.target)
        for item in said
        if isinstance(item, Found) and item.component is Component.ARCHITECTURE and isinstance(item.details, Reference)
    ]


def pointers(said: list[Said]) -> list[str | None]:
    return [item.locations[0].pointer for item in said if isinstance(item, Issue) and item.rule == "config.remote-code"]


def test_each_module_names_its_class_and_a_strange_one_is_code() -> None:
    said = look("modules.json", [*MODULES[:2], {"idx": 2, "name": "2", "path": "2_Own", "type": "own_module.Scale"}])
    assert said[0] == Format("sentence-modules")
    assert references(said) == [
        ("Transformer", "package", "sentence-transformers"),
        ("Pooling", "package", "sentence-transformers"),
        ("Scale", "file", "own_module.py"),
    ]
    assert pointers(said) == ["/2/type"]


@pytest.mark.parametrize("kind", ["os.system", "sentence_transformers_evil.models.Pooling", "builtins.exec", "x"])
def test_a_name_that_only_looks_like_the_library_is_code(kind: str) -> None:
    assert pointers(look("modules.json", [{"idx": 0, "type": kind}])) == ["/0/type"]


def test_an_activation_that_is_no_module_of_torch_is_code() -> None:
    assert pointers(look("config.json", DENSE)) == []
    assert pointers(look("config.json", {**DENSE, "activation_function": "antigravity.fly"})) == ["/activation_function"]
    assert pointers(look("config.json", {"tokenizer_class": "evil.Tokenizer", "update_embeddings": False})) == ["/tokenizer_class"]


def test_the_routes_of_a_router_are_classes_too() -> None:
    types = {"query_0": "sentence_transformers.models.Transformer", "document/0": "own.Thing"}
    assert pointers(look("router_config.json", {"types": types, "structure": {}})) == ["/types/document~10"]


@pytest.mark.parametrize("value", [{"activation_function": "gelu", "in_features": 3}, {"model_type": "llama"}, {"tokenizer_class": "a.B"}])
def test_other_settings_are_left_alone(value: object) -> None:
    assert look("config.json", value) == []


@pytest.mark.parametrize(
    "value",
    [{}, {"type": "x"}, [], [1, None], [{"type": "x"}], {"idx": 1, "type": "a.b"}, [{"idx": 0, "type": 3}], {"repos": {"nf-core": {}}}],
)
def test_other_files_of_that_name_are_left_alone(value: object) -> None:
    assert look("modules.json", value) == []


def test_what_is_no_json_is_a_problem_only_where_it_looks_like_one() -> None:
    assert make.look(sentence_modules, "modules.json", "[1,") == []
    with pytest.raises(Malformed, match="not JSON"):
        make.look(sentence_modules, "modules.json", '[{"idx": 0, "type": "x"')


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sentence_bert_config.json", {"max_seq_length": 256}),
        ("config_sentence_transformers.json", {"__version__": {}}),
        ("config.json", {"word_embedding_dimension": 384, "pooling_mode_mean_tokens": True}),
    ],
)
def test_settings_that_name_no_class_are_recognised(name: str, value: object) -> None:
    said = look(name, value)
    assert [item.name for item in said if isinstance(item, Format)] == ["sentence-settings"]
    assert references(said) == []
