"""Measure what fleets cost: bundles per second with nothing and with everything remembered, growth, bytes read, memory. A part of `make bench`.

A bundle has ten texts, of which two are like no other in the store: the card and a notice. Every twentieth licence has a clause added, which only
approximate matching tells.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sample_bundles.build import read_license
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make

TOP = Path(__file__).parent.parent
JOBS = 2
COUNTS = (100, 1000, 2000)
LICENSES = (
    "apache-2.0",
    "mit",
    "bsd-new",
    "cc-by-nc-4.0",
    "llama-2-license-2023",
    "gemma-tou-2024-04-01",
    "bigscience-rail-1.0",
    "gpl-3.0",
)
CLAUSE = "\n{number}. The weights of model {number} may not be used for any commercial purpose.\n"
NOTICE = "Model {number}\nCopyright 2024 Laboratory {number}\nLicensed under the Apache License, Version 2.0.\nIt has parts of the {number} tools.\n"


def write_bundles(top: Path, count: int) -> Path:
    """Write so many bundles with ten texts each; the card and the notice are unique."""
    weights = safetensors_bytes([Tensor("model.embed_tokens.weight", "F16", (16, 8))])
    texts = {key: read_license(key) for key in LICENSES}
    shared: dict[str, str | bytes] = {
        "config.json": '{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}',
        "generation_config.json": '{"temperature": 0.6}',
        "train.py": "# SPDX-License-Identifier: MIT\nimport torch\nloss.backward()\noptimizer.step()\n",
        "model.py": "# Licensed under the Apache License, Version 2.0.\nimport torch\nclass Model(torch.nn.Module):\n    pass\n",
        "requirements.txt": "torch==2.1.0\n",
        "USE_POLICY.md": "# Use policy\n\nYou agree that you will not use the model to break the law.\n",
        "eval.py": "import torch\nfrom datasets import load_dataset\nprint(load_dataset('squad'))\n",
    }
    for number in range(count):
        text = texts[LICENSES[number % len(LICENSES)]]
        unique = {
            "README.md": f"---\nlicense: mit\n---\n# Model {number}\n\nModel {number} was trained on {number} GB of text of the web.\n",
            "NOTICE": NOTICE.format(number=number),
        }
        make.tree(
            top / f"{number // 100:03d}" / f"model{number:06d}",
            {
                **shared,
                **unique,
                "LICENSE": text + (CLAUSE.format(number=number) if number % 20 == 0 else ""),
                "model.safetensors": weights,
            },
        )
    return top


def processes_below(parent: int) -> Iterator[int]:
    """List the processes that a process started, and those that they started."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            yield int(path.parent.name)
            yield from processes_below(int(path.parent.name))


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run cost: seconds, seconds of processors, the most memory of all its processes at once (MiB), bytes that were read."""

    seconds: float
    busy: float
    peak: float
    read: int


def look_at(process: "subprocess.Popen[str]") -> tuple[float, dict[int, int], dict[int, float]]:
    """Watch a run until it ends: the most memory at once (MiB), and the bytes that each process has read and the seconds it was busy."""
    peak, read, busy = 0.0, dict[int, int](), dict[int, float]()
    while process.poll() is None:
        held = 0.0
        for number in [process.pid, *processes_below(process.pid)]:
            try:
                lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
                held += next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
                read[number] = int(Path(f"/proc/{number}/io").read_text().split()[1])
                fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
                busy[number] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            except (OSError, StopIteration):
                continue
        peak = max(peak, held)
        time.sleep(0.25)
    return peak, read, busy


def run(store: Path, results: Path, memo: Path | str, jobs: int = JOBS, *more: str) -> Cost:
    """Audit a store, and say what that cost."""
    command = [
        sys.executable,
        "-m",
        "inspector",
        "fleet",
        str(store),
        "--results",
        str(results),
        "-j",
        str(jobs),
        "--format",
        "json",
        *more,
    ]
    start = time.perf_counter()
    environment = {**os.environ, "INSPECTOR_MEMO": str(memo)}
    process = subprocess.Popen(command, cwd=TOP, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    peak, read, busy = look_at(process)
    told = json.loads(process.communicate()[0])
    assert told["failed"] == 0, told["reasons"]
    return Cost(time.perf_counter() - start, sum(busy.values()), peak, sum(read.values()))


def bench_counts(top: Path, counts: tuple[int, ...]) -> None:
    """Audit stores of several sizes, cold and warm."""
    print(f"load of the machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors, {JOBS} bundles at once")
    for count in counts:
        store = write_bundles(top / f"store{count}", count)
        time.sleep(2.5)  # what changed a moment ago is not remembered
        for name in ("cold", "warm"):
            cost = run(store, top / f"r{count}", top / f"memo{count}.sqlite", JOBS, "--run", name)
            print(
                f"{count:6,} bundles, {name}: {cost.seconds:7.1f} s, {count / cost.seconds:6.1f}/s; {cost.busy:7.1f} s of processors,"
                f" {1000 * cost.busy / count:6.1f} ms a bundle; {cost.peak:5.0f} MiB in all processes; {cost.read / count / 1000:7.1f} kB a bundle"
            )
        shutil.rmtree(top / f"r{count}")


def bench_fleet(top: Path) -> None:
    """Measure all of it."""
    bench_counts(top, COUNTS)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        bench_counts(Path(directory), tuple(map(int, sys.argv[1:])) or COUNTS)
