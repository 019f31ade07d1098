"""A process beside this one that holds ScanCode's index and identifies texts while files are still read.

It starts when a text needs the index, not before, and stays until this process ends: loading takes seconds and 1 GB. It is this program's own
code, started with `-P` so that no directory of a bundle is ever a place that Python imports from. Messages are MessagePack behind four bytes of
length.
"""

import atexit
import subprocess
import sys
from collections import deque
from contextlib import suppress
from functools import cache
from queue import SimpleQueue
from threading import RLock, Thread
from typing import IO
from zlib import crc32

import msgspec

from inspector.license_texts import Answer, identify_quickly, identify_text

COMMAND = ("-P", "-c", "from inspector.text_worker import serve; serve()")


class Question(msgspec.Struct, frozen=True, array_like=True):
    """A text to identify, and whether it is a licence file of its own."""

    text: str
    whole: bool


class Reply(msgspec.Struct, frozen=True, array_like=True):
    """An answer, with a checksum of the text that it is an answer to."""

    check: int
    answer: Answer


class TextWorker:
    """Texts go in as they are found, answers come out when they are asked for. Without an interpreter to start, this process does the work."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._questions: SimpleQueue[Question | None] = SimpleQueue()
        self._asked: deque[Question] = deque()
        self._pending: set[Question] = set()
        self._answers: dict[Question, Answer] = {}
        # Several scans may share the process from threads of their own.
        self._lock = RLock()

    def offer(self, text: str, whole: bool) -> None:
        """Begin to identify a text, unless that takes no index."""
        question = Question(text, whole)
        if identify_quickly(text, whole) is not None:
            return
        with self._lock:
            if question in self._answers or question in self._pending or (self._process is None and not self._start()):
                return
            self._asked.append(question)
            self._pending.add(question)
            self._questions.put(question)

    def answer(self, text: str, whole: bool) -> Answer:
        """Give the answer to a text, whether it was offered before or not; waits for it."""
        if (quick := identify_quickly(text, whole)) is not None:
            return quick
        self.offer(text, whole)
        question = Question(text, whole)
        with self._lock:
            while question in self._pending and self._receive():
                pass
            if question in self._answers:
                return self._answers[question]
        return identify_text(text, whole)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._questions.put(None)
            self._process.terminate()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(BrokenPipeError):
                    if pipe is not None:
                        pipe.close()
            self._process = None

    def _start(self) -> bool:
        if not sys.executable:
            return False
        command = [sys.executable, *COMMAND]
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nothing)  # noqa: S603  our own code, nothing of a bundle
        atexit.register(self.close)
        Thread(target=self._send, args=(self._process.stdin,), name="texts", daemon=True).start()
        return True

    def _send(self, pipe: IO[bytes]) -> None:
        """Write questions as they come: in a thread, since the process reads none while its index loads."""
        while (question := self._questions.get()) is not None:
            try:
                _write(pipe, msgspec.msgpack.encode(question))
            except (BrokenPipeError, ValueError):
                return

    def _receive(self) -> bool:
        """Take the next answer; they come in the order of the questions. False when the process is gone."""
        data = _read(self._process.stdout) if self._process and self._process.stdout else None
        if data is None:
            self._pending.clear()
            return False
        question, reply = self._asked.popleft(), msgspec.msgpack.decode(data, type=Reply)
        self._pending.discard(question)
        if reply.check != _check(question):
            raise RuntimeError("the process that identifies texts answered another question")
        self._answers[question] = reply.answer
        return True


@cache
def load_worker() -> TextWorker:
    """Give the one worker of this process."""
    return TextWorker()


def serve() -> None:
    """Answer questions from the standard input until it ends."""
    while (data := _read(sys.stdin.buffer)) is not None:
        question = msgspec.msgpack.decode(data, type=Question)
        reply = Reply(_check(question), identify_text(question.text, question.whole))
        _write(sys.stdout.buffer, msgspec.msgpack.encode(reply))


def _check(question: Question) -> int:
    return crc32(question.text.encode("utf-8", "surrogatepass"), int(question.whole))


def _write(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(4, "little") + data)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes | None:
    length = int.from_bytes(head, "little") if len(head := pipe.read(4)) == 4 else None
    data = pipe.read(length) if length is not None else b""
    return data if length is not None and len(data) == length else None
