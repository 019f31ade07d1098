"""The shape of the code: sizes, annotations, documentation and words, held by reading the sources."""

import ast
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
SOURCES = sorted(path for folder in ("inspector", "detectors", "sample_bundles") for path in (TOP / folder).rglob("*.py"))
EACH = pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(TOP)))
BANNED = {"utils", "helpers", "base", "manager", "common", "util", "helper"}


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@EACH
def test_no_file_is_longer_than_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


@EACH
def test_no_function_is_longer_than_40_lines(path: Path) -> None:
    long = [f"{node.name}: {size}" for node in functions(path) if (size := (node.end_lineno or 0) - node.lineno + 1) > 40]
    assert long == []


@EACH
def test_a_module_says_what_it_is_for_and_has_a_name_that_means_something(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))
    assert path.stem not in BANNED


@EACH
def test_what_is_public_is_documented(path: Path) -> None:
    bare = [
        node.name
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert bare == []


@EACH
def test_no_type_is_switched_off(path: Path) -> None:
    text = path.read_text()
    assert "type: ignore" not in text
    assert "cast(" not in text.replace("broadcast(", "")
    names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    assert "Any" not in names


@EACH
def test_only_the_command_prints_or_exits(path: Path) -> None:
    if path.name in {"cli.py", "console.py", "__main__.py"}:
        return
    calls = {
        node.func.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"print", "exit", "quit", "exec", "eval", "compile", "__import__", "input"}


@EACH
def test_bundles_are_opened_in_one_place_only(path: Path) -> None:
    if (
        path.parent.name == "bundle"
        or path.parts[-2] == "sample_bundles"
        or path.name in {"saved_reports.py", "console.py", "catalogue.py", "tables.py", "attestation.py", "records.py", "journal.py"}
    ):
        return
    tree = ast.parse(path.read_text())
    names = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    attributes = {node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    assert "open" not in names
    assert not attributes & {
        "read_text",
        "read_bytes",
        "write_text",
        "write_bytes",
        "iterdir",
        "rglob",
        "scandir",
        "listdir",
        "pread",
        "unlink",
    }
