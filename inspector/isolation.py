"""Parsers of hostile formats, run in a process with bounds on memory and time: one that dies or hangs costs one problem on one file.

The process can write no file, keeps no core, and is replaced after every failure. It is started when the first file needs it. What a limit cut in a
thread is noted in that thread, also where whoever asked goes on without the answer: the report tells it, and what was read is not remembered.
"""

import atexit
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from threading import RLock, local
from typing import TypeVar

import msgspec

from inspector.child import Child, Patience, allow_work, bound_memory, can_start, name_end, ran_out, read_message, wait_for, write_message
from inspector.decoding import decode_msgpack
from inspector.errors import Exhausted, Malformed, TooLarge

SECONDS = 30.0
MEMORY = 1536 * 2**20
MOST_TASKS = 500
Result = TypeVar("Result")


class Task(msgspec.Struct, frozen=True, array_like=True):
    """A function of ours by its name, and the bytes it is to read."""

    module: str
    function: str
    data: bytes


class Bounds(msgspec.Struct, frozen=True, array_like=True):
    """Bytes of addresses that the process may have, and seconds of the processor's time that a task may take."""

    memory: int
    seconds: float


class Done(msgspec.Struct, frozen=True, array_like=True):
    """What came of a task: its result in MessagePack, or the reason why there is none.

    `kind` is `done`, `malformed`, `large`, `exhausted`, `memory` or `bug`.
    """

    kind: str
    result: bytes = b""
    reason: str = ""


class Isolation:
    """One process that does one task after the other; callers in other threads wait for their turn.

    A task may take so many seconds of the processor's time, and (where it waits in place of working) so many on the clock.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY, patience: float = 0.0) -> None:
        self._seconds, self._memory, self._patience = seconds, memory, patience or wait_for(seconds)
        self._child: Child | None = None
        self._tasks = 0
        self._lock = RLock()

    def run(self, work: Callable[[bytes], Result], data: bytes, kind: type[Result]) -> Result:
        """Run a pure function of a module over bytes; its result is of a type that MessagePack can carry.

        Raises Malformed and TooLarge as the function does, Exhausted when it takes more than its seconds or its bytes of memory, or ends its process.
        """
        message = msgspec.msgpack.encode(Task(work.__module__, work.__name__, data))
        with self._lock:
            done = self._ask(message) if can_start() else perform(message)
        if done.kind == "done":
            return decode_msgpack(done.result, kind)
        if done.kind == "memory":
            raise Exhausted(f"its parser asked for more than {self._memory // 2**20} MiB")
        raise {"malformed": Malformed, "large": TooLarge, "exhausted": Exhausted}.get(done.kind, RuntimeError)(done.reason)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            if self._child is not None:
                self._child.close()
                self._child = None

    def _ask(self, message: bytes) -> Done:
        if self._tasks >= MOST_TASKS:
            self.close()
        if self._child is None:
            self._child, self._tasks = Child("inspector.isolation:serve"), 0
            self._child.send(msgspec.msgpack.encode(Bounds(self._memory, self._seconds)))
            atexit.register(self.close)
        self._tasks += 1
        child = self._child
        with Patience(child, self._patience) as patience:
            answer = child.receive() if child.send(message) else None
        if answer is None:
            self._child = None
            raise Exhausted(f"its parser {self._name_end(child.wait(), is_over=patience.is_over)}")
        return decode_msgpack(answer, Done)

    def _name_end(self, code: int, *, is_over: bool) -> str:
        if ran_out(code):
            return f"did not end within {self._seconds:g} seconds of processor time"
        return f"gave no answer for {self._patience:g} seconds" if is_over else f"ended its process ({name_end(code)})"


@cache
def load_isolation() -> Isolation:
    """Give the one isolated process of this one."""
    return Isolation()


def run_bounded(work: Callable[[bytes], Result], data: bytes, kind: type[Result]) -> Result:
    """Run a pure function over bytes in the isolated process, as `Isolation.run` does.

    It may take 30 seconds of the processor's time and 1.5 GiB of addresses.
    """
    try:
        return load_isolation().run(work, data, kind)
    except Exhausted as error:
        _note_cut(str(error))
        raise


def run_contained(work: Callable[[bytes], Result], data: bytes, kind: type[Result]) -> Result:
    """Run a function over bytes where a crash costs one file only: here in a process that reads files, else in the isolated one.

    Raises as `Isolation.run` does.
    """
    if not _contained:
        return run_bounded(work, data, kind)
    try:
        return work(data)
    except Exhausted as error:
        _note_cut(str(error))
        raise


def take_cuts() -> tuple[str, ...]:
    """Give the reasons of what limits cut in this thread since the last time."""
    cuts: list[str] = getattr(_here, "cuts", [])
    _here.cuts = []
    return tuple(dict.fromkeys(cuts))


def _note_cut(reason: str) -> None:
    _here.cuts = [*getattr(_here, "cuts", []), reason]


def mark_contained() -> None:
    """Say that this process is one that reads files, and whose end costs one file."""
    _contained.append(True)


_contained: list[bool] = []
_here = local()


def serve() -> None:
    """Do tasks from the standard input until it ends; the first message are the bounds."""
    if (first := read_message(sys.stdin.buffer)) is None:
        return
    bounds = decode_msgpack(first, Bounds)
    bound_memory(bounds.memory)
    while (message := read_message(sys.stdin.buffer)) is not None:
        allow_work(bounds.seconds)
        done = perform(message)
        allow_work(0)
        write_message(sys.stdout.buffer, msgspec.msgpack.encode(done))


def perform(message: bytes) -> Done:
    """Do one task; what goes wrong is part of the answer."""
    try:
        task = decode_msgpack(message, Task)
        work: Callable[[bytes], object] = getattr(import_module(task.module), task.function)
        return Done("done", msgspec.msgpack.encode(work(task.data)))
    except Exhausted as error:
        return Done("exhausted", reason=str(error))
    except TooLarge as error:
        return Done("large", reason=str(error))
    except Malformed as error:
        return Done("malformed", reason=str(error))
    except (MemoryError, RecursionError):
        return Done("memory")
    except Exception as error:  # noqa: BLE001  the process that asked decides what becomes of it
        return Done("bug", reason=f"{type(error).__name__}: {error}")
