"""The process with bounds: what is done in it comes back, and what goes wrong in it costs one answer."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inspector.errors import Exhausted, Malformed, TooLarge
from inspector.isolation import Isolation, run_bounded, take_cuts
from tests import hostile


@pytest.fixture
def isolation() -> Iterator[Isolation]:
    """A process with small bounds, ended after the test."""
    made = Isolation(seconds=2, memory=2**30)
    yield made
    made.close()


def test_what_a_function_gives_comes_back(isolation: Isolation) -> None:
    assert [isolation.run(hostile.count, bytes(size), int) for size in (0, 1, 5 * 2**20)] == [0, 1, 5 * 2**20]


@pytest.mark.parametrize(
    ("work", "data", "reason"),
    [
        (hostile.hang, b"", "its parser did not end within 2 seconds of processor time"),
        (hostile.allocate, b"123", "its parser asked for more than 1024 MiB"),
        (hostile.die, b"", "its parser ended its process (signal 11)"),
    ],
)
def test_a_parser_that_hangs_eats_or_dies_costs_one_answer(
    isolation: Isolation, work: Callable[[bytes], int], data: bytes, reason: str
) -> None:
    with pytest.raises(Exhausted) as raised:
        isolation.run(work, data, int)
    assert str(raised.value) == reason
    assert isolation.run(hostile.count, b"next", int) == 4


def test_a_parser_that_only_waits_is_ended_by_the_clock() -> None:
    isolation = Isolation(seconds=600, patience=1)
    with pytest.raises(Exhausted, match="its parser gave no answer for 1 seconds"):
        isolation.run(hostile.wait, b"", int)
    isolation.close()


def test_a_parser_that_waits_longer_than_it_may_work_gives_its_answer() -> None:
    isolation = Isolation(seconds=1)
    assert isolation.run(hostile.rest, b"3", int) == 1
    isolation.close()


def test_a_task_may_use_its_seconds_however_many_were_done_before() -> None:
    isolation = Isolation(seconds=1)
    assert [isolation.run(hostile.work, b"0.4", int) for _ in range(4)] == [3] * 4
    isolation.close()


def test_what_a_limit_cut_is_noted_in_its_thread_also_where_nobody_passes_it_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.isolation.load_isolation", lambda: Isolation(seconds=0.2))
    take_cuts()
    with pytest.raises(Exhausted):
        run_bounded(hostile.hang, b"", int)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(take_cuts).result() == ()
    assert take_cuts() == ("its parser did not end within 0.2 seconds of processor time",)
    assert take_cuts() == ()


def test_what_a_parser_finds_wrong_is_raised_here(isolation: Isolation) -> None:
    with pytest.raises(Malformed, match="not what it says"):
        isolation.run(hostile.refuse, b"", int)
    with pytest.raises(TooLarge, match="more than a parser reads"):
        isolation.run(hostile.refuse, bytes(10), int)


def test_an_error_that_nobody_thought_of_is_a_bug_with_its_name(isolation: Isolation) -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        isolation.run(hostile.fail, b"", int)


def test_nothing_can_be_written_from_inside(isolation: Isolation, tmp_path: Path) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011  the system may end the process or refuse the call
        isolation.run(hostile.write, os.fsencode(tmp_path / "file"), int)
    assert not (tmp_path / "file").exists() or (tmp_path / "file").read_bytes() == b""


def test_threads_take_turns(isolation: Isolation) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda size: isolation.run(hostile.count, bytes(size), int), range(100))) == list(range(100))
