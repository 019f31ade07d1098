"""Files read by several processes at once: each offers its files to the detectors and hashes them, and one that dies costs one file.

Results come back in the order of the entries, so that many processes give the same report as one.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from queue import SimpleQueue
from threading import Thread

import msgspec

from inspector.bundle import Entry
from inspector.child import Child, Patience, allow_work, bound_memory, can_start, name_end, ran_out, read_message, wait_for, write_message
from inspector.decoding import decode_msgpack
from inspector.detector import Declared, Passage
from inspector.isolation import mark_contained
from inspector.licensing.statements import Statement
from inspector.model import Problem, RootRecord
from inspector.offering import name_reason, read_entry
from inspector.reading import Reading, Record, recall_reading
from inspector.registry import Registry, load_registry
from inspector.tables import fingerprint

FEWEST = 300
MOST_FILES, MOST_BYTES = 24, 256 * 2**20
SECONDS, BYTES_A_SECOND = 120.0, 20 * 2**20  # of the processor's time that a file may take, beside one for so many bytes
MEMORY = 4 * 2**30


class Order(msgspec.Struct, frozen=True, array_like=True):
    """A file to read, as the walk found it."""

    root: RootRecord
    path: str
    real: bytes
    size: int
    identity: tuple[int, ...]
    base: int | None


class Batch(msgspec.Struct, frozen=True, array_like=True):
    """Files to read one after the other, and whether to hash them."""

    orders: tuple[Order, ...]
    digest: bool


class Outcome(msgspec.Struct, frozen=True, array_like=True):
    """What was read in one file; statements with their place among each other and the detector that made them."""

    record: Record
    sha256: str | None
    lasting: bool
    passages: tuple[tuple[int, str, Passage], ...] = ()
    declared: tuple[tuple[int, str, Declared], ...] = ()


def is_worth(entries: Sequence[Entry], registry: Registry, jobs: int) -> bool:
    """Say whether starting processes pays: many files, several processors, and the detectors that a process finds by itself."""
    return jobs > 1 and len(entries) >= FEWEST and registry.is_own and can_start()


def read_apart(entries: Sequence[Entry], jobs: int, *, digest: bool, done: Callable[[Reading], None]) -> list[Reading]:
    """Read files in so many processes; the readings come in the order of the entries, `done` hears of each as it comes."""
    batches = list(_divide(entries))
    todo, results = SimpleQueue[int | None](), SimpleQueue[tuple[int, list[Outcome | None]]]()
    for number in range(len(batches)):
        todo.put(number)
    threads = [Thread(target=_serve_one, args=(todo, results, batches, digest), daemon=True) for _ in range(min(jobs, len(batches)))]
    for thread in threads:
        todo.put(None)
        thread.start()
    readings: dict[int, list[Reading]] = {}
    for _ in batches:
        number, outcomes = results.get()
        readings[number] = [_read_back(entry, outcome, digest=digest) for entry, outcome in zip(batches[number], outcomes, strict=True)]
        for reading in readings[number]:
            done(reading)
    return [reading for number in range(len(batches)) for reading in readings[number]]


def _divide(entries: Sequence[Entry]) -> Iterator[tuple[Entry, ...]]:
    """Cut entries into batches of a bounded number of files and bytes."""
    batch, size = list[Entry](), 0
    for entry in entries:
        if batch and (len(batch) >= MOST_FILES or size + entry.size > MOST_BYTES):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(entry)
        size += entry.size
    if batch:
        yield tuple(batch)


def _serve_one(
    todo: "SimpleQueue[int | None]",
    results: "SimpleQueue[tuple[int, list[Outcome | None]]]",
    batches: Sequence[tuple[Entry, ...]],
    digest: bool,
) -> None:
    """Feed one process from the queue until it is empty; in a thread of its own."""
    reader = _Reader(digest=digest)
    while (number := todo.get()) is not None:
        results.put((number, reader.read(batches[number])))
    reader.close()


class _Reader:
    """One process, and what to do when it dies."""

    def __init__(self, *, digest: bool) -> None:
        self._digest = digest
        self._child: Child | None = None
        self._fits = True

    def read(self, batch: Sequence[Entry]) -> list[Outcome | None]:
        """Read a batch; when the process dies over it, each file by itself, and the one that is to blame is a problem."""
        answer, end = self._ask(batch)
        if answer is not None:
            return list(answer)
        if len(batch) > 1:
            return [outcome for entry in batch for outcome in self.read((entry,))]
        reading = Reading(batch[0], batch[0].size, lasting=False)
        reading.problems.append(Problem(location=reading.place, reason=f"the process that read it ended ({end})"))
        return [pack_reading(reading)]

    def close(self) -> None:
        """End the process."""
        if self._child is not None:
            self._child.close()
            self._child = None

    def _start(self) -> Child | None:
        """Give the process; none where what was started is not this program as it runs here."""
        if self._child is None and self._fits:
            self._child = Child("inspector.readers:serve")
            if self._child.receive() != fingerprint().encode():
                self._fits = False
                self.close()
        return self._child

    def _ask(self, batch: Sequence[Entry]) -> tuple[tuple[Outcome | None, ...] | None, str]:
        child = self._start()
        if child is None:
            return (None,) * len(batch), ""
        orders = tuple(Order(entry.root, entry.path, entry.real, entry.size, entry.identity, entry.base) for entry in batch)
        message = msgspec.msgpack.encode(Batch(orders, self._digest))
        with Patience(child, wait_for(sum(map(_allowed, orders)))) as patience:
            answer = child.receive() if child.send(message) else None
        if answer is not None:
            return decode_msgpack(answer, tuple[Outcome | None, ...]), ""
        self._child = None
        code = child.wait()
        if ran_out(code):
            return None, f"after {sum(map(_allowed, orders)):.0f} seconds of processor time"
        return None, "it gave no answer" if patience.is_over else name_end(code)


def _allowed(order: Order) -> float:
    """Give the seconds of the processor's time that a file may take."""
    return SECONDS + order.size / BYTES_A_SECOND


