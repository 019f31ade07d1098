"""Licence texts in a process that audits bundles: asked of the process that started it, so that all of them share one index."""

import sys
from threading import Lock

import msgspec

from inspector.child import read_message, write_message
from inspector.decoding import decode_msgpack
from inspector.licensing.license_texts import Answer, identify_quickly
from inspector.licensing.text_worker import Question

QUESTION, HASHING, OUTCOME, KEPT = b"?", b"h", b"=", b"."


class Channel:
    """The standard output of a process that audits bundles: messages that begin with the byte that tells their kind. Threads share it."""

    def __init__(self) -> None:
        self._lock = Lock()

    def tell(self, kind: bytes, data: bytes = b"") -> None:
        """Send one message."""
        with self._lock:
            write_message(sys.stdout.buffer, kind + data)

    def ask(self, question: Question) -> Answer:
        """Send a question and wait for its answer. Raises EOFError when nobody is there to answer."""
        self.tell(QUESTION, msgspec.msgpack.encode(question))
        if (data := read_message(sys.stdin.buffer)) is None:
            raise EOFError
        return decode_msgpack(data, Answer)


class AskedTexts:
    """Identifies texts as `TextWorker` does, by asking for them: what takes no index is answered here."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def offer(self, text: str, whole: bool) -> None:
        """Do nothing: a text is asked for when its answer is needed."""

    def answer(self, text: str, whole: bool) -> Answer:
        """Give the answer to a text; waits for it."""
        quick = identify_quickly(text, whole)
        return self._channel.ask(Question(text, whole)) if quick is None else quick
