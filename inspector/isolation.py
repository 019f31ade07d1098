"""Parsers of hostile formats, run in a process with bounds on memory and time: one that dies or hangs costs one problem on one file.

The process can write no file, keeps no core, and is replaced after every failure. It is started when the first file needs it.
"""

import atexit
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from threading import RLock, Timer
from typing import TypeVar

import msgspec

from inspector.child import Child, bound_memory, can_start, name_end, read_message, write_message
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


class Done(msgspec.Struct, frozen=True, array_like=True):
    """What came of a task: its result in MessagePack, or the reason why there is none. `kind` is `done`, `malformed`, `large`, `memory` or `bug`."""

    kind: str
    result: bytes = b""
    reason: str = ""


class Isolation:
    """One process that does one task after the other; callers in other threads wait for their turn."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
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
        raise {"malformed": Malformed, "large": TooLarge}.get(done.kind, RuntimeError)(done.reason)

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
            self._child.send(self._memory.to_bytes(8, "little"))
            atexit.register(self.close)
        self._tasks += 1
        child, late = self._child, list[bool]()

        def end() -> None:
            late.append(True)
            child.kill()

        timer = Timer(self._seconds, end)
        timer.daemon = True
        timer.start()
        try:
            answer = child.receive() if child.send(message) else None
        finally:
            timer.cancel()
        if answer is None:
            self._child = None
            code = child.wait()
            raise Exhausted(
                f"its parser did not end within {self._seconds:g} seconds" if late else f"its parser ended its process ({name_end(code)})"
            )
        return decode_msgpack(answer, Done)


@cache
def load_isolation() -> Isolation:
    """Give the one isolated process of this one."""
    return Isolation()


def run_bounded(work: Callable[[bytes], Result], data: bytes, kind: type[Result]) -> Result:
    """Run a pure function over bytes in the isolated process, as `Isolation.run` does, within 30 seconds and 1.5 GiB of addresses."""
    return load_isolation().run(work, data, kind)


def run_contained(work: Callable[[bytes], Result], data: bytes, kind: type[Result]) -> Result:
    """Run a function over bytes where a crash costs one file only: here in a process that reads files, else in the isolated one.

    Raises as `Isolation.run` does.
    """
    if not _contained:
        return run_bounded(work, data, kind)
    return work(data)


def mark_contained() -> None:
    """Say that this process is one that reads files, and whose end costs one file."""
    _contained.append(True)


_contained: list[bool] = []


def serve() -> None:
    """Do tasks from the standard input until it ends; the first message is the bound on memory in bytes."""
    first = read_message(sys.stdin.buffer)
    if first is not None:
        bound_memory(int.from_bytes(first, "little"))
    while (message := read_message(sys.stdin.buffer)) is not None:
        write_message(sys.stdout.buffer, msgspec.msgpack.encode(perform(message)))


def perform(message: bytes) -> Done:
    """Do one task; what goes wrong is part of the answer."""
    try:
        task = decode_msgpack(message, Task)
        work: Callable[[bytes], object] = getattr(import_module(task.module), task.function)
        return Done("done", msgspec.msgpack.encode(work(task.data)))
    except TooLarge as error:
        return Done("large", reason=str(error))
    except Malformed as error:
        return Done("malformed", reason=str(error))
    except (MemoryError, RecursionError):
        return Done("memory")
    except Exception as error:  # noqa: BLE001  the process that asked decides what becomes of it
        return Done("bug", reason=f"{type(error).__name__}: {error}")
