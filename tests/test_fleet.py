"""Many bundles at once: each costs at most itself, a run that ends goes on, and every report is the one that a single audit gives."""

import json
import os
import random
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import ParamSpec, TypedDict, TypeVar, Unpack

import pytest

from inspector.errors import ExitCode, UsageError
from inspector.fleet import drive as driving
from inspector.fleet.guard import close_guards
from inspector.fleet.journal import Journal
from inspector.fleet.order import Order, Settings
from inspector.fleet.pace import tell_pace
from inspector.fleet.plan import Shard, find_fleet, read_shard
from inspector.fleet.query import ask
from inspector.fleet.run import Request, Result, run_fleet
from tests import fleets, make
from tests.test_cli import TOP, run
from tests.test_store import GGUF, hub

P = ParamSpec("P")
T = TypeVar("T")
NOW = "2026-01-31T00:00:00Z"
KILLS = int(os.environ.get("FLEET_KILLS", "3"))


class More(TypedDict, total=False):
    """What else can be asked for."""

    run: str
    started: str
    jobs: int
    shard: Shard
    scheduler: str
    retry: bool


def request(store: Path, results: Path, settings: Settings | None = None, **more: Unpack[More]) -> Request:
    """Ask for a run named `one` by one process."""
    given: More = {"run": "one", "started": NOW, "jobs": 1, **more}
    return Request(stores=(str(store),), results=results, settings=settings or Settings(), **given)


def audit_all(asked: Request, said: list[str] | None = None) -> Result:
    """Run a fleet from this process."""
    return run_fleet(asked, (said if said is not None else []).append, lambda *_: None)


def test_every_report_is_the_one_that_a_single_audit_writes(tmp_path: Path) -> None:
    store = fleets.write_store(tmp_path / "store", 3)
    odd = next(store.rglob("model00002"))
    odd.rename(odd.with_name("model\u202e00002"))
    done = run("fleet", store, "--results", tmp_path / "r", "-j", "2")
    assert (done.returncode, fleets.without_pace(done.stderr)) == (ExitCode.DONE, "")
    rows = ask(tmp_path / "r", "SELECT path, bundle FROM bundles ORDER BY path").rows
    assert [Path(str(path)).name for path, _ in rows] == ["model00000", "model00001", "model\\u202e00002"]
    for path, bundle in rows:
        alone = run("audit", str(path).replace("\\u202e", "\u202e"), "--format", "json").stdout
        assert (tmp_path / "r" / "reports" / f"{bundle}.json").read_text() == alone


@pytest.mark.usefixtures("dying")
def test_bundles_that_kill_their_process_cost_only_themselves(tmp_path: Path) -> None:
    store = fleets.write_store(tmp_path / "store", 8)
    for name in ("deadly1", "deadly2"):
        make.tree(store / "owner1" / name, {"config.json": "{}", "model.safetensors": b"x"})
    result = audit_all(request(store, tmp_path / "r"))
    assert (result.tally.bundles, result.tally.failed) == (10, 2)
    rows = ask(tmp_path / "r", "SELECT name, status, reason FROM bundles WHERE status = 'failed' ORDER BY name").rows
    assert rows == tuple((name, "failed", "the process that read it ended (signal 9)") for name in ("deadly1", "deadly2"))


def test_a_bundle_that_takes_too_long_is_a_row_with_that_reason(tmp_path: Path) -> None:
    store = fleets.write_store(tmp_path / "store", 2)
    result = audit_all(request(store, tmp_path / "r", settings=Settings(seconds=0.001), jobs=1))
    assert set(result.tally.reasons) == {"it was not done after 0 seconds of processor time"}
    assert result.tally.failed == 2
    said: list[str] = []
    assert audit_all(request(store, tmp_path / "r", jobs=1), said).tally.failed == 2
    assert audit_all(request(store, tmp_path / "r", jobs=1, retry=True), said).tally.failed == 0
    assert said == ["the run one goes on: 2 of 2 bundles are done"]


