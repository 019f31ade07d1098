"""The process beside this one that audits bundles, and what to do when it dies or hangs: each bundle costs at most itself.

This is the task of every executor. A thread, here or in a worker of a cluster, has a process of its own; all of them ask this process for licence
texts, so that there is one index however many bundles are read at once.
"""

import atexit
from threading import Lock, local

import msgspec

from inspector.child import Child, Patience, name_end, ran_out, wait_for
from inspector.decoding import decode_msgpack
from inspector.errors import DataError
from inspector.fleet.order import BYTES_A_SECOND, Chunk, Order, Outcome, Settings, fail
from inspector.fleet.texts import HASHING, OUTCOME, QUESTION
from inspector.licensing.text_worker import Question, load_worker
from inspector.tables import fingerprint

NOT_DONE = "it was not done after"
KEEP_SECONDS = 600.0  # for writing what is remembered: a process that cannot is ended


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
        if outcome is None and used and not end.startswith(NOT_DONE):
            outcome, end = self._ask(order)
        return outcome or fail(end)

    def close(self) -> None:
        """Let the process write its memo, and end it."""
        if self._child is None:
            return
        with Patience(self._child, KEEP_SECONDS):
            if self._child.send(b""):
                self._child.receive()
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
        child, allowed = self._start(), self.settings.seconds
        with Patience(child, wait_for(allowed)) as patience:
            message = child.receive() if child.send(msgspec.msgpack.encode(order)) else None
            while message is not None and message[:1] != OUTCOME:
                patience.pause()  # it waits for us, and others may be served first
                if message[:1] == QUESTION:
                    question = decode_msgpack(message[1:], Question)
                    child.send(msgspec.msgpack.encode(load_worker().answer(question.text, question.whole)))
                elif message[:1] == HASHING:
                    allowed += int.from_bytes(message[1:9], "little") / BYTES_A_SECOND
                patience.resume(wait_for(allowed))
                message = child.receive()
        if message is not None:
            return decode_msgpack(message[1:], Outcome), ""
        self._child = None
        code = child.wait()
        if ran_out(code):
            return None, f"{NOT_DONE} {allowed:.0f} seconds of processor time"
        if patience.is_over:
            return None, f"{NOT_DONE} {wait_for(allowed):.0f} seconds, in which it waited more than it worked"
        return None, f"the process that read it ended ({name_end(code)})"
