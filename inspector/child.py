"""A process of our own beside this one, and the messages it is sent.

It is this program's own code, started with `-P` so that no directory of a bundle is ever a place that Python imports from. Messages are bytes behind
eight bytes of length (little endian). What its work may take is counted in time of the processor, so that a busy machine changes no answer; time on
the clock ends only what waits, after very long.
"""

import signal
import subprocess
import sys
from contextlib import suppress
from threading import Timer
from typing import IO, Self

LENGTH = 8
# Seconds on the clock for each second of work that is allowed, and the fewest: a machine that is as busy as this still gives every answer.
PATIENCE, FEWEST_SECONDS = 20, 600.0


class Child:
    """A Python process that runs one function of ours (`module:function`) until its standard input ends."""

    def __init__(self, entry: str) -> None:
        module, _, function = entry.partition(":")
        command = [sys.executable, "-P", "-c", f"from {module} import {function}; {function}()"]
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nothing)  # noqa: S603  our own code, nothing of a bundle

    def send(self, data: bytes) -> bool:
        """Send one message; False when the process is gone."""
        try:
            if self._process.stdin is not None:
                write_message(self._process.stdin, data)
        except (BrokenPipeError, ValueError):
            return False
        return True

    def receive(self) -> bytes | None:
        """Wait for one message; None when the process is gone."""
        return read_message(self._process.stdout) if self._process.stdout is not None else None

    def kill(self) -> None:
        """End the process at once; whoever waits for a message gets None."""
        self._process.kill()

    def close(self) -> int:
        """End the process and give its exit code, negative for a signal."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()
        return self._process.wait()

    def wait(self) -> int:
        """Wait for a process that has closed its output, and give its exit code, negative for a signal."""
        code = self._process.wait()
        self.close()
        return code


class Patience:
    """Ends a process that has not answered within so many seconds on the clock, while the block runs and is not paused."""

    def __init__(self, child: Child, seconds: float) -> None:
        self.is_over = False
        self._child, self._seconds = child, seconds

    def __enter__(self) -> Self:
        self.resume(self._seconds)
        return self

    def __exit__(self, *_: object) -> None:
        self.pause()

    def resume(self, seconds: float) -> None:
        """Begin to count so many seconds, from nothing."""
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def pause(self) -> None:
        """Stop counting."""
        self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        self._child.kill()


def wait_for(seconds: float) -> float:
    """Give the seconds on the clock to wait for so many seconds of work."""
    return max(PATIENCE * seconds, FEWEST_SECONDS)


def ran_out(code: int) -> bool:
    """Say by its exit code whether a process ended because it had used the time of the processor that it was allowed."""
    return sys.platform != "win32" and code == -signal.SIGPROF


def name_end(code: int) -> str:
    """Name how a process ended by its exit code, negative for a signal."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def can_start() -> bool:
    """Say whether there is an interpreter to start a process with."""
    return bool(sys.executable)


def write_message(pipe: IO[bytes], data: bytes) -> None:
    """Write one message."""
    pipe.write(len(data).to_bytes(LENGTH, "little"))
    pipe.write(data)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> bytes | None:
    """Read one message; None at the end, also in the middle of one."""
    length = int.from_bytes(head, "little") if len(head := pipe.read(LENGTH)) == LENGTH else None
    data = pipe.read(length) if length is not None else b""
    return data if length is not None and len(data) == length else None


def bound_memory(memory: int) -> None:
    """Bound this process: bytes of addresses, no files written, no core. Where the system has no such bounds nothing is done."""
    _bound(memory, writes=False)


def bound_addresses(memory: int) -> None:
    """Bound this process, which writes files of ours: bytes of addresses, no core."""
    _bound(memory, writes=True)


def allow_work(seconds: float) -> None:
    """End this process when it has used so many more seconds of the processor's time; 0 takes the bound away.

    Native code that hangs is ended too. Where the system has no such clock nothing is done, and the process is ended by `Patience`.
    """
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)


def allow_more(seconds: float) -> None:
    """Add seconds to what this process may still use; nothing where there is no bound."""
    if sys.platform != "win32" and (left := signal.getitimer(signal.ITIMER_PROF)[0]):
        allow_work(left + seconds)


def _bound(memory: int, *, writes: bool) -> None:
    try:
        import resource
    except ImportError:
        return
    if sys.platform != "win32":
        signal.signal(signal.SIGPROF, signal.SIG_DFL)  # one that was ignored by whoever started us would stay ignored
    for limit, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        if writes and limit == resource.RLIMIT_FSIZE:
            continue
        hard = resource.getrlimit(limit)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (bound, bound))
