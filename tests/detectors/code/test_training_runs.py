"""Settings against the sizes of the weights: missing only when all can be compared and none fits."""

import json
from pathlib import Path

import pytest

from inspector import inspect
from inspector.model import Claim, Component
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make

WEIGHTS = safetensors_bytes([Tensor("a.weight", "F16", (256, 256))])
RUN = "learning_rate: 0.001\nmax_steps: 100\nwarmup_steps: 3\nweight_decay: 0.1\nbatch_size: 8\n"


def missing(tmp_path: Path, files: dict[str, str]) -> list[str]:
    config = json.dumps({"architectures": ["X"], "model_type": "x", "hidden_size": 32, "num_hidden_layers": 2})
    top = make.tree(tmp_path / "bundle", {"model.safetensors": WEIGHTS, "config.json": config, **files})
    found = inspect([top], digest=False).evidence
    return [item.location.path for item in found if item.component is Component.TRAINING and item.claim is Claim.MISSING]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"run.yaml": f"{RUN}hidden_size: 32\nnum_layers: 2\n"}, []),
        ({"run.yaml": f"{RUN}n_embd: 32\nn_layer: 2\n"}, []),
        ({"run.yaml": f"{RUN}hidden_size: 64\nnum_layers: 2\n"}, ["run.yaml"]),
        ({"run.yaml": f"{RUN}model:\n  d_model: 64\n  n_layers: 12\n"}, ["run.yaml"]),
        ({"run.yaml": RUN}, []),
        ({"run.yaml": f"{RUN}hidden_size: 64\n"}, []),
        ({"a.yaml": f"{RUN}hidden_size: 64\nnum_layers: 2\n", "b.yaml": f"{RUN}hidden_size: 32\nnum_layers: 2\n"}, []),
        ({"a.yaml": f"{RUN}hidden_size: 64\nnum_layers: 2\n", "b.yaml": RUN}, []),
        ({}, []),
    ],
)
def test_the_settings_of_the_run_are_missing_only_when_all_are_of_other_sizes(
    files: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    assert missing(tmp_path, files) == expected
