"""Names that pretend."""

from pathlib import Path

import pytest

from inspector.audit import inspect_content
from tests import make


def found(top: Path, *paths: str) -> set[tuple[str, str]]:
    bundle = make.tree(top / "bundle", dict.fromkeys(paths, "x"))
    rules = {"files.double-suffix", "files.hidden-name", "files.imitated-name"}
    return {(item.rule, str(item.severity)) for item in inspect_content([bundle], digest=False).issues if item.rule in rules}


@pytest.mark.parametrize("path", ["model.safetensors.exe", "a/x.pdf.js", "notes.txt.scr", "model.gguf.sh", "x.json.lnk"])
def test_a_suffix_that_runs_behind_one_of_data_is_high(path: str, tmp_path: Path) -> None:
    assert found(tmp_path, path) == {("files.double-suffix", "high")}


@pytest.mark.parametrize(
    "path", ["x.min.js", "x.tar.gz", "setup.exe", "model.safetensors.index.json", "pdf.js", "x.test.py", "a.json.py", "v1.2.bat"]
)
def test_honest_names_are_none(path: str, tmp_path: Path) -> None:
    assert found(tmp_path, path) == set()


def test_characters_that_do_not_show_in_a_name_are_found(tmp_path: Path) -> None:
    assert found(tmp_path / "a", "photo\u202egpj.exe") == {("files.hidden-name", "high")}
    assert found(tmp_path / "b", "con\u200bfig.json") == {("files.hidden-name", "medium")}
    assert found(tmp_path / "c", "modèle.txt", "模型.txt") == set()


@pytest.mark.parametrize("path", ["t\u043ekenizer.json", "\u0441onfig.json", "m\u03bfdel.safetensors", "\uff4dodel.gguf"])
def test_letters_of_another_script_among_latin_ones_are_found(path: str, tmp_path: Path) -> None:
    assert found(tmp_path, path) == {("files.imitated-name", "medium")}


def test_words_of_another_script_are_none(tmp_path: Path) -> None:
    names = (
        "\u043c\u043e\u0434\u0435\u043b\u044c.json",
        "data/\u0441\u043e\u0440\u0442_v2.txt",
        "\u03b1_test.txt",
        "\uff21\uff29.txt",
        "d\u00e9j\u00e0.md",
    )
    assert found(tmp_path, *names) == set()
