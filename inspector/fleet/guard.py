"""The process beside this one that audits bundles, and what to do when it dies or hangs: each bundle costs at most itself.

This is the task of every executor. A thread, here or in a worker of a cluster, has a process of its own; all of them ask this process for licence
texts, so that there is one index however many bundles are read at once.
"""

import atexit
import time
from threading import Lock, Timer, local

import msgspec

from inspector.child import Child, name_end
from inspector.decoding import decode_msgpack
from inspector.errors import DataError
from inspector.fleet.order import Chunk, Order, Outcome, Settings, fail
from inspector.fleet.texts import HASHING, OUTCOME, QUESTION
from inspector.licensing.text_worker import Question, load_worker
from inspector.tables import fingerprint

BYTES_A_SECOND = 20 * 2**20
KEEP_SECONDS = 60.0


def audit_chunk(data: bytes) -> bytes:
    """Audit the bundles of a chunk; both sides are MessagePack, so that any executor can carry them.

    Raises DataError when the processes that it starts are not this program.
    """
    chunk = decode_msgpack(data, Chunk)
    guard = _give_guard(chunk.settings)
    return msgspec.msgpack.encode([guard.audit(order) for order in chunk.orders])


def close_guards() -> None:
    """End all processes that audit bundles, once they have written what they remember."""
    with _lock:
        guards, _guards[:] = list(_guards), []
    for guard in guards:
        guard.close()


_here = local()
_guards: list["Guard"] = []
_lock = Lock()
atexit.register(close_guards)


def _give_guard(settings: Settings) -> "Guard":
    """Give the guard of this thread."""
    guard = getattr(_here, "guard", None)
    if isinstance(guard, Guard) and guard.settings == settings and guard in _guards:
        return guard
    guard = _here.guard = Guard(settings)
    with _lock:
        _guards.append(guard)
    return guard


class Guard:
    """One process, replaced whenever it dies; a thread of its own waits for it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._child: Child | None = None

    def audit(self, order: Order) -> Outcome:
        """Audit a bundle. When the process dies that has read others before, once more in a new one: then the bundle is to blame."""
        used = self._child is not None
        outcome, end = self._ask(order)
        if outcome is None and used and not end.startswith("it was not done"):
            outcome, end = self._ask(order)
        return outcome or fail(end)

    def close(self) -> None:
        """Let the process write its memo, and end it."""
        if self._child is None:
            return
        timer = _Timer(self._child, KEEP_SECONDS)
        if self._child.send(b""):
            self._child.receive()
        timer.pause()
        self._child.close()
        self._child = None

    def _start(self) -> Child:
        if self._child is None:
            self._child = Child("inspector.fleet.worker:serve")
            if self._child.receive() != fingerprint().encode():
                self._child.close()
                self._child = None
                raise DataError("the process that was started to audit bundles is not this version of the program")
            self._child.send(msgspec.msgpack.encode(self.settings))
        return self._child

    def _ask(self, order: Order) -> tuple[Outcome | None, str]:
        """Send a bundle, answer what is asked about texts, and wait for the outcome; none when the process ended, and how."""
        child = self._start()
        timer = _Timer(child, self.settings.seconds)
        message = child.receive() if child.send(msgspec.msgpack.encode(order)) else None
        while message is not None and message[:1] != OUTCOME:
            if message[:1] == QUESTION:
                timer.pause()  # others may be served first
                question = decode_msgpack(message[1:], Question)
                child.send(msgspec.msgpack.encode(load_worker().answer(question.text, question.whole)))
                timer.resume()
            elif message[:1] == HASHING:
                timer.add(int.from_bytes(message[1:9], "little") / BYTES_A_SECOND)
            message = child.receive()
        timer.pause()
        if message is not None:
            return decode_msgpack(message[1:], Outcome), ""
        self._child = None
        code = child.wait()
        if timer.is_late:
            return None, f"it was not done after {timer.allowed:.0f} seconds"
        return None, f"the process that read it ended ({name_end(code)})"


class _Timer:
    """Ends a process that works longer than it may; time in which it waits for us does not count."""

    def __init__(self, child: Child, seconds: float) -> None:
        self.allowed, self.is_late = seconds, False
        self._child, self._left = child, seconds
        self.resume()

    def resume(self) -> None:
        self._since = time.monotonic()
        self._timer = Timer(max(self._left, 0.01), self._end)
        self._timer.daemon = True
        self._timer.start()

    def pause(self) -> None:
        self._timer.cancel()
        self._left -= time.monotonic() - self._since

    def add(self, seconds: float) -> None:
        self.pause()
        self.allowed += seconds
        self._left += seconds
        self.resume()

    def _end(self) -> None:
        self.is_late = True
        self._child.kill()
