"""Nothing of a bundle is run: an audit hook listens while hostile and harmless bundles are inspected."""

import sys
from pathlib import Path

from inspector import inspect, judge
from sample_bundles.build import all_systems, build
from sample_bundles.systems.damaged import CALLS_SYSTEM
from tests import make

FORBIDDEN = (
    "os.system",
    "os.exec",
    "os.spawn",
    "os.posix_spawn",
    "subprocess.Popen",
    "pickle.find_class",
    "marshal.loads",
    "socket.connect",
)
HEARD: list[str] = []
LISTENING: list[bool] = []


def listen(event: str, arguments: tuple[object, ...]) -> None:
    """Note what must not happen, and any source of a bundle that is compiled or imported."""
    if not LISTENING:
        return
    if event in FORBIDDEN or (event in {"import", "exec"} and "bundle-under-test" in repr(arguments)):
        HEARD.append(f"{event} {arguments!r}"[:200])


sys.addaudithook(listen)


def heard_while_inspecting(*paths: Path) -> list[str]:
    inspect(paths)  # whatever the program itself imports is loaded now
    HEARD.clear()
    LISTENING.append(True)
    try:
        judge(inspect(paths))
    finally:
        LISTENING.clear()
    return list(HEARD)


def test_the_hook_hears_what_is_forbidden() -> None:
    LISTENING.append(True)
    sys.audit("os.system", "true")
    LISTENING.clear()
    assert HEARD == ["os.system ('true',)"]
    HEARD.clear()


def test_a_pickle_that_calls_the_system_is_reported_and_not_loaded(tmp_path: Path) -> None:
    names = ("pytorch_model.bin", "training_args.bin", "tensor00000_000", "model.safetensors", "tokenizer.model", "x.npy")
    top = make.tree(tmp_path / "bundle-under-test", dict.fromkeys(names, CALLS_SYSTEM))
    assert heard_while_inspecting(top) == []
    reported = {place.path for issue in inspect([top]).issues if issue.rule == "pickle.unexpected-global" for place in issue.locations}
    assert reported == set(names)


def test_code_that_would_act_when_imported_or_rendered_does_not(tmp_path: Path) -> None:
    act = "import os\nos.system('true')\n"
    notebook = '{"cells": [{"cell_type": "code", "source": ["import os\\n", "os.system(\'true\')"]}], "metadata": {}, "nbformat": 4}'
    files = {
        "modeling.py": act,
        "setup.py": f"{act}from setuptools import setup\nsetup(license='MIT')\n",
        "conftest.py": act,
        "sitecustomize.py": act,
        "try.ipynb": notebook,
        "train.yaml": "lr: !!python/object/apply:os.system ['true']\nbatch_size: 2\nseed: 1\nwarmup: 3\n",
        "README.md": "---\nlicense: !!python/object/apply:os.system ['true']\n---\n",
        "tokenizer_config.json": '{"chat_template": "{{ cycler.__init__.__globals__.os.system(\'true\') }}"}',
    }
    assert heard_while_inspecting(make.tree(tmp_path / "bundle-under-test", files)) == []


def test_no_sample_runs_anything(tmp_path: Path) -> None:
    for system in all_systems():
        if system.name != "empty":
            place = build(system, tmp_path / "bundle-under-test")
            assert heard_while_inspecting(*(place / root.name for root in system.roots)) == []
