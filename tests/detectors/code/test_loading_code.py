"""Code that runs on loading: what it reaches for is an issue, with every place; code that only defines a model is none."""

import json
from pathlib import Path

import pytest

from inspector import inspect
from inspector.model import Issue
from tests import make

CONFIG = json.dumps({"model_type": "x", "auto_map": {"AutoModelForCausalLM": "modeling_x.X"}})
HONEST = """import math
import re
import torch
from torch import nn
from .layers import Block

PATTERN = re.compile("a")

class X(nn.Module):
    def __init__(self):
        self.block = torch.compile(Block())
        self.eval()
    def forward(self, x):
        return self.block(x)
"""
LAYERS = "from torch import nn\n\nclass Block(nn.Module):\n    def forward(self, x):\n        return x\n"


def touching(tmp_path: Path, files: dict[str, str]) -> list[Issue]:
    issues = inspect([make.tree(tmp_path / "b", {"config.json": CONFIG, **files})], digest=False).issues
    return [issue for issue in issues if issue.rule.startswith("config.remote-code-")]


def test_code_that_only_defines_a_model_touches_nothing(tmp_path: Path) -> None:
    assert touching(tmp_path, {"modeling_x.py": HONEST, "layers.py": LAYERS}) == []


@pytest.mark.parametrize(
    ("line", "severity", "told"),
    [
        ("import subprocess\nsubprocess.run(['x'])", "high", "it starts programs (subprocess.run)"),
        ("import os\nos.system('x')", "high", "it starts programs (os.system)"),
        ("from os import system as s\ns('x')", "high", "it starts programs (os.system)"),
        ("import requests", "high", "it opens connections or downloads (requests)"),
        ("from urllib.request import urlopen", "high", "it opens connections or downloads (urllib.request.urlopen)"),
        ("exec('x')", "high", "it runs code that it makes or reads (exec)"),
        ("__import__('os').system('x')", "high", "it runs code that it makes or reads (__import__)"),
        ("import pickle\npickle.load(open('x', 'rb'))", "high", "it loads pickles (pickle.load)"),
        ("import importlib\nimportlib.import_module(name)", "medium", "it imports what a text names (importlib.import_module)"),
        ("import shutil\nshutil.rmtree('x')", "medium", "it writes, moves or deletes files (shutil.rmtree)"),
        ("import os\nos.environ['TOKEN']", "medium", "it reads environment variables (os.environ)"),
        ("open('/root/.ssh/id_rsa')", "high", "it names places where credentials are kept (/root/.ssh/id_rsa)"),
    ],
)
def test_what_it_reaches_for_is_told_with_its_line(line: str, severity: str, told: str, tmp_path: Path) -> None:
    (issue,) = touching(tmp_path, {"modeling_x.py": f"{HONEST}\n{line}\n", "layers.py": LAYERS})
    assert (issue.severity, issue.message) == (severity, f"code that runs when the model is loaded, from modeling_x.py: {told}")
    assert issue.locations[0].path == "modeling_x.py"
    assert issue.locations[-1].pointer == "/auto_map/AutoModelForCausalLM"


def test_a_module_that_it_imports_counts_and_one_that_it_does_not_import_does_not(tmp_path: Path) -> None:
    acts = f"import os\nos.system('x')\n{LAYERS}"
    (issue,) = touching(tmp_path, {"modeling_x.py": HONEST, "layers.py": acts, "other.py": acts})
    assert [place.path for place in issue.locations] == ["layers.py", "config.json"]
    assert (
        touching(tmp_path / "2", {"modeling_x.py": HONEST.replace("from .layers import Block", "Block = nn.Linear"), "other.py": acts})
        == []
    )


def test_code_that_is_named_and_not_here_is_told(tmp_path: Path) -> None:
    (issue,) = touching(tmp_path, {})
    assert (issue.rule, issue.severity) == ("config.remote-code-missing", "low")
