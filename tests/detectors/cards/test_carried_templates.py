"""Chat templates in settings that no tokenizer keeps: judged as every template, and no evidence."""

import json

import pytest

from detectors.cards.carried_templates import carried_templates
from inspector.errors import Malformed
from inspector.model import Issue
from sample_bundles.formats.chat_template import TEXT
from tests import make

BAD = "{{ messages[0]['__cl' ~ 'ass__'] }}"


@pytest.mark.parametrize(
    ("path", "data", "pointer"),
    [
        ("serve/settings.json", json.dumps({"chat_template": BAD}), "chat_template line 1"),
        ("a.json", json.dumps({"a": [{"custom_chat_template": {"x": TEXT, "y": BAD}}]}), "custom_chat_template/y line 1"),
        ("a.json", f'{{"chat_template": {json.dumps(BAD)}, "chat_template": "{{{{ 1 }}}}"}}', "chat_template line 1"),
        ("a.json", json.dumps({"chat_template": BAD}).replace("_template", r"\u005ftemplate"), "chat_template line 1"),
        ("a.yaml", f"model:\n  'chat_template': {json.dumps(BAD)}\n", "line 2: line 1"),
        ("a.yml", f"chat_template: |\n  {'{{ 1 }} ' * 300}\n  {BAD}\n", "line 1: line 2"),
        ("chat.template", "{% for message in messages %}{% endfor %}\n" + BAD, "line 2"),
    ],
)
def test_what_leads_to_code_is_found(path: str, data: str, pointer: str) -> None:
    issues = [item for item in make.look(carried_templates, path, data) if isinstance(item, Issue)]
    assert ("template.escape", "high") in {(item.rule, item.severity) for item in issues}
    assert {place.pointer for item in issues for place in item.locations} == {pointer}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.json", json.dumps({"chat_template": TEXT})),
        ("a.yaml", f"chat_template: {json.dumps(TEXT)}\n"),
        ("a.yaml", "chat_template: chatml\n"),
        ("a.json", json.dumps({"chat_template": ["chatml", 1, None]})),
        ("a.json", json.dumps({"text": BAD})),
        ("nginx.conf.template", "server { listen {{ port }}; }"),
        ("tokenizer_config.json", json.dumps({"chat_template": BAD})),
    ],
)
def test_honest_settings_and_what_another_detector_reads_are_silent(path: str, data: str) -> None:
    assert make.look(carried_templates, path, data) == []


def test_what_holds_a_template_and_cannot_be_read_is_a_problem() -> None:
    for path, data in [
        ("a.json", '{"chat_template": '),
        ("a.yaml", "chat_template: {{ a }}: ["),
        ("a.json", '{"chat_template": "{% if %}"}'),
    ]:
        with pytest.raises(Malformed):
            make.look(carried_templates, path, data)
