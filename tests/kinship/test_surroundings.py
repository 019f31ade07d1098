"""What differs beside weights, and what that means for somebody who has to decide on a copy."""

import json
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inspector.commands.application import app
from sample_bundles.build import read_license
from tests import make
from tests.models import as_gguf, as_safetensors, make_model, merge_adapter

BASE = make_model(1, layers=1)
import_module("inspector.cli")  # the commands add themselves to the application
LICENSE = "Copyright (c) 2026 The Makers\n\n" + read_license("mit")


def card(license_: str, base: str = "") -> str:
    return f"---\nlicense: {license_}\nlibrary_name: transformers\n{f'base_model: {base}' if base else ''}\n---\n# Model\n"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = as_safetensors(BASE) | {"LICENSE": LICENSE, "README.md": card("llama2")}
    return make.tree(tmp_path_factory.mktemp("top") / "base", files)


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*map(str, arguments), "--no-memo"], env={"COLUMNS": "160"})
    return result.exit_code, result.output


def differences(suspect: Path, original: Path) -> dict[str, tuple[str, str]]:
    """Compare two bundles, and list what differs beside the weights: its severity and its meaning."""
    code, text = run("compare", suspect, original, "--format", "json")
    assert code == 0, text
    return {item["about"]: (item["severity"], item["meaning"]) for item in json.loads(text)["comparison"]["differences"]}


def test_a_freer_licence_on_the_same_weights_is_the_gravest(original: Path, tmp_path: Path) -> None:
    suspect = make.tree(tmp_path / "mine", as_safetensors(merge_adapter(BASE, 4)) | {"README.md": card("apache-2.0")})
    found = differences(suspect, original)
    assert found["terms"] == ("high", "the licence was replaced by a freer one than the original gives")
    assert found["text LICENSE"] == ("medium", "the file was left out")
    assert found["copyright"] == ("medium", "the line that names who grants it was left out")
    assert found["parent"] == ("low", "the weights are related, and nothing here names the original")


def test_a_licence_that_was_left_out_is_said(original: Path, tmp_path: Path) -> None:
    assert differences(make.tree(tmp_path / "mine", as_gguf(BASE, "Q8_0")), original)["terms"][0] == "high"


def test_a_copy_that_keeps_everything_and_names_its_parent_differs_in_nothing(original: Path, tmp_path: Path) -> None:
    kept = as_safetensors(BASE) | {"LICENSE": LICENSE, "README.md": card("llama2", "makers/base")}
    assert set(differences(make.tree(tmp_path / "copy", kept), original)) == {"card"}


def test_other_weights_owe_nothing(original: Path, tmp_path: Path) -> None:
    suspect = make.tree(tmp_path / "mine", as_safetensors(make_model(2, layers=1)) | {"README.md": card("apache-2.0")})
    assert {severity for severity, _ in differences(suspect, original).values()} == {"note"}


def test_the_commands_say_in_words_what_they_found(original: Path, tmp_path: Path) -> None:
    suspect = make.tree(tmp_path / "mine", as_safetensors(merge_adapter(BASE, 4)) | {"README.md": card("apache-2.0")})
    code, text = run("compare", suspect, original, "--verbose")
    assert code == 0
    assert "MERGED ADAPTER   mine against base" in text
    assert "rank 4" in text
    known = tmp_path / "known"
    known.mkdir()
    assert run("fingerprint", original, "-o", known / "base.json")[0] == 0
    code, text = run("lineage", suspect, "--known", known)
    assert code == 0
    assert "1 known model related, of 1 fingerprints" in text
    assert "high terms: the licence was replaced by a freer one than the original gives" in text


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("compare", "{empty}", "{base}"), 4, "no tensors that can be compared"),
        (("compare", "{base}", "{base}/nothing"), 2, "there is no such file or directory"),
        (("compare", "{base}", "{bad}"), 2, "it cannot be read as a fingerprint"),
        (("lineage", "{base}", "--known", "{empty}"), 2, "no fingerprint among 0 JSON files"),
        (("fingerprint", "{empty}"), 4, "no tensors that can be compared"),
    ],
)
def test_what_cannot_be_compared_is_one_line(arguments: tuple[str, ...], code: int, told: str, original: Path, tmp_path: Path) -> None:
    empty = make.tree(tmp_path / "empty", {"README.md": "# Nothing\n"})
    bad = make.tree(tmp_path / "bad", {"x.json": "[]"}) / "x.json"
    result = run(*(word.format(empty=empty, base=original, bad=bad) for word in arguments))
    assert result[0] == code
    assert told in result[1].replace("\n", " ")