def test_what_cannot_be_audited_is_a_row_with_the_reason_of_a_single_audit(tmp_path: Path) -> None:
    store = fleets.write_store(tmp_path / "store", 2)
    make.tree(store / "owner1", {"broken.zip": b"PK\x03\x04" + bytes(40)})
    done = run("fleet", store, "--results", tmp_path / "r", "--format", "json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["bundles"], told["failed"] + told["partly_unread"]) == (
        ExitCode.UNREADABLE if told["failed"] else 0,
        3,
        1,
    )


def test_texts_are_identified_by_one_process_for_all(tmp_path: Path) -> None:
    store = fleets.write_store(tmp_path / "store", 4)
    for place, top in enumerate(sorted(store.glob("*/*"))):
        make.tree(top, {"LICENSE": f"Use is allowed for number {place // 2} of the laboratory only. Redistribution is not permitted.\n"})
    audit_all(request(store, tmp_path / "r", jobs=2))
    for path, bundle in ask(tmp_path / "r", "SELECT path, bundle FROM bundles").rows[:1]:
        assert (tmp_path / "r" / "reports" / f"{bundle}.json").read_text() == run("audit", str(path), "--format", "json").stdout


def test_a_second_run_over_the_same_store_writes_no_report_again_and_says_what_changed(tmp_path: Path) -> None:
    store = fleets.write_store(tmp_path / "store", 4)
    audit_all(request(store, tmp_path / "r"))
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "r" / "reports").iterdir()}
    make.tree(store / "owner0" / "model00000", {"README.md": "---\nlicense: llama2\n---\n# Other\n"})
    fleets.write_store(store, 1, first=4)
    audit_all(request(store, tmp_path / "r", run="two", started="2026-02-01T00:00:00Z"))
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "r" / "reports").iterdir()}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 2
    done = run("query", tmp_path / "r", "--changed-since", "one", "--format", "csv")
    lines = [line.split(",")[:2] for line in done.stdout.splitlines()]
    assert lines == [["place", "changed"], ["store/owner0/model00000", "files"], ["store/owner1/model00004", "new"]]


def test_shards_divide_the_bundles_and_together_they_are_the_run(tmp_path: Path) -> None:
    store = fleets.write_store(tmp_path / "store", 9)
    parts = [find_fleet((str(store),), Shard(number, 3)).orders for number in (1, 2, 3)]
    assert sorted(order for part in parts for order in part) == list(find_fleet((str(store),)).orders)
    for number in (1, 2, 3):
        audit_all(request(store, tmp_path / "sharded", shard=Shard(number, 3)))
        if number < 3:
            with pytest.raises(UsageError, match="its runs are not complete"):
                ask(tmp_path / "sharded", "SELECT 1")
    audit_all(request(store, tmp_path / "whole"))
    told = "SELECT * FROM bundles ORDER BY path"
    assert ask(tmp_path / "sharded", told).rows == ask(tmp_path / "whole", told).rows
    reports = [
        {name: digest for name, digest in fleets.results_of(tmp_path / each).items() if "reports" in name} for each in ("sharded", "whole")
    ]
    assert reports[0] == reports[1]


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "1/0", ""])
def test_a_shard_that_is_none_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="write k/n"):
        read_shard(text)


def test_a_run_is_not_continued_with_other_options(tmp_path: Path) -> None:
    store = fleets.write_store(tmp_path / "store", 1)
    audit_all(request(store, tmp_path / "r"))
    with pytest.raises(UsageError, match="was begun with other stores or options"):
        audit_all(request(store, tmp_path / "r", settings=Settings(standards=("mof",))))


