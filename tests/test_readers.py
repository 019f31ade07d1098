"""Processes that read files: the same bytes as one process, and a process that dies costs one file."""

import os
import signal
from pathlib import Path

import pytest

from inspector import inspect, judge, readers
from inspector.child import Child
from inspector.readers import read_apart
from inspector.render import Format, render
from tests import make


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Many small files of several kinds, more than one process is worth starting for."""
    licence = "Permission is hereby granted to nobody, number {}.\n"
    files: dict[str, str | bytes] = {}
    for number in range(readers.FEWEST // 3 + 1):
        files |= {
            f"{number}/train.py": f"# SPDX-License-Identifier: MIT\nimport torch\nloss.backward()\noptimizer.step()\nx = {number}\n",
            f"{number}/README.md": f"---\nlicense: mit\n---\n# M{number}\n",
            f"{number}/LICENSE" if number % 10 == 0 else f"{number}/odd.bin": licence.format(number),
        }
    return make.tree(tmp_path / "store", {**files, "broken.py": "def (\n", "mark.yaml": 'a: "\\ud800"\n', "deep.json": "[" * 9000})


def test_many_processes_and_one_give_the_same_bytes(store: Path) -> None:
    reports = [render(judge(inspect([store], jobs=jobs)), Format.JSON) for jobs in (1, 3)]
    assert reports[0] == reports[1]


def test_without_digests_too(store: Path) -> None:
    assert inspect([store], jobs=1, digest=False) == inspect([store], jobs=2, digest=False)


@pytest.mark.usefixtures("dying")
def test_a_process_that_dies_costs_the_file_that_is_to_blame(tmp_path: Path) -> None:
    entries = make.entries(make.tree(tmp_path, {"a.py": "import os\n", "deadly.py": "x\n", "z.py": "import os\n"}))
    readings = read_apart(entries, 2, digest=True, done=lambda _: None)
    assert [reading.format for reading in readings] == ["python", None, "python"]
    assert [problem.reason for reading in readings for problem in reading.problems] == ["the process that read it ended (signal 9)"]
    assert not readings[1].lasting


def test_a_file_that_takes_too_long_is_told_with_the_time_it_had_and_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = Child.send

    def send_and_run_out(self: Child, data: bytes) -> bool:
        if b"slow" in data:
            os.kill(self._process.pid, signal.SIGPROF)
        return send(self, data)

    monkeypatch.setattr(Child, "send", send_and_run_out)
    entries = make.entries(make.tree(tmp_path, {"a.py": "import os\n", "slow.py": "x\n"}))
    readings = read_apart(entries, 2, digest=True, done=lambda _: None)
    told = [problem.reason for reading in readings for problem in reading.problems]
    assert told == ["the process that read it ended (after 120 seconds of processor time)"]
    assert [reading.lasting for reading in readings] == [True, False]


def test_where_another_program_answers_files_are_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "fingerprint", lambda: "of another program")
    entries = make.entries(make.tree(tmp_path, {"a.py": "import os\n", "b.py": "import os\n"}))
    read = read_apart(entries, 2, digest=True, done=lambda _: None)
    assert [(reading.format, bool(reading.sha256)) for reading in read] == [("python", True)] * 2
