"""Jobs: a runner before a script is a launch, whatever describes it."""

from pathlib import Path

import pytest

from detectors.code.job import job
from inspector.detector import Format, Found
from inspector.uses import Use, UseKind
from tests import make

K8S = """kind: Job
spec:
  containers:
    - command: ["python", "-m", "pkg.train"]
      args: ["--config", "configs/a.yaml"]
"""


def launches(path: str, text: str) -> list[tuple[str, str]]:
    return [(said.component, said.value) for said in make.look(job, path, text) if isinstance(said, Found)]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("job.yaml", "command: |\n  torchrun train.py --config a.yaml\n", [("training-code", "launch")]),
        ("job.yaml", "command: >\n  lm_eval --model hf\nimage: python\n", [("evaluation-code", "launch")]),
        ("Makefile", "data:\n\tpython preprocess_data.py --input x\n", [("preprocessing-code", "launch")]),
        ("job.yaml", "command: ['python', 'train.py']\n", [("training-code", "launch")]),
        ("job.yaml", "image: python:3.11\nname: train\n", []),
        ("job.yaml", "steps:\n  - run: python -m pip install .\n", []),
        (".github/workflows/ci.yml", "run: python train.py\n", []),
        (".pre-commit-config.yaml", "entry: python train.py\n", []),
    ],
)
def test_what_is_launched(path: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert launches(path, text) == expected


def test_a_file_that_launches_nothing_is_not_claimed() -> None:
    assert Format("job") not in make.look(job, "job.yaml", "image: python:3.11\n")


def test_scripts_and_settings_are_named(tmp_path: Path) -> None:
    with make.open_file(tmp_path, "job.yaml", "command: torchrun train.py --config configs/a.yaml\n") as file:
        uses = [said for said in job.look(file) if isinstance(said, Use)]
    assert [(use.kind, use.target, use.line) for use in uses] == [(UseKind.RUNS, "train.py", 1), (UseKind.READS, "configs/a.yaml", 1)]


def test_arguments_of_a_container_are_read_as_words() -> None:
    assert launches("pod.yaml", K8S) == [("training-code", "launch")]