def test_a_run_that_is_killed_at_any_moment_goes_on_with_nothing_lost_and_nothing_twice(tmp_path: Path) -> None:
    store, whole, results = fleets.write_store(tmp_path / "store", 24), tmp_path / "whole", tmp_path / "r"
    audit_all(request(store, whole, run="killed"))
    expected, kills, number = fleets.results_of(whole), 0, 0
    chance = random.Random(KILLS)  # noqa: S311  moments to kill at
    while kills < KILLS or not Journal(results, f"killed{number}").is_whole():
        number += Journal(results, f"killed{number}").is_whole()
        before = len(fleets.journal_of(results, f"killed{number}"))
        command = [sys.executable, "-m", "inspector", "fleet", str(store), "--results", str(results), "-j", "2", "--run", f"killed{number}"]
        started = subprocess.Popen(command, cwd=TOP, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        aim, late = before + chance.randint(0, 12), time.monotonic() + chance.uniform(0.5, 5)
        while kills < KILLS and started.poll() is None and len(fleets.journal_of(results, f"killed{number}")) < aim:
            if before + 12 >= 24 and time.monotonic() > late:  # near the end: while the tables are written, or before
                break
            time.sleep(0.01)
        if kills < KILLS:
            time.sleep(chance.uniform(0, 0.5))
            started.kill()
        kills += started.wait() == -signal.SIGKILL
    for each in range(number + 1):
        given = {
            name.replace(f"run=killed{each}/", "run=killed/"): digest
            for name, digest in fleets.results_of(results, f"killed{each}").items()
        }
        assert given == expected


def test_an_entry_that_was_cut_short_or_lost_its_report_is_audited_again(tmp_path: Path) -> None:
    store = fleets.write_store(tmp_path / "store", 4)
    audit_all(request(store, tmp_path / "r"))
    whole = fleets.results_of(tmp_path / "r")
    one, other, *_ = sorted((tmp_path / "r" / "runs" / "one" / "journal").iterdir())
    one.write_bytes(one.read_bytes()[:40])
    (tmp_path / "r" / "reports" / f"{json.loads(other.read_bytes())['id']}.json").write_bytes(b"{")
    said: list[str] = []
    audit_all(request(store, tmp_path / "r"), said)
    assert said == ["the run one goes on: 2 of 4 bundles are done"]
    assert fleets.results_of(tmp_path / "r") == whole


class Losing(ThreadPoolExecutor):
    """An executor that loses the worker of every chunk with a certain bundle."""

    def __init__(self, error: Exception) -> None:
        super().__init__(1, initializer=None)
        self.error = error

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        if any(isinstance(item, bytes) and b"deadly" in item for item in args):
            future = Future[T]()
            future.set_exception(self.error)
            return future
        return super().submit(fn, *args, **kwargs)


class KilledWorker(Exception):
    """What Dask says of a task that ended its workers."""


@pytest.mark.parametrize("error", [BrokenExecutor(), KilledWorker()])
def test_a_chunk_that_loses_its_worker_is_tried_one_bundle_at_a_time(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driving, "divide", lambda orders, _: iter([orders]))
    told: dict[str, str] = {}
    with Losing(error) as executor:
        orders = [Order(name) for name in ("/nowhere/a", "/nowhere/deadly", "/nowhere/z")]
        driving.drive(orders, Settings(), executor, 1, lambda order, outcome: told.update({order.path: outcome.reason}))
    close_guards()
    assert told == {
        "/nowhere/a": "/nowhere/a: there is no such file or directory",
        "/nowhere/deadly": "the worker that read it was lost, several times",
        "/nowhere/z": "/nowhere/z: there is no such file or directory",
    }


def test_an_executor_that_fails_ends_the_run_and_blames_no_bundle() -> None:
    told: list[Order] = []
    with Losing(OSError("gone")) as executor, pytest.raises(UsageError, match="the executor failed: OSError: gone; what is done is kept"):
        driving.drive([Order("/nowhere/deadly")], Settings(), executor, 1, lambda order, _: told.append(order))
    assert told == []


def test_no_two_bundles_are_one_and_stores_that_overlap_are_read_once(tmp_path: Path) -> None:
    store = fleets.write_store(tmp_path / "store", 3)
    both = find_fleet((str(store), str(store / "owner0")))
    assert [Path(order.path).name for order in both.orders] == ["model00000", "model00001", "model00002"]
    with pytest.raises(UsageError, match="there is no such file or directory"):
        find_fleet((str(tmp_path / "none"),))


def test_bundles_of_caches_and_stores_are_read_by_their_layouts(tmp_path: Path) -> None:
    store = tmp_path / "store"
    hub(store / "hub", "a/one", "1" * 40)
    hub(store / "hub", "b/two", "2" * 40, "3" * 40)
    digest = sha256(GGUF).hexdigest()
    manifest = json.dumps({"layers": [{"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}"}]})
    make.tree(store / "ollama", {"manifests/r.example/library/c/7b": manifest, f"blobs/sha256-{digest}": GGUF})
    with tarfile.open(store / "packed.tar", "w") as archive:
        archive.add(fleets.write_store(tmp_path / "other", 1) / "owner0" / "model00000", "model")
    assert audit_all(request(store, tmp_path / "r")).tally.failed == 0
    rows = ask(tmp_path / "r", "SELECT name, layout, revision, files FROM bundles ORDER BY name").rows
    assert rows == (
        ("a/one", "hub-cache", "1" * 40, 2),
        ("b/two@222222222222", "hub-cache", "2" * 40, 2),
        ("b/two@333333333333", "hub-cache", "3" * 40, 2),
        ("packed.tar", "archive", "", 3),
        ("r.example/library/c/7b", "ollama", "", 2),
    )


@pytest.mark.parametrize(
    ("done", "total", "failed", "seconds", "told"),
    [
        (0, 10_000, 0, 0.0, "0 of 10,000 bundles"),
        (412, 10_000, 3, 33.2, "412 of 10,000 bundles, 3 failed, 12.4/s, 12 min 53 s left"),
        (2, 10_000, 0, 20.0, "2 of 10,000 bundles, 6.0/min, 1 d 3 h left"),
        (1, 2, 0, 7000.0, "1 of 2 bundles, 0.5/h, 1 h 56 min left"),
        (2, 2, 0, 7.0, "2 of 2 bundles"),
    ],
)
def test_progress_tells_the_rate_and_the_time_that_is_left(done: int, total: int, failed: int, seconds: float, told: str) -> None:
    assert tell_pace(done, total, failed, seconds) == told


def test_files_that_killed_writers_left_are_removed_once_they_are_old(tmp_path: Path) -> None:
    store = fleets.write_store(tmp_path / "store", 1)
    audit_all(request(store, tmp_path / "r"))
    old, new = (tmp_path / "r" / "reports" / name for name in (".a.json.1.tmp", ".b.json.2.tmp"))
    make.tree(tmp_path / "r" / "reports", {old.name: "{", new.name: "{"})
    os.utime(old, (1, 1))
    audit_all(request(store, tmp_path / "r"))
    assert (old.exists(), new.exists()) == (False, True)


def test_an_audit_imports_nothing_of_the_fleet(tmp_path: Path) -> None:
    make.tree(tmp_path / "b", {"README.md": "# x\n"})
    script = (
        "import sys; from inspector.cli import app; app(['audit', sys.argv[1]], standalone_mode=False);"
        "print([name for name in sys.modules if name.split('.')[0] in {'pyarrow', 'duckdb', 'dask', 'distributed', 'fsspec'}"
        " or name.startswith('inspector.fleet')], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script, tmp_path / "b"], capture_output=True, text=True, cwd=TOP, check=True)
    assert done.stderr == "[]\n"


@pytest.mark.parametrize(("library", "command"), [("pyarrow.parquet", "fleet"), ("duckdb", "query"), ("distributed", "fleet")])
def test_without_its_libraries_one_line_says_how_to_get_them(library: str, command: str, tmp_path: Path) -> None:
    fleets.write_store(tmp_path / "store", 1)
    arguments = {
        "fleet": ["fleet", str(tmp_path / "store"), "--results", str(tmp_path / "r")],
        "query": ["query", str(tmp_path), "--terms"],
    }[command]
    arguments += ["--scheduler", "tcp://127.0.0.1:1"] if library == "distributed" else []
    script = (
        f"import sys; sys.modules[{library!r}] = None; from inspector.cli import main; sys.argv = {['inspector', *arguments]!r}; main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=TOP, check=False)
    assert done.returncode == ExitCode.USAGE
    assert done.stderr.startswith("inspector: ")
    assert done.stderr.endswith("which is not installed: pip install 'preferred-form[fleet]'\n")
