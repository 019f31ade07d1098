"""ModelScope: settings that make a loader install or import, and the record of a download."""

import json

import pytest

from detectors.cards.modelscope import modelscope
from inspector.detector import Format, Found
from inspector.model import Issue, Severity
from sample_bundles.formats.modelscope import FILES, SETTINGS
from tests import make


def test_settings_name_the_class_and_nothing_else() -> None:
    said = make.look(modelscope, "configuration.json", json.dumps(SETTINGS))
    assert said[0] == Format("modelscope-config")
    assert [item.value for item in said if isinstance(item, Found)] == ["modelscope-config", "tiny-model"]
    assert not [item for item in said if isinstance(item, Issue)]


def test_remote_code_and_plugins_are_issues() -> None:
    said = make.look(modelscope, "configuration.json", json.dumps({**SETTINGS, "allow_remote": True, "plugins": ["evil-package"]}))
    issues = [item for item in said if isinstance(item, Issue)]
    assert [(item.rule, item.severity, item.locations[0].pointer) for item in issues] == [
        ("config.remote-code", Severity.MEDIUM, "/allow_remote"),
        ("config.remote-code", Severity.HIGH, "/plugins"),
    ]


def test_the_record_of_a_download_is_recognised() -> None:
    assert make.look(modelscope, ".mv", FILES[".mv"]) == [Format("modelscope-record")]
    assert make.look(modelscope, ".mv", "something else") == []


@pytest.mark.parametrize(
    "text", ["{}", '{"a": 1}', "[]", "x", '{"plugins": ["a"], "framework": "mocha"}', '{"task": "build", "plugins": []}']
)
def test_other_files_are_left_alone(text: str) -> None:
    assert make.look(modelscope, "configuration.json", text) == []
