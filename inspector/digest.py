"""Digests beside the header pass: threads that hash files which are already open, and close them."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from types import TracebackType
from typing import Self, TypeVar

from inspector.bundle import File

OPEN_PER_THREAD = 16
T = TypeVar("T")


class Digester:
    """A pool of hashing threads. `submit` takes over an open file; at most 16 files a thread wait open, so descriptors never run out."""

    def __init__(self, threads: int, done: Callable[[int], None]) -> None:
        self._pool = ThreadPoolExecutor(threads, "digest")
        self._room = BoundedSemaphore(threads * OPEN_PER_THREAD)
        self._done = done

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.shutdown(wait=error is None, cancel_futures=error is not None)

    def submit(self, file: File) -> "Future[str]":
        """Hash a file in a thread and close it; waits while too many files are open. The future raises OSError when reading fails."""
        self._room.acquire()
        return self._pool.submit(self._work, file, File.sha256)

    def submit_for(self, file: File, algorithms: tuple[str, ...]) -> "Future[dict[str, str]]":
        """Give several digests of a file by algorithm, from one read; else as `submit`."""
        self._room.acquire()
        return self._pool.submit(self._work, file, lambda opened: opened.digest(algorithms))

    def _work(self, file: File, digest: Callable[[File], T]) -> T:
        try:
            with file:
                return digest(file)
        finally:
            self._room.release()
            self._done(file.size)
