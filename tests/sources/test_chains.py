"""Runs: entry points joined to the code that trains and the settings it reads, by the names that stand in files."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from inspector import inspect
from inspector.model import Chain, Issue
from inspector.wording import spell_place
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make

LOOP = "import torch\n\ndef main(model, optimizer, batches):\n    for batch in batches:\n        model(batch).backward()\n        optimizer.step()\n"
RUN = "learning_rate: 0.001\nmax_steps: 100\nwarmup_steps: 3\nweight_decay: 0.1\nhidden_size: 32\nnum_layers: 2\n"
OTHER = RUN.replace("32", "64")
GENERATES = "import torch\nimport loop\nmodel = torch.load('x')\nmodel.generate('a')\n"
WEIGHTS: dict[str, str | bytes] = {
    "model.safetensors": safetensors_bytes([Tensor("a.weight", "F16", (256, 256))]),
    "config.json": json.dumps({"architectures": ["X"], "model_type": "x", "hidden_size": 32, "num_hidden_layers": 2}),
}


def runs(tmp_path: Path, files: Mapping[str, str | bytes]) -> list[str]:
    top = make.tree(tmp_path / "b", files)
    chains = [item.details for item in inspect([top], digest=False).evidence if isinstance(item.details, Chain)]
    return sorted(
        f"{chain.fit}: " + " ".join(f"{step.verb} {spell_place(step.location).removeprefix('b/')}" for step in chain.steps)
        for chain in chains
    )


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        # A launch script, its trainer, its settings.
        (
            {"scripts/go.sh": "torchrun train.py --config configs/a.yaml\n", "train.py": LOOP, "configs/a.yaml": RUN, **WEIGHTS},
            ["same: starts scripts/go.sh:1 runs train.py:5 reads configs/a.yaml:1"],
        ),
        # Behind a variable, in a module, through an import.
        (
            {
                "go.sh": "python -m \\\n  pkg.main --config ${HERE}/configs/a.yaml\n",
                "pkg/main.py": "from pkg.engine import loop\nloop.main()\n",
                "pkg/engine/loop.py": LOOP,
                "configs/a.yaml": RUN,
            },
            ["unknown: starts go.sh:1 runs pkg/main.py imports pkg/engine/loop.py:5 reads configs/a.yaml:1"],
        ),
        (
            {
                "train.sh": "python -m pkg.train --config ${HERE}/configs/a.yaml\n",
                "pkg/train.py": "from pkg.engine import loop\nloop.main()\n",
                "pkg/engine/loop.py": LOOP,
                "configs/a.yaml": OTHER,
                **WEIGHTS,
            },
            ["other: starts train.sh:1 runs pkg/train.py imports pkg/engine/loop.py:5 reads configs/a.yaml:1"],
        ),
        # What a document tells its readers to run.
        (
            {"README.md": "# X\n\n```bash\n$ python run.py base.yaml\n```\n", "run.py": LOOP, "conf/base.yaml": RUN},
            ["unknown: starts README.md:4 runs run.py:5 reads conf/base.yaml:1"],
        ),
        # Settings that include others, settings that the trainer names itself.
        (
            {
                "run.py": LOOP + "CONFIG = 'a.yaml'\n",
                "a.yaml": "include: b.yaml\nlearning_rate: 0.1\nmax_steps: 2\nwarmup: 1\nwd: 0.2\n",
                "b.yaml": RUN,
                **WEIGHTS,
            },
            ["same: starts run.py:5 reads b.yaml:1 reads a.yaml:2"],
        ),
        # No settings at all; two files of a name that are as near; a name that is not here.
        ({"run.py": LOOP}, ["none: starts run.py:5"]),
        ({"run.py": LOOP + "CONFIG = 'a.yaml'\n", "x/a.yaml": RUN, "y/a.yaml": RUN}, ["none: starts run.py:5"]),
        ({"train.sh": "python ../elsewhere/train.py --config a.yaml\n", "a.yaml": RUN}, []),
        # What generates text leads to no training, also where it imports the loop.
        ({"README.md": "```\npython ask.py\n```\n", "ask.py": GENERATES, "loop.py": LOOP}, ["none: starts loop.py:5"]),
    ],
)
def test_a_run_is_followed_by_the_names_in_its_files(files: Mapping[str, str | bytes], expected: list[str], tmp_path: Path) -> None:
    assert runs(tmp_path, files) == expected


def test_a_circle_of_imports_ends(tmp_path: Path) -> None:
    files = {"train.sh": "python train.py\n", "train.py": "import b\n", "b.py": "import train\nimport loop\n", "loop.py": LOOP}
    assert runs(tmp_path, files) == ["none: starts train.sh:1 runs train.py imports b.py imports loop.py:5"]


def test_settings_that_cannot_be_compared_with_the_weights_are_noted(tmp_path: Path) -> None:
    settings = "learning_rate: 0.001\nmax_steps: 100\nwarmup_steps: 3\nweight_decay: 0.1\n"
    top = make.tree(tmp_path / "b", {"train.py": LOOP, "a.yaml": settings, **WEIGHTS})
    issues: tuple[Issue, ...] = inspect([top], digest=False).issues
    assert [(issue.rule, issue.severity) for issue in issues] == [("training.sizes-not-compared", "note")]
