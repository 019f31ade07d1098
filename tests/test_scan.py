"""The loop: one open a file, problems that cost one file only, and the same bytes whatever the number of threads."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector import inspect, judge
from inspector.bundle import File, open_root
from inspector.detector import Detector, Format, Found, Said, Wants
from inspector.errors import Malformed, NothingToInspect, UsageError
from inspector.memo import Memo
from inspector.model import Claim, Component, Role
from inspector.registry import Registry
from inspector.render import Format as Form
from inspector.render import render
from inspector.scan import Options, scan
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make

OPENED: list[str] = []
COUNTING: list[Path] = []


def count_opens(event: str, arguments: tuple[object, ...]) -> None:
    """Note every file below the counted directory that this process opens."""
    if event == "open" and COUNTING and isinstance(arguments[0], str | bytes):
        path = os.fsdecode(arguments[0])
        if path.startswith(f"{COUNTING[-1]}{os.sep}"):
            OPENED.append(path)


sys.addaudithook(count_opens)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[list[str]]:
    OPENED.clear()
    COUNTING.append(tmp_path)
    yield OPENED
    COUNTING.pop()


def say_something(file: File) -> Iterator[Said]:
    yield Format("made")
    yield Found(Component.PARAMETERS, Claim.PRESENT, file.name)
    if file.name == "broken":
        raise Malformed("it is broken at byte 7")
    if file.name == "hostile":
        raise KeyError("what nobody thought of")
    if file.name == "deep":
        raise RecursionError


MADE = Registry((Detector("made", Wants(globs=("*",)), (), frozenset(), 1, "", say_something),), ())


def test_every_file_is_opened_once_also_when_it_is_hashed(tmp_path: Path, opened: list[str]) -> None:
    weights = safetensors_bytes([Tensor("a.weight", "F32", (4, 4))])
    make.tree(tmp_path, {"model.safetensors": weights, "README.md": "# A model\n", "config.json": "{}", "sub/train.py": "import os\n"})
    opened.clear()
    inspect([tmp_path])
    assert sorted(opened) == sorted(str(tmp_path / path) for path in ("README.md", "config.json", "model.safetensors", "sub/train.py"))


def test_a_file_that_fails_costs_itself_only_and_what_it_said_is_kept(tmp_path: Path) -> None:
    make.tree(tmp_path, dict.fromkeys(("broken", "deep", "good", "hostile"), "x"))
    inventory = scan("made", (open_root(tmp_path),), MADE, Options(Memo(None)))
    assert [item.value for item in inventory.evidence] == ["broken", "deep", "good", "hostile"]
    assert [f"{item.location.path}: {item.reason}" for item in inventory.problems] == [
        "broken: it is broken at byte 7",
        "deep: it asks for too much (RecursionError)",
        "hostile: the detector failed (KeyError: 'what nobody thought of'); this is a bug of ours, please report it with the file",
    ]


def test_a_file_nobody_recognises_is_listed(tmp_path: Path) -> None:
    make.tree(tmp_path, {"strange.xyz": "?"})
    assert [place.path for place in inspect([tmp_path]).unclaimed] == ["strange.xyz"]


def test_digests_are_the_files_digests_and_can_be_left_out(tmp_path: Path) -> None:
    make.tree(tmp_path, {"a": "abc"})
    assert inspect([tmp_path]).files[0].sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert inspect([tmp_path], digest=False).files[0].sha256 is None


def test_many_more_files_than_may_be_open_are_hashed(tmp_path: Path) -> None:
    make.tree(tmp_path, {f"{number:04}": str(number) for number in range(300)})
    assert all(record.sha256 for record in inspect([tmp_path], jobs=2).files)


def test_one_thread_and_many_give_the_same_bytes(tmp_path: Path) -> None:
    weights = {f"model-{number}.safetensors": safetensors_bytes([Tensor("a", "F16", (number + 1, 8))]) for number in range(9)}
    make.tree(
        tmp_path, {**weights, "README.md": "---\nlicense: mit\n---\n# Tiny\n", "LICENSE": "Permission is hereby granted to nobody.\n"}
    )
    reports = {render(judge(inspect([tmp_path], jobs=jobs)), Form.JSON) for jobs in (1, 4)}
    assert len(reports) == 1


def test_a_report_holds_no_absolute_path(tmp_path: Path) -> None:
    make.tree(tmp_path, {"config.json": '{"model_type": "llama"'})
    assert str(tmp_path.parent) not in render(judge(inspect([tmp_path])), Form.JSON)


def test_roots_with_the_same_name_are_told_apart(tmp_path: Path) -> None:
    make.tree(tmp_path, {"a/model/x": "1", "b/model/y": "2"})
    inventory = inspect([tmp_path / "a" / "model"], supplements=[(Role.CODE, tmp_path / "b" / "model")])
    assert [(root.name, root.role) for root in inventory.roots] == [("model", None), ("model-2", Role.CODE)]
    assert [(record.root, record.path) for record in inventory.files] == [("model", "x"), ("model-2", "y")]


def test_a_pointer_is_never_weights_whatever_its_name(tmp_path: Path) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 4221593088\n"
    make.tree(tmp_path, dict.fromkeys(("model.safetensors", "model.gguf", "pytorch_model.bin", "LICENSE", "README.md"), pointer))
    inventory = inspect([tmp_path])
    assert {record.format for record in inventory.files} == {"git-lfs-pointer"}
    assert not [item for item in inventory.evidence if item.claim is Claim.PRESENT]


def test_an_empty_directory_holds_nothing_to_inspect(tmp_path: Path) -> None:
    with pytest.raises(NothingToInspect, match="no file to inspect"):
        inspect([tmp_path])


def test_no_path_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no path"):
        inspect([])
