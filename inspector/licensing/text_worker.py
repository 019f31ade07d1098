"""A process beside this one that holds ScanCode's index and identifies texts while files are still read.

It starts when a text needs the index, not before, and stays until this process ends: loading takes seconds and 1 GB.
"""

import atexit
import sys
from collections import deque
from functools import cache
from queue import SimpleQueue
from threading import RLock, Thread
from typing import Protocol
from zlib import crc32

import msgspec

from inspector.child import Child, can_start, read_message, write_message
from inspector.decoding import decode_msgpack
from inspector.licensing.license_texts import Answer, identify_quickly, identify_text

MOST_CHARACTERS = 2**26  # of texts whose answers are kept; the oldest are dropped, and asked for again


class Question(msgspec.Struct, frozen=True, array_like=True):
    """A text to identify, and whether it is a licence file of its own."""

    text: str
    whole: bool


class Reply(msgspec.Struct, frozen=True, array_like=True):
    """An answer, with a checksum of the text that it is an answer to."""

    check: int
    answer: Answer


class Texts(Protocol):
    """What identifies texts: it may hear of them before it is asked."""

    def offer(self, text: str, whole: bool) -> None:
        """Hear of a text that will be asked for."""

    def answer(self, text: str, whole: bool) -> Answer:
        """Give the answer to a text; waits for it."""


class TextWorker:
    """Texts go in as they are found, answers come out when they are asked for. Without an interpreter to start, this process does the work."""

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self._most, self._size = most, 0
        self._child: Child | None = None
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
            if question in self._answers or question in self._pending or (self._child is None and not self._start()):
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
        if self._child is not None:
            self._questions.put(None)
            self._child.close()
            self._child = None

    def _start(self) -> bool:
        if not can_start():
            return False
        self._child = Child("inspector.licensing.text_worker:serve")
        atexit.register(self.close)
        Thread(target=self._send, args=(self._child,), name="texts", daemon=True).start()
        return True

    def _send(self, child: Child) -> None:
        """Write questions as they come: in a thread, since the process reads none while its index loads."""
        while (question := self._questions.get()) is not None:
            if not child.send(msgspec.msgpack.encode(question)):
                return

    def _receive(self) -> bool:
        """Take the next answer; they come in the order of the questions. False when the process is gone."""
        data = self._child.receive() if self._child else None
        if data is None:
            self._pending.clear()
            return False
        question, reply = self._asked.popleft(), decode_msgpack(data, Reply)
        self._pending.discard(question)
        if reply.check != _check(question):
            raise RuntimeError("the process that identifies texts answered another question")
        self._answers[question] = reply.answer
        self._size += len(question.text)
        while self._size > self._most and len(self._answers) > 1:
            oldest = next(iter(self._answers))
            del self._answers[oldest]
            self._size -= len(oldest.text)
        return True


@cache
def _own_worker() -> TextWorker:
    return TextWorker()


def load_worker() -> Texts:
    """Give the one worker of this process."""
    return _replaced[-1] if _replaced else _own_worker()


def replace_worker(texts: Texts) -> None:
    """Have this process ask somebody else, who holds an index already."""
    _replaced.append(texts)


_replaced: list[Texts] = []


def serve() -> None:
    """Answer questions from the standard input until it ends."""
    while (data := read_message(sys.stdin.buffer)) is not None:
        question = decode_msgpack(data, Question)
        reply = Reply(_check(question), identify_text(question.text, question.whole))
        write_message(sys.stdout.buffer, msgspec.msgpack.encode(reply))


def _check(question: Question) -> int:
    return crc32(question.text.encode("utf-8", "surrogatepass"), int(question.whole))
