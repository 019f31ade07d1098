"""Where bundles are audited: on threads of this process that each wait for a process of their own, or on the workers of a Dask cluster."""

import logging
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from inspector import __version__
from inspector.errors import UsageError
from inspector.fleet.extra import load_extra
from inspector.fleet.guard import close_guards

SECONDS_TO_CONNECT = 30


@contextmanager
def open_executor(scheduler: str | None, workers: int) -> Iterator[tuple[Executor, int]]:
    """Give an executor, of so many workers on this machine, and how many workers it has; processes that it started end with it.

    Raises UsageError when the scheduler cannot be reached or has no workers of this version.
    """
    if scheduler is not None:
        with _open_dask(scheduler) as opened:
            yield opened
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="fleet")
    try:
        yield pool, workers
    finally:
        pool.shutdown(cancel_futures=True)
        close_guards()


@contextmanager
def _open_dask(scheduler: str) -> Iterator[tuple[Executor, int]]:
    distributed = load_extra("distributed", "--scheduler")
    _silence("distributed")
    try:
        client = distributed.Client(scheduler, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(f"--scheduler {scheduler}: it cannot be reached: {error}") from error
    try:
        workers = sum(client.nthreads().values())
        if not workers:
            raise UsageError(f"--scheduler {scheduler}: it has no workers")
        if others := sorted({version for version in client.run(tell_version).values() if version != __version__}):
            raise UsageError(f"--scheduler {scheduler}: its workers have inspector {', '.join(others)}, this is {__version__}")
        executor = client.get_executor()
        try:
            yield executor, workers
        finally:
            executor.shutdown(wait=False)
            client.run(close_guards, on_error="ignore")
    finally:
        client.close()


def _silence(library: str) -> None:
    """Keep a library from writing to the terminal: its lines would break the line of progress, and what matters of them is an error that we tell.

    It has set the level of each of its loggers by itself, so the one above them is not asked.
    """
    for name in [library, *(name for name in logging.root.manager.loggerDict if name.startswith(f"{library}."))]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def tell_version() -> str:
    """Give the version of the program where this runs."""
    return __version__
