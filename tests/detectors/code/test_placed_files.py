"""Files that act where they stand, and their harmless neighbours."""

import pytest

from detectors.code.placed_files import placed_files
from inspector.model import Issue
from sample_bundles.systems.traps import LIBRARY, PROGRAM
from tests import make


def found(path: str, data: str | bytes) -> set[tuple[str, str]]:
    return {(item.rule, str(item.severity)) for item in make.look(placed_files, path, data) if isinstance(item, Issue)}


@pytest.mark.parametrize(
    ("path", "data", "rule", "severity"),
    [
        ("model.bin", PROGRAM, "files.program", "medium"),
        ("lib/x.so", LIBRARY, "files.program", "medium"),
        ("x", b"\xcf\xfa\xed\xfe" + bytes(28), "files.program", "medium"),
        ("x", b"\xca\xfe\xba\xbe\0\0\0\x02" + bytes(28), "files.program", "medium"),
        ("data.json", "#!/bin/sh\n", "files.script-as-data", "high"),
        ("a/start.pth", "import os; os.getcwd()\n", "files.runs-by-itself", "high"),
        ("a/sitecustomize.py", "x = 1\n", "files.runs-by-itself", "medium"),
        ("tests/conftest.py", "x = 1\n", "files.runs-by-itself", "note"),
        ("a/.vscode/tasks.json", '{"runOptions": {"runOn": "folderOpen"}}', "files.runs-by-itself", "high"),
        (".vscode/tasks.json", '{"tasks": []}', "files.runs-by-itself", "note"),
        (".devcontainer/devcontainer.json", '{"postCreateCommand": "x"}', "files.runs-by-itself", "low"),
        (".devcontainer/gpu/devcontainer.json", "{}", "files.runs-by-itself", "note"),
        (".githooks/pre-commit", "echo\n", "files.runs-by-itself", "note"),
    ],
)
def test_what_acts_is_found(path: str, data: str | bytes, rule: str, severity: str) -> None:
    assert found(path, data) == {(rule, severity)}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("run.sh", "#!/bin/sh\n"),
        ("tool", "#!/usr/bin/env python\n"),
        ("readme.txt", "MZ is how programs begin\n"),
        ("x.bin", b"MZ" + bytes(100)),
        ("Main.class", b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(28)),
        ("paths.pth", "/usr/lib/packages\n"),
        ("model.pth", b"\x80\x02}q\x00."),
        ("tasks.json", '{"runOn": "folderOpen"}'),
        ("pre-training.md", "x"),
    ],
)
def test_the_neighbour_is_none(path: str, data: str | bytes) -> None:
    assert found(path, data) == set()
