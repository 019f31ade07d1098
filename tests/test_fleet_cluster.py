"""A fleet on a Dask cluster: a real scheduler and workers on the loopback address, and the same bytes as without.

The cluster and the command that uses it are processes of their own: no socket is opened in this one.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from inspector.errors import ExitCode
from tests import fleets
from tests.test_cli import TOP, run

pytest.importorskip("distributed")
HOST = "127.0.0.1"
WAIT = """
import sys
from distributed import Client
with Client(sys.argv[1], timeout=1200) as client:
    client.wait_for_workers(int(sys.argv[2]), timeout=1200)
"""


@contextmanager
def started(*arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a part of a cluster; end it after the test."""
    nothing = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, "-m", "dask", *arguments], cwd=TOP, stdout=nothing, stderr=nothing)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def cluster(top: Path, workers: int) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """Start a scheduler and workers; give the address and the workers."""
    told = top / "scheduler.json"
    with ExitStack() as stack:
        scheduler = stack.enter_context(
            started("scheduler", "--host", HOST, "--port", "0", "--no-dashboard", "--scheduler-file", str(told))
        )
        # The file is there before it is written; a process that ended will never write it.
        fleets.wait_for(lambda: (told.exists() and told.read_text().strip().endswith("}")) or scheduler.poll() is not None)
        assert scheduler.poll() is None, "the scheduler ended"
        address = json.loads(told.read_text())["address"]
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", HOST, "--local-directory", str(top))
        made = [stack.enter_context(started("worker", address, *options)) for _ in range(workers)]
        # Their directories are there before they are known to the scheduler: it is asked, by a process of its own.
        subprocess.run([sys.executable, "-c", WAIT, address, str(workers)], cwd=TOP, check=True)
        yield address, made


def audit_and_kill(store: Path, top: Path) -> bool:
    """Audit a store on a cluster, and kill a worker after some bundles; say whether bundles were left then."""
    with cluster(top, 2) as (address, workers):
        command = [sys.executable, "-m", "inspector", "fleet", str(store), "--results", str(top / "r"), "--run", "one"]
        asked = subprocess.Popen([*command, "--scheduler", address], cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        fleets.wait_for(lambda: len(fleets.journal_of(top / "r")) >= 3 or asked.poll() is not None)
        workers[0].send_signal(signal.SIGKILL)
        left = len(fleets.journal_of(top / "r")) < 24
        out, err = asked.communicate(timeout=1200)
    assert (asked.returncode, fleets.without_pace(err)) == (ExitCode.DONE, ""), out
    return left


def test_a_cluster_gives_the_same_bytes_also_when_a_worker_is_killed_in_the_middle(tmp_path: Path) -> None:
    store = fleets.write_store(tmp_path / "store", 24)
    assert run("fleet", store, "--results", tmp_path / "local", "--run", "one", "-j", "2").returncode == ExitCode.DONE
    in_the_middle, turn = False, 0
    while not in_the_middle:  # where the machine did not let us look, the run may be over before the worker is killed
        turn += 1
        top = tmp_path / str(turn)
        top.mkdir()
        in_the_middle = audit_and_kill(store, top)
        assert fleets.results_of(top / "r") == fleets.results_of(tmp_path / "local")


LOGS = """
import logging, distributed, distributed.client, distributed.comm.tcp
from inspector.fleet.executors import _silence
_silence("distributed")
logging.getLogger("distributed.client").warning("a key is gathered again")
logging.getLogger("distributed.comm.tcp").error("a worker is gone")
"""


def test_what_dask_tells_itself_is_not_told_to_the_user() -> None:
    done = subprocess.run([sys.executable, "-c", LOGS], cwd=TOP, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_scheduler_that_is_not_there_is_wrong_usage_and_the_run_can_go_on(tmp_path: Path) -> None:
    store = fleets.write_store(tmp_path / "store", 1)
    done = run("fleet", store, "--results", tmp_path / "r", "--scheduler", f"tcp://{HOST}:1")
    assert done.returncode == ExitCode.USAGE
    assert done.stderr.startswith(f"inspector: --scheduler tcp://{HOST}:1: it cannot be reached: ")
    assert done.stderr.count("\n") == 1
    assert run("fleet", store, "--results", tmp_path / "r").returncode == ExitCode.DONE
