"""Measure what a Dask cluster adds to a fleet: a task, a chunk of bundles there and back, and a whole run against local processes.

A scheduler, a worker and the command on one machine, over the loopback address. A part of `make bench`.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, wait
from functools import partial
from pathlib import Path

from inspector.fleet.extra import load_extra
from tests.bench_fleet import JOBS, run, write_bundles

TASKS, WINDOW = 500, 4
REPORT, CHUNK = 33_000, 16
COUNTS = (100, 500)
TURNS = 3


def echo(size: int) -> bytes:
    """Do nothing, and give so many bytes: a task that is all overhead."""
    return bytes(size)


def seconds_a_task(executor: Executor, size: int, count: int) -> float:
    """Send tasks as a fleet does, a few at a time, and give the seconds of one."""
    start, running = time.perf_counter(), {executor.submit(echo, size) for _ in range(WINDOW)}
    left = count - WINDOW
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            assert len(future.result()) == size
            if left > 0:
                running.add(executor.submit(echo, size))
                left -= 1
    return (time.perf_counter() - start) / count


def best(work: Callable[[], float]) -> float:
    """Give the least of some turns: what others do on the machine makes it longer only."""
    return min(work() for _ in range(TURNS))


def bench_cluster(top: Path) -> None:
    """Measure tasks, then runs: what a bundle more costs is what the sizes differ by, without the start."""
    distributed = load_extra("distributed", "this measurement")

    made = {"n_workers": 1, "threads_per_worker": JOBS, "host": "127.0.0.1", "dashboard_address": None}
    with distributed.LocalCluster(**made) as cluster, distributed.Client(cluster) as client:
        executor = client.get_executor(pure=False)
        seconds_a_task(executor, 1, 100)
        for what, size in (("nothing", 1), (f"the reports of {CHUNK} bundles", REPORT * CHUNK)):
            start = time.process_time()
            seconds = best(partial(seconds_a_task, executor, size, TASKS))
            busy = (time.process_time() - start) / TASKS / TURNS  # of the scheduler and of whoever asks it, which are this process
            print(f"a task of Dask that gives {what}: {1000 * seconds:.2f} ms, {1000 * busy:.2f} ms of processors")
        stores = {count: write_bundles(top / f"store{count}", count) for count in COUNTS}
        time.sleep(2.5)
        for count, store in stores.items():
            run(store, top / "r", top / "memo.sqlite", JOBS, "--run", f"cold{count}")
        took: dict[str, list[float]] = {"local processes": [], "a cluster": []}
        for turn in range(TURNS):
            for name, times in took.items():
                more = ("--scheduler", cluster.scheduler_address) if name == "a cluster" else ()
                walls = []
                for count, store in stores.items():
                    cost = run(store, top / "r", top / "memo.sqlite", JOBS, "--run", f"{name.replace(' ', '-')}{turn}-{count}", *more)
                    walls.append(cost.seconds)
                times.append((walls[1] - walls[0]) / (COUNTS[1] - COUNTS[0]))
                print(f"{name}: {walls[0]:.1f} s for {COUNTS[0]}, {walls[1]:.1f} s for {COUNTS[1]}")
        ours, theirs = (statistics.median(times) for times in took.values())
        print(
            f"a bundle more, warm: {1000 * ours:.1f} ms with local processes, {1000 * theirs:.1f} ms on a cluster; rate {ours / theirs:.2f} x"
        )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as directory:
        bench_cluster(Path(directory))
