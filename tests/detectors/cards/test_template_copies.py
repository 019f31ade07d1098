"""Copies of a chat template that differ."""

import json
from pathlib import Path

import pytest

from inspector.audit import inspect_content
from inspector.model import Severity
from sample_bundles.weights import Tensor, gguf_bytes
from tests import make

ONE, OTHER = "{{ messages[0].content }}", "{{ messages[1].content }}"


def copies(top: Path, files: dict[str, str | bytes]) -> list[Severity]:
    issues = inspect_content([make.tree(top / "bundle", files)], digest=False).issues
    return [issue.severity for issue in issues if issue.rule == "template.copies-differ"]


def settings(text: str) -> str:
    return json.dumps({"tokenizer_class": "x", "chat_template": text})


def gguf(text: str) -> bytes:
    return gguf_bytes([Tensor("a", "F32", (2,))], {"tokenizer.chat_template": text})


@pytest.mark.parametrize(
    ("files", "severities"),
    [
        ({"tokenizer_config.json": settings(ONE), "chat_template.jinja": ONE + "\n"}, []),
        ({"tokenizer_config.json": settings(ONE), "chat_template.jinja": OTHER}, [Severity.MEDIUM]),
        ({"tokenizer_config.json": settings(ONE), "model.gguf": gguf(ONE)}, []),
        ({"tokenizer_config.json": settings(ONE), "model.gguf": gguf(OTHER)}, [Severity.LOW]),
        ({"a/tokenizer_config.json": settings(ONE), "b/tokenizer_config.json": settings(OTHER)}, []),
        ({"chat_template.jinja": ONE, "additional_chat_templates/rag.jinja": OTHER}, []),
    ],
)
def test_copies_in_one_directory_are_held_against_each_other(
    files: dict[str, str | bytes], severities: list[Severity], tmp_path: Path
) -> None:
    assert copies(tmp_path, files) == severities