def _read_back(entry: Entry, outcome: Outcome | None, *, digest: bool) -> Reading:
    """Make a reading of an outcome; what could not be sent is read here."""
    if outcome is None:
        return _read_here(entry, load_registry(), digest=digest)
    reading = recall_reading(entry, outcome.record, outcome.sha256)
    reading.remembered, reading.lasting = False, outcome.lasting
    passages = {place: Statement(reading.place, detector, said) for place, detector, said in outcome.passages}
    declared = {place: Statement(reading.place, detector, said) for place, detector, said in outcome.declared}
    reading.statements = [statement for _, statement in sorted({**passages, **declared}.items(), key=itemgetter(0))]
    return reading


def pack_reading(reading: Reading) -> Outcome:
    """Make an outcome of a reading."""
    said = list(enumerate(reading.statements))
    return Outcome(
        reading.record(),
        reading.sha256,
        reading.lasting,
        tuple((place, item.detector, item.said) for place, item in said if isinstance(item.said, Passage)),
        tuple((place, item.detector, item.said) for place, item in said if isinstance(item.said, Declared)),
    )


def serve() -> None:
    """Read batches from the standard input until it ends."""
    bound_memory(MEMORY)
    mark_contained()
    registry = load_registry()
    write_message(sys.stdout.buffer, fingerprint().encode())
    while (message := read_message(sys.stdin.buffer)) is not None:
        batch = decode_msgpack(message, Batch)
        answer = (_perform(order, registry, digest=batch.digest) for order in batch.orders)
        write_message(sys.stdout.buffer, b"".join((_array_head(len(batch.orders)), *answer)))


def _perform(order: Order, registry: Registry, *, digest: bool) -> bytes:
    """Read one file and write down what was read; nothing, where it holds what cannot be sent."""
    entry = Entry(order.root, order.path, order.real, order.size, order.identity, order.base)
    allow_work(_allowed(order))
    reading = _read_here(entry, registry, digest=digest)
    allow_work(0)
    try:
        return msgspec.msgpack.encode(pack_reading(reading))
    except (UnicodeEncodeError, ValueError):
        return msgspec.msgpack.encode(None)


def _read_here(entry: Entry, registry: Registry, *, digest: bool) -> Reading:
    """Read and hash one file in this process."""
    reading, file = read_entry(entry, registry)
    if file is not None:
        with file:
            try:
                reading.sha256 = file.sha256() if digest else None
            except OSError as error:
                reading.lasting = False
                reading.problems.append(Problem(location=reading.place, reason=f"no digest: {name_reason(error)}"))
    return reading


def _array_head(length: int) -> bytes:
    """Write the head of an array of MessagePack with up to 65,535 items."""
    return b"\xdc" + length.to_bytes(2, "big")
