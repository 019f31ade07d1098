"""Terms in the settings beside a model."""

import pytest

from detectors.terms.settings_terms import settings_terms
from inspector.detector import Declared
from inspector.model import Scope
from tests import make


def read(path: str, text: str) -> list[tuple[str, str | None]]:
    said = make.look(settings_terms, path, text)
    assert all(isinstance(item, Declared) and item.scope is Scope.ROOT for item in said)
    return [(item.excerpt or "", item.pointer) for item in said if isinstance(item, Declared)]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("tokenizer_config.json", '{"tokenizer_class": "T", "license": "cc-by-nc-4.0"}', [("cc-by-nc-4.0", "/license")]),
        ("m.safetensors.index.json", '{"metadata": {"license": "mit"}, "weight_map": {}}', [("mit", "/metadata/license")]),
        ("configuration.json", '{"framework": "pytorch", "l\\u0069cense": "other"}', [("other", "/license")]),
        (
            "preprocessor_config.json",
            '{"note": "Commercial use of the weights is prohibited."}',
            [("Commercial use of the weights is prohibited.", "/note")],
        ),
    ],
)
def test_what_settings_say_of_a_licence_is_said_of_the_model(path: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert read(path, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        '{"tokenizer_class": "T", "model_max_length": 2048}',
        '{"chat_template": "{{ \'You must not use this for commercial purposes.\' }}"}',
        "[1, 2]",
        "",
    ],
)
def test_settings_without_a_licence_say_nothing(text: str) -> None:
    assert read("tokenizer_config.json", text) == []
