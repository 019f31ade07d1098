"""Model settings: architectures, code that runs on loading, parents, licences."""

import json

import pytest

from detectors.cards.model_config import model_config
from inspector.detector import Declared, Format, Found, Said
from inspector.errors import Malformed
from inspector.model import Claim, Component, Issue, Reference, Severity
from tests import make


def look(name: str, value: object) -> list[Said]:
    return make.look(model_config, name, json.dumps(value))


def references(said: list[Said], component: Component = Component.ARCHITECTURE) -> list[tuple[str, Reference]]:
    return [
        (item.value, item.details)
        for item in said
        if isinstance(item, Found) and item.component is component and isinstance(item.details, Reference)
    ]


def test_a_library_class_refers_to_the_library() -> None:
    said = look("config.json", {"architectures": ["GPTNeoXForCausalLM"], "model_type": "gpt_neox"})
    assert said[0] == Format("model-config")
    assert references(said) == [("GPTNeoXForCausalLM", Reference(kind="package", target="transformers"))]
    assert not [item for item in said if isinstance(item, Issue)]


def test_local_code_is_a_file_and_a_medium_issue_remote_code_a_repository_and_a_high_one() -> None:
    local = look("config.json", {"model_type": "phi", "auto_map": {"AutoModel": "modeling_phi.PhiModel"}})
    remote = look("config.json", {"model_type": "x", "auto_map": {"AutoModel": "owner/repo--modeling_x.XModel"}})
    assert references(local) == [("PhiModel", Reference(kind="file", target="modeling_phi.py"))]
    assert references(remote) == [("XModel", Reference(kind="repository", target="owner/repo"))]
    (medium,) = (item for item in local if isinstance(item, Issue))
    (high,) = (item for item in remote if isinstance(item, Issue))
    assert (medium.rule, medium.severity) == ("config.remote-code", Severity.MEDIUM)
    assert (high.rule, high.severity) == ("config.remote-code", Severity.HIGH)
    assert high.locations[0].pointer == "/auto_map/AutoModel"


def test_an_adapter_names_its_parent() -> None:
    said = look("adapter_config.json", {"peft_type": "LORA", "base_model_name_or_path": "meta-llama/Llama-2-7b-hf"})
    assert references(said, Component.PARAMETERS) == [
        ("meta-llama/Llama-2-7b-hf", Reference(kind="model", target="meta-llama/Llama-2-7b-hf"))
    ]


def test_a_pipeline_names_its_parts_and_its_own_code() -> None:
    said = look(
        "model_index.json",
        {"_class_name": "P", "_diffusers_version": "0.1", "unet": ["diffusers", "UNet"], "x": ["custom", "C"], "y": [None, None]},
    )
    assert [value for value, _ in references(said)] == ["P", "UNet", "C"]
    assert len([item for item in said if isinstance(item, Issue)]) == 1


@pytest.mark.parametrize(
    ("name", "value", "form"),
    [
        ("generation_config.json", {"bos_token_id": 1}, "generation-config"),
        ("params.json", {"dim": 4096, "n_layers": 32, "n_heads": 32}, "original-params"),
    ],
)
def test_settings_are_metadata(name: str, value: object, form: str) -> None:
    said = look(name, value)
    assert said[0] == Format(form)
    assert [item.claim for item in said if isinstance(item, Found)] == [Claim.PRESENT]


def test_a_licence_key_is_declared() -> None:
    said = look("config.json", {"architecture": "vit", "pretrained_cfg": {"license": "cc-by-nc-4.0"}})
    assert [(item.text, item.pointer) for item in said if isinstance(item, Declared)] == [("cc-by-nc-4.0", "/pretrained_cfg/license")]


@pytest.mark.parametrize("name", ["config.json", "params.json"])
def test_settings_of_something_else_are_left_alone(name: str) -> None:
    assert look(name, {"compilerOptions": {}}) == []
    assert make.look(model_config, name, "[1]") == []


@pytest.mark.parametrize(
    "data", ['{"model_type": NaN}', '{"model_type": "a", "model_type": "b"}', '{"model_type": "a"', '{"a": ' + "[" * 100_000]
)
def test_json_that_is_not_strict_is_malformed(data: str) -> None:
    with pytest.raises(Malformed):
        make.look(model_config, "config.json", data)


@pytest.mark.parametrize("value", [1, None, [1], {"a": 1}, {"a": [None]}, ["x" * 1000], "owner/repo--"])
def test_values_of_any_type_are_survived(value: object) -> None:
    for key in ("architectures", "auto_map", "license", "model_type", "_class_name", "pretrained_cfg", "base_model_name_or_path"):
        for name in ("config.json", "generation_config.json"):
            assert isinstance(look(name, {"model_type": "x", key: value}), list)
