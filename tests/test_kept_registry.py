"""Detectors that the memo knows of: the same ones, imported only when a file is offered to them, and the same report."""

import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from inspector.kept_registry import _keep, _recall
from inspector.registry import load_registry
from tests import make
from tests.test_cli import TOP

SCRIPT = (
    "import sys; from inspector.cli import app; app(['audit', sys.argv[1], '--format', 'json'], standalone_mode=False);"
    "print(*(name for name in sys.modules if name.startswith('detectors.')), file=sys.stderr)"
)


def test_what_is_kept_of_the_detectors_is_all_that_a_scan_asks_of_them() -> None:
    registry = load_registry()
    recalled = _recall(msgspec.msgpack.encode(_keep(registry)))
    assert recalled.crosschecks == registry.crosschecks
    assert len(recalled.detectors) == len(registry.detectors)
    for ours, theirs in zip(recalled.detectors, registry.detectors, strict=True):
        assert (ours.id, ours.wants, ours.formats, ours.emits) == (theirs.id, theirs.wants, theirs.formats, theirs.emits)
        assert (ours.version, ours.doc) == (theirs.version, theirs.doc)


def test_a_detector_that_is_recalled_looks_as_the_one_in_its_module(tmp_path: Path) -> None:
    make.tree(tmp_path, {"config.json": '{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}', "x.py": "import torch\n"})
    registry = load_registry()
    recalled = _recall(msgspec.msgpack.encode(_keep(registry)))
    for entry in make.entries(tmp_path):
        with entry.open() as file:
            told = [[list(item.look(file)) for item in each.wanting(file)] for each in (registry, recalled)]
        assert told[0] == told[1] != []


def test_an_audit_of_what_is_remembered_imports_only_what_runs_always(tmp_path: Path) -> None:
    place = make.tree(tmp_path / "b", {"README.md": "---\nlicense: mit\n---\n# x\n", "train.py": "import torch\n"})
    time.sleep(2.1)  # the memo keeps nothing of files that have just changed
    command, environment = [sys.executable, "-c", SCRIPT, str(place)], {**os.environ, "INSPECTOR_MEMO": str(tmp_path / "memo")}
    first, second = (subprocess.run(command, capture_output=True, text=True, cwd=TOP, env=environment, check=True) for _ in range(2))
    assert first.stdout == second.stdout
    assert "detectors.code.python_source" in first.stderr.split()
    assert "detectors.code.python_source" not in second.stderr.split()
    assert "detectors.terms.license_file" in second.stderr.split()  # it has a crosscheck
    make.tree(place, {"more.py": "import torch\n"})
    third = subprocess.run(command, capture_output=True, text=True, cwd=TOP, env=environment, check=True)
    assert "detectors.code.python_source" in third.stderr.split()
    assert '"more.py"' in third.stdout
