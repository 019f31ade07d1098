"""The memo when things go wrong: many processes at once, one that is killed, files cut off, older ones, no room. Never a failure, and begun again."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inspector import inspect, judge
from inspector.bundle import Entry
from inspector.memo import SCHEMA, Memo
from inspector.model import RootRecord
from inspector.reading import Record
from inspector.render import render
from inspector.tables import fingerprint, list_detector_packages
from tests import make

TOP = Path(__file__).parent.parent
WRITER = """
import sys
from pathlib import Path
from inspector.bundle import Entry
from inspector.memo import Memo
from inspector.model import RootRecord
from inspector.reading import Record
memo, start, count, rounds, size = Path(sys.argv[1]), *map(int, sys.argv[2:])
record = Record(size=1, format="x" * size, evidence=(), issues=(), problems=())
print("ready", flush=True)
for turn in range(rounds):
    with Memo(memo) as known:
        for number in range(start + turn * count, start + (turn + 1) * count):
            known.keep(Entry(RootRecord(name="r"), f"{number:06}", b"", 1, (1, number, 1, 0, 0)), record, f"{number:064}")
print("done", flush=True)
"""


def entry(number: int) -> Entry:
    return Entry(RootRecord(name="r"), f"{number:06}", b"", 1, (1, number, 1, 0, 0))


def writer(memo: Path, start: int, count: int, rounds: int = 1, size: int = 100) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, str(memo), *map(str, (start, count, rounds, size))]
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def fill(memo: Path, count: int = 300, size: int = 400) -> None:
    record = Record(size=1, format="x" * size, evidence=(), issues=(), problems=())
    with Memo(memo) as known:
        for number in range(count):
            known.keep(entry(number), record, f"{number:064}")


def remembered(memo: Path, numbers: range) -> int:
    with Memo(memo) as known:
        return sum(
            known.find_digest(entry(number)) is not None and known.recall(entry(number), f"{number:064}") is not None for number in numbers
        )


def works(memo: Path) -> bool:
    """Say whether a memo keeps something."""
    fill(memo, 5)
    return remembered(memo, range(5)) == 5


def test_eight_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    writers = [writer(tmp_path / "memo", 100 * number, 50, rounds=2) for number in range(8)]
    told = [process.communicate(timeout=1200) for process in writers]
    assert [(out, error) for out, error in told] == [("ready\ndone\n", "")] * 8
    assert remembered(tmp_path / "memo", range(800)) == 800


def test_a_process_that_is_killed_while_it_writes_costs_no_more_than_what_it_wrote(tmp_path: Path) -> None:
    fill(tmp_path / "memo", 50)
    chance = random.Random(7)  # noqa: S311  the same moments every time
    for number in range(6):
        process = writer(tmp_path / "memo", 1000 * (number + 1), 20, rounds=10_000, size=20_000)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.0, 0.3))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    with sqlite3.connect(tmp_path / "memo") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    assert remembered(tmp_path / "memo", range(50)) == 50
    assert not (tmp_path / "memo.broken").exists()


@pytest.mark.parametrize("part", [0.001, 0.1, 0.35, 0.5, 0.75, 0.999])
def test_a_memo_that_is_cut_off_is_begun_again(part: float, tmp_path: Path) -> None:
    memo = tmp_path / "memo"
    fill(memo)
    data = memo.read_bytes()
    memo.write_bytes(data[: int(len(data) * part)])
    with Memo(memo) as known:
        for number in range(300):
            known.find_digest(entry(number))
            known.recall(entry(number), f"{number:064}")
    assert works(memo)


@pytest.mark.parametrize("seed", range(8))
def test_a_memo_with_changed_bytes_is_never_a_failure_and_gives_no_other_answers(seed: int, tmp_path: Path) -> None:
    memo, chance = tmp_path / "memo", random.Random(seed)  # noqa: S311  the same damage every time
    fill(memo)
    data = bytearray(memo.read_bytes())
    for _ in range(40):
        data[chance.randrange(4096, len(data))] = chance.randrange(256)
    memo.write_bytes(data)
    with Memo(memo) as known:
        for number in range(300):
            record = known.recall(entry(number), f"{number:064}")
            assert record is None or record.format == "x" * 400
            assert known.find_digest(entry(number)) in {None, f"{number:064}"}
    assert works(memo) or works(memo)


def test_a_memo_of_the_schema_before_is_set_aside_and_begun_again(tmp_path: Path) -> None:
    memo = tmp_path / "memo"
    with sqlite3.connect(memo) as database:
        database.executescript("CREATE TABLE digests (identity BLOB PRIMARY KEY, sha256 TEXT, used INTEGER); PRAGMA user_version = 1;")
    database.close()
    assert works(memo)
    assert (tmp_path / "memo.broken").exists()
    with sqlite3.connect(memo) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
    database.close()


def test_a_memo_that_says_it_is_ours_and_has_other_columns_is_set_aside(tmp_path: Path) -> None:
    memo = tmp_path / "memo"
    with sqlite3.connect(memo) as database:
        database.executescript(f"CREATE TABLE digests (identity BLOB); CREATE TABLE records (key BLOB); PRAGMA user_version = {SCHEMA};")
    database.close()
    assert works(memo)


def test_a_disk_without_room_is_no_failure(tmp_path: Path) -> None:
    memo = tmp_path / "memo"
    fill(memo, 20)
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n{WRITER}"
    command = [sys.executable, "-c", limited, str(memo), "1000", "500", "2", "2000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(TOP)})
    assert (done.stdout, done.stderr) == ("ready\ndone\n", "")
    assert remembered(memo, range(20)) == 20
    assert works(memo)


@pytest.mark.parametrize("place", ["in the way/memo", "directory", "/proc/self/none/memo"])
def test_a_place_that_cannot_be_written_is_done_without(place: str, tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("a file")
    (tmp_path / "directory").mkdir()
    top = make.tree(tmp_path / "bundle", {"README.md": "# A\n"})
    with Memo(tmp_path / place) as known:
        found = inspect([top], memo=known)
    assert render(judge(found)) == render(judge(inspect([top])))
    assert known.stats().records == 0


def test_a_directory_in_which_nothing_may_be_set_aside_is_no_failure(tmp_path: Path) -> None:
    memo = tmp_path / "memo"
    memo.write_bytes(b"no database at all, but long enough to be looked at" * 100)
    (tmp_path / "memo.broken").mkdir()
    make.tree(tmp_path / "memo.broken", {"x": "in the way"})
    with Memo(memo) as known:
        assert known.recall(entry(1), None) is None


def test_digests_are_within_the_bound_too(tmp_path: Path) -> None:
    memo = tmp_path / "memo"
    fill(memo, 3000, size=1)
    with sqlite3.connect(memo) as database:
        database.execute("UPDATE digests SET used = 1")
    database.close()
    with Memo(memo, largest=120_000) as known:
        known.keep(entry(9000), Record(size=1, format="x", evidence=(), issues=(), problems=()), f"{9000:064}")
    with Memo(memo) as known:
        assert known.stats().digests <= 1000
        assert known.find_digest(entry(9000)) is not None


def test_what_was_used_today_goes_last(tmp_path: Path) -> None:
    memo = tmp_path / "memo"
    fill(memo, 100, size=1000)
    with sqlite3.connect(memo) as database:
        database.execute("UPDATE records SET used = 1")
        database.execute("UPDATE digests SET used = 1")
    database.close()
    assert remembered(memo, range(10)) == 10
    with Memo(memo, largest=40_000) as known:
        known.keep(entry(9000), Record(size=1, format="x", evidence=(), issues=(), problems=()), f"{9000:064}")
    assert remembered(memo, range(10)) == 10
    assert remembered(memo, range(10, 100)) < 30


def test_the_fingerprint_knows_the_program_its_packages_and_its_detectors(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ours = fingerprint()
    fingerprint.cache_clear()
    assert fingerprint() == ours
    assert "detectors" in list_detector_packages()
    (tmp_path / "scancode_toolkit-99.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    fingerprint.cache_clear()
    other = fingerprint()
    monkeypatch.undo()
    fingerprint.cache_clear()
    assert (other != ours, fingerprint()) == (True, ours)


def test_the_fingerprint_counts_what_stands_in_a_detector_and_not_when_it_was_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make.tree(tmp_path / "made_detectors", {"__init__.py": "", "one.py": "A = 1\n"})
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("inspector.tables.list_detector_packages", lambda: ("made_detectors",))

    def now() -> str:
        fingerprint.cache_clear()
        return fingerprint()

    first = now()
    os.utime(tmp_path / "made_detectors" / "one.py", (1_000_000_000, 1_000_000_000))
    assert now() == first
    make.tree(tmp_path / "made_detectors", {"one.py": "A = 2\n"})
    assert now() != first
    monkeypatch.undo()
    fingerprint.cache_clear()
