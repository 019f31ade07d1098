"""Chat templates where bundles keep them: settings, files of their own, headers of GGUF, Ollama's store."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from detectors.cards.chat_template import chat_template
from inspector.detector import Format, Found, Said
from inspector.errors import Malformed
from inspector.model import Issue, TemplateText
from sample_bundles.formats.chat_template import FILES, TEXT
from sample_bundles.weights import Tensor, gguf_bytes
from tests import make

BAD = "{{ messages[0]['__cl' ~ 'ass__'] }}"


def rules(said: list[Said]) -> set[str]:
    return {item.rule for item in said if isinstance(item, Issue)}


def names(said: list[Said]) -> list[str]:
    return [item.details.name for item in said if isinstance(item, Found) and isinstance(item.details, TemplateText)]


@pytest.mark.parametrize("path", FILES)
def test_an_honest_template_is_there_and_no_issue(path: str) -> None:
    said = make.look(chat_template, path, FILES[path])
    assert (rules(said), names(said)) == (set(), ["default"])


@pytest.mark.parametrize(
    ("path", "data", "pointer"),
    [
        ("tokenizer_config.json", json.dumps({"chat_template": BAD}), "/chat_template line 1"),
        (
            "tokenizer_config.json",
            json.dumps({"chat_template": [{"name": "tool_use", "template": BAD}]}),
            "/chat_template/0/template line 1",
        ),
        ("tokenizer_config.json", json.dumps({"chat_template": "x", "custom_chat_template": BAD}), "/custom_chat_template line 1"),
        ("chat_template.json", json.dumps({"chat_template": BAD}), "/chat_template line 1"),
        ("processor_config.json", json.dumps({"chat_template": {"default": BAD}}), "/chat_template/default line 1"),
        ("chat_template.jinja", f"{{# x #}}\n{BAD}", "line 2"),
        ("additional_chat_templates/tool_use.jinja", BAD, "line 1"),
        ("model.gguf", gguf_bytes([Tensor("a", "F32", (2,))], {"tokenizer.chat_template": BAD}), "tokenizer.chat_template line 1"),
        ("model.gguf", gguf_bytes([], {"tokenizer.chat_template.rag": BAD}, order=">"), "tokenizer.chat_template.rag line 1"),
    ],
)
def test_what_leads_to_code_is_found_wherever_the_template_is_kept(path: str, data: str | bytes, pointer: str) -> None:
    said = make.look(chat_template, path, data)
    assert rules(said) == {"template.escape"}
    assert {place.pointer for item in said if isinstance(item, Issue) for place in item.locations} == {pointer}


def test_other_templates_of_a_repository_are_named_and_not_judged() -> None:
    assert make.look(chat_template, "deploy/nginx.conf.j2", "{% include 'x' %}") == [Format("jinja-template")]


def test_a_template_that_breaks_is_malformed_and_the_others_are_read() -> None:
    data = json.dumps({"chat_template": [{"name": "a", "template": "{% if %}"}, {"name": "b", "template": BAD}]})
    said = list[Said]()
    with pytest.raises(Malformed, match="no template of Jinja"):  # noqa: PT012  what was said before counts
        for item in _look(data):
            said.append(item)
    assert names(said) == ["a", "b"]
    assert rules(said) == {"template.escape"}


def _look(data: str) -> Iterator[Said]:
    with tempfile.TemporaryDirectory() as top, make.open_file(Path(top), "tokenizer_config.json", data) as file:
        yield from chat_template.look(file)


def test_settings_without_a_template_say_nothing() -> None:
    assert make.look(chat_template, "tokenizer_config.json", "{}") == []
    assert make.look(chat_template, "tokenizer_config.json", "{,}") == []
    assert make.look(chat_template, "template", "{{ .System }}") == []


def test_white_space_does_not_tell_copies_apart() -> None:
    one, other = (make.look(chat_template, "chat_template.jinja", text) for text in (TEXT, TEXT.replace("\n", "\r\n  ")))
    assert [item.details for item in one if isinstance(item, Found)] == [item.details for item in other if isinstance(item, Found)]
