"""The loop of a run: bundles go out in chunks, a few at a time, and what comes back is written down. Any executor can do the work.

A chunk that is lost with its worker is sent again, one bundle at a time; a bundle that loses its worker by itself is a row with that reason.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait

import msgspec

from inspector.decoding import decode_msgpack
from inspector.errors import InspectorError, UsageError
from inspector.fleet.guard import audit_chunk
from inspector.fleet.order import Chunk, Order, Outcome, Settings, fail

LARGEST_CHUNK = 16
CHUNKS_A_WORKER = 8
LOST = ("KilledWorker",)  # what Dask calls a task that ended the workers it was given to

Told = Callable[[Order, Outcome], None]


def drive(orders: Sequence[Order], settings: Settings, executor: Executor, workers: int, told: Told) -> None:
    """Audit bundles on an executor with so many workers; `told` hears of each as it is done, in any order.

    Raises UsageError when the executor itself fails: what is not told by then is not done.
    """
    waiting = deque(divide(orders, workers))
    running: dict[Future[bytes], tuple[Order, ...]] = {}
    while waiting or running:
        while waiting and len(running) < 2 * workers:
            chunk = waiting.popleft()
            running[executor.submit(audit_chunk, msgspec.msgpack.encode(Chunk(chunk, settings)))] = chunk
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            chunk = running.pop(future)
            outcomes = _take(future)
            if outcomes is None and len(chunk) > 1:
                waiting.extendleft((order,) for order in reversed(chunk))
                continue
            for order, outcome in zip(chunk, outcomes or [fail("the worker that read it was lost, several times")], strict=True):
                told(order, outcome)


def divide(orders: Sequence[Order], workers: int) -> Iterator[tuple[Order, ...]]:
    """Cut bundles into chunks: small enough that all workers are busy to the end."""
    size = max(1, min(LARGEST_CHUNK, len(orders) // (workers * CHUNKS_A_WORKER)))
    for start in range(0, len(orders), size):
        yield tuple(orders[start : start + size])


def _take(future: "Future[bytes]") -> list[Outcome] | None:
    """Give the outcomes of a chunk; None when its worker was lost."""
    try:
        return decode_msgpack(future.result(), list[Outcome])
    except BrokenExecutor:
        return None
    except InspectorError:
        raise
    except (Exception, CancelledError) as error:
        if type(error).__name__ in LOST:
            return None
        raise UsageError(
            f"the executor failed: {type(error).__name__}: {error}; what is done is kept, and the same command goes on from there"
        ) from error
