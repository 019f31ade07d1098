"""Bad input as users meet it: one clear line for each file, everything else complete, no traceback, exit code 3."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from inspector import inspect
from inspector.errors import ExitCode
from sample_bundles.weights import Tensor, safetensors_bytes, torch_zip_bytes
from tests import make

HEALTHY = safetensors_bytes([Tensor("model.weight", "F32", (4, 4))])
TORCH = torch_zip_bytes([Tensor("model.weight", "F32", (4, 4))])


def lie_about_sizes(data: bytes) -> bytes:
    """Make the central directory of a zip name a size that is not there."""
    at = data.index(b"PK\x01\x02") + 24
    return data[:at] + (0x7FFFFFFF).to_bytes(4, "little") + data[at + 4 :]


CASES: dict[str, tuple[str, bytes]] = {
    "a truncated safetensors header": ("model.safetensors", HEALTHY[:20]),
    "truncated tensor data": ("model.safetensors", HEALTHY[:-5]),
    "a header length of 2^63": ("model.safetensors", (2**63).to_bytes(8, "little") + b'{"a":1}'),
    "a header that is no JSON": ("model.safetensors", (9).to_bytes(8, "little") + b"{not json" + b"\0" * 40),
    "a GGUF header cut in its counts": ("model.gguf", b"GGUF\x03\0\0\0\x01"),
    "a GGUF string longer than the file": (
        "model.gguf",
        b"GGUF\x03\0\0\0" + (0).to_bytes(8, "little") + (1).to_bytes(8, "little") + b"\xff" * 8,
    ),
    "NaN in a configuration": ("config.json", b'{"model_type": "llama", "rope_theta": NaN}'),
    "JSON cut in the middle": ("config.json", b'{"model_type": "llama", "hidden'),
    "JSON nested a hundred thousand deep": ("config.json", b'{"model_type":' * 100_000),
    "JSON that is not UTF-8": ("config.json", b'{"model_type": "\xff\xfe"}'),
    "a card in letters that cannot be told": ("README.md", "# Модель\n\nКарта модели.\n".encode("koi8-r")),
    "front matter that is no YAML": ("README.md", b"---\nlicense: [mit\n---\n# A card\n"),
    "a zip with a lying directory": ("pytorch_model.bin", lie_about_sizes(TORCH)),
    "a zip without its end": ("pytorch_model.bin", TORCH[: len(TORCH) // 2]),
    "source that is no Python": ("train.py", b"def train(:\n    pass\n"),
    "source nested beyond any sense": ("train.py", b"x = " + b"(" * 5000 + b")" * 5000),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_one_problem_and_the_rest_is_complete(case: str, tmp_path: Path) -> None:
    path, data = CASES[case]
    make.tree(tmp_path, {f"bad/{path}": data, "good/model.safetensors": HEALTHY, "good/README.md": "---\nlicense: mit\n---\n# Good\n"})
    inventory = inspect([tmp_path])
    about = [problem for problem in inventory.problems if problem.location.path.startswith(f"bad/{path}")]
    assert about, f"{case}: nothing was reported"
    assert len(about) == len(inventory.problems)
    for problem in about:
        assert problem.reason
        assert "\n" not in problem.reason
        assert "bug of ours" not in problem.reason
    values = {(item.location.path, item.value) for item in inventory.evidence}
    assert ("good/model.safetensors", "safetensors") in values
    assert ("good/README.md", "MIT") in values


def test_a_hundred_megabytes_of_json_are_refused_not_read(tmp_path: Path) -> None:
    with (tmp_path / "config.json").open("wb") as stream:
        stream.write(b'{"model_type": "')
        stream.seek(100 * 2**20)
        stream.write(b'"}')
    (problem,) = inspect([tmp_path], digest=False).problems
    assert "104857602 bytes" in problem.reason


def test_all_of_it_together_prints_no_traceback_and_exits_with_3(tmp_path: Path) -> None:
    make.tree(tmp_path, {f"{number}/{path}": data for number, (path, data) in enumerate(CASES.values())})
    command = [sys.executable, "-m", "inspector", "audit", str(tmp_path), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.UNREADABLE
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr.count("\n") == 1
    assert len({problem["location"]["path"].split("/")[0] for problem in json.loads(done.stdout)["problems"]}) == len(CASES)
