"""The process that audits bundles, one after the other, from its standard input: its bounds on memory are those of the settings.

It reads, judges and renders as `inspector audit` does, by the same functions. Whatever goes wrong is the outcome of one bundle; what ends the process
is noticed by the process that started it (`guard.py`).
"""

import gc
import os
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from threading import Thread

import msgspec

from inspector.audit import inspect, judge
from inspector.bundle.file import open_with
from inspector.child import allow_more, allow_work, bound_addresses, read_message, write_message
from inspector.decoding import decode_msgpack
from inspector.errors import DataError, InspectorError
from inspector.fleet.order import BYTES_A_SECOND, Order, Outcome, Settings, Status, fail
from inspector.fleet.remote import is_remote, lay_out, open_hole
from inspector.fleet.texts import HASHING, KEPT, OUTCOME, AskedTexts, Channel
from inspector.licensing.text_worker import replace_worker
from inspector.memo import Memo, default_path
from inspector.render import render
from inspector.tables import fingerprint

GENERATION = 200_000
KEEP_EVERY = 64  # bundles after which what is new in the memo is written
ORPHAN_SECONDS = 5.0
MEMO_BYTES = 8 * 2**30
MEMO_NAME = "fleet.sqlite"  # the memo of single audits is bounded more tightly, and would drop what fleets read


class Auditor:
    """Audits bundles by one set of settings, with one memo that is written every now and then."""

    def __init__(self, settings: Settings, channel: Channel) -> None:
        self._settings, self._channel = settings, channel
        self._memo = _open_memo(settings.memo)
        self._since = 0

    def audit(self, path: str) -> Outcome:
        """Audit what lies at a path; what goes wrong is the reason in the outcome."""
        start = time.perf_counter()
        allow_work(self._settings.seconds)
        try:
            with lay_out(path) if is_remote(path) else nullcontext(Path(path)) as top:
                inventory = inspect([top], digest=self._settings.digest, jobs=1, memo=self._memo, watch=_Watch(self._channel))
            report = render(judge(inventory, self._settings.standards)).encode()
            outcome = Outcome(Status.AUDITED, report)
        except DataError as error:
            outcome = fail(f"this is a bug of ours: {error}")
        except (InspectorError, OSError) as error:
            outcome = fail(str(error))
        except MemoryError:
            outcome = fail(f"it takes more than {self._settings.memory} MiB of memory")
        except EOFError:
            raise
        except Exception as error:  # noqa: BLE001  a bundle that we cannot audit is one row, with our mistake in it
            outcome = fail(f"this is a bug of ours: {type(error).__name__}: {error}")
        allow_work(0)
        self._since += 1
        if self._since >= KEEP_EVERY:
            self.keep()
        return msgspec.structs.replace(outcome, seconds=round(time.perf_counter() - start, 4), peak=_peak_memory())

    def keep(self) -> None:
        """Write what is new in the memo."""
        self._memo.close()
        self._memo, self._since = _open_memo(self._settings.memo), 0


class _Watch:
    """Hears once how many bytes are hashed, and tells it: what a bundle may take depends on it."""

    def __init__(self, channel: Channel) -> None:
        self._channel, self._told = channel, False

    def __call__(self, phase: str, done: int, total: int) -> None:
        del done
        if phase == "bytes" and not self._told:
            self._told = True
            allow_more(total / BYTES_A_SECOND)
            self._channel.tell(HASHING, total.to_bytes(8, "little"))


def _peak_memory() -> int:
    """Give the most memory this process has taken (MiB); 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (2**20 if sys.platform == "darwin" else 2**10)


def _leave_with(parent: int) -> None:
    """End this process when the one that started it is gone, also in the middle of a bundle."""
    while os.getppid() == parent:
        time.sleep(ORPHAN_SECONDS)
    os._exit(1)


def serve() -> None:
    """Audit bundles from the standard input until it ends; the first message are the settings, an empty one asks to write the memo."""
    gc.set_threshold(GENERATION)
    channel = Channel()
    write_message(sys.stdout.buffer, fingerprint().encode())
    first = read_message(sys.stdin.buffer)
    if first is None:
        return
    settings = decode_msgpack(first, Settings)
    Thread(target=_leave_with, args=(os.getppid(),), name="parent", daemon=True).start()
    bound_addresses(settings.memory * 2**20)
    replace_worker(AskedTexts(channel))
    open_with(open_hole)
    auditor = Auditor(settings, channel)
    while (data := read_message(sys.stdin.buffer)) is not None:
        if data:
            order = decode_msgpack(data, Order)
            channel.tell(OUTCOME, msgspec.msgpack.encode(auditor.audit(order.where)))
        else:
            auditor.keep()
            channel.tell(KEPT)


def _open_memo(place: str) -> Memo:
    path = default_path().with_name(MEMO_NAME) if place == "~" else Path(place) if place else None
    return Memo(path, largest=MEMO_BYTES)
