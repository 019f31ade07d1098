"""Measure an audit of a bundle that did not change: a part of `make bench`."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from sample_bundles.build import all_systems, build

RUNS = 7
START = "import inspector.cli, inspector.audit, inspector.render; from inspector.registry import load_registry; load_registry()"


def seconds(*arguments: str, **environment: str) -> float:
    """Give the median time of a process of Python, in seconds, after a warm-up."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=False, stdout=subprocess.DEVNULL, env={**os.environ, **environment})
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def bench_memo(top: Path) -> None:
    """A whole system (weights, code, data) that is remembered, as a process: beyond Python itself, and beyond the program's own modules."""
    (system,) = (item for item in all_systems() if item.name == "olmo")
    place = build(system, top)
    time.sleep(3)  # the memo keeps nothing of files that have just changed
    audit = ("-m", "inspector", "audit", *(str(place / root.name) for root in system.roots))
    bare, loaded = seconds("-c", "pass"), seconds("-c", START)
    known, read = seconds(*audit, INSPECTOR_MEMO=str(top / "memo")), seconds(*audit, INSPECTOR_MEMO="off")
    print(f"{'an unchanged bundle, beyond the start of Python':62} {known - bare:9.4f} s {'':22}  under 0.5 s")
    print(f"{'the same, beyond the start and the modules of the program':62} {known - loaded:9.4f} s")
    print(f"{'the same bundle with nothing remembered, beyond Python':62} {read - bare:9.4f} s")
