"""Entry points: programs that do what they call, and scripts that launch what they run."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from inspector import inspect
from inspector.model import Constructs
from tests import make

LOOP = "import torch\n\nclass TrainLoop:\n  def run_loop(self):\n    loss.backward()\n    self.optimizer.step()\n"
SERVES = "import torch\ndef main():\n  model.load_state_dict(torch.load('x'))\n  with torch.no_grad():\n    model.generate(x)\n"


def started(tmp_path: Path, files: Mapping[str, str]) -> list[tuple[str, str, str]]:
    found = inspect([make.tree(tmp_path / "b", files)], digest=False).evidence
    return [(item.location.path, item.component.value, item.value) for item in found if item.detector == "entry-points"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        # A class whose name says it, a module that does one thing, a package that hands the name on, a function that is handed on.
        (
            {"go.py": "from lib.loop import TrainLoop\nTrainLoop().run_loop()\n", "lib/loop.py": LOOP},
            [("go.py", "training-code", "training")],
        ),
        ({"__main__.py": "from .tell import main\nmain()\n", "tell.py": SERVES}, [("__main__.py", "inference-code", "inference")]),
        (
            {
                "go.py": "import lib\nlib.train(1)\n",
                "lib/__init__.py": "from .loop import train\n",
                "lib/loop.py": f"{LOOP}def train(x): x()\n",
            },
            [("go.py", "training-code", "training")],
        ),
        (
            {
                "go.py": "from lib.loop import train as pre\nif __name__ == '__main__':\n  spawn(pre)\n",
                "lib/loop.py": f"{LOOP}def train(x): x()\n",
            },
            [("go.py", "training-code", "training")],
        ),
        # A helper of a file that trains, a module that is no program, a window around a program, a file that is not here.
        ({"go.py": "from lib.loop import log\nlog()\n", "lib/loop.py": f"{LOOP}def log(): print(1)\n"}, []),
        ({"go.py": "from lib.loop import TrainLoop\ndef f(): TrainLoop()\n", "lib/loop.py": LOOP}, []),
        ({"go.py": "import streamlit\nfrom lib.loop import train\ntrain()\n", "lib/loop.py": f"{LOOP}def train(x): x()\n"}, []),
        ({"go.py": "from elsewhere.train import main\nmain()\n", "lib/loop.py": LOOP}, []),
    ],
)
def test_a_thin_program_has_the_role_of_what_it_calls(
    files: Mapping[str, str], expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    assert started(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"go.sh": "srun python main.py --nodes 4\n", "main.py": LOOP}, [("go.sh", "training-code", "launch")]),
        ({"finetune/go.sh": "srun python ../main.py\n", "main.py": LOOP}, [("finetune/go.sh", "training-code", "fine-tuning")]),
        (
            {"a.sh": "sbatch jobs/b.slurm\n", "jobs/b.slurm": "python ../main.py\n", "main.py": LOOP},
            [("a.sh", "training-code", "launch"), ("jobs/b.slurm", "training-code", "launch")],
        ),
        ({"go.sh": "python tell.py\n", "tell.py": SERVES}, [("go.sh", "inference-code", "launch")]),
        ({"run_benchmark.sh": "python tell.py\n", "tell.py": SERVES}, [("run_benchmark.sh", "evaluation-code", "launch")]),
        ({"kill.sh": "ssh host pkill -f main.py\n", "main.py": LOOP}, []),
        ({"go.sh": "python train.py\n", "train.py": LOOP}, []),
    ],
)
def test_a_script_launches_what_it_runs(files: Mapping[str, str], expected: list[tuple[str, str, str]], tmp_path: Path) -> None:
    assert started(tmp_path, files) == expected


def test_the_evidence_names_the_file_and_stands_at_the_call(tmp_path: Path) -> None:
    files = {"go.py": "from lib.loop import TrainLoop\n\nTrainLoop().run_loop()\n", "lib/loop.py": LOOP}
    found = inspect([make.tree(tmp_path / "b", files)], digest=False).evidence
    (item,) = [item for item in found if item.detector == "entry-points"]
    assert item.location.span is not None
    assert item.location.span.start == 3
    assert isinstance(item.details, Constructs)
    assert [(seen.name, seen.number) for seen in item.details.seen] == [("starts:lib/loop.py", 3)]


def test_files_that_start_each_other_end(tmp_path: Path) -> None:
    files = {"a.sh": "bash b.sh\n", "b.sh": "bash a.sh\n", "c.py": "from d import run\nrun()\n", "d.py": "from c import run\nrun()\n"}
    assert started(tmp_path, files) == []
