"""Bundles in object stores, by fsspec: what is small is fetched whole, of large files only the ranges that a detector asks for.

A bundle is laid out in a temporary directory under its own name: small files with their content, large ones as holes of their size, so that the walk
and the layouts see what they would see on a disk. A hole is never read: whoever opens it gets a file that fetches. Links do not exist there, and
archives are not read in place.
"""

import errno
import os
import tempfile
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from inspector.bundle import Entry, File
from inspector.errors import InspectorError, TooLarge, UsageError
from inspector.fleet.extra import load_extra
from inspector.layouts.archive import SUFFIXES
from inspector.model import RootRecord, printable

SMALL = 4 * 2**20
BLOCK, BLOCKS = 2**20, 32  # bytes that are fetched at once around a place, and how many such blocks of a file are kept
MOST_OBJECTS = 1_000_000
MOST_SMALL = 2 * 2**30  # bytes of small files of one bundle


class ObjectStore(Protocol):
    """What is used of a file system of fsspec."""

    def find(self, path: str, *, detail: bool) -> Mapping[str, Mapping[str, object]]:
        """List all objects below a path, with their sizes."""

    def info(self, path: str) -> Mapping[str, object]:
        """Tell of one object: its size, and what else is known."""

    def open(self, path: str, mode: str, *, cache_type: str) -> IO[bytes]:
        """Open an object to read ranges of it; one that is only given whole is not read on."""

    def cat_file(self, path: str, start: int | None = None, end: int | None = None) -> bytes:
        """Read a range of an object."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A place in an object store: the store, the path that it knows the place by, and the objects below with their sizes in bytes."""

    store: ObjectStore
    top: str
    objects: Mapping[str, int]


def is_remote(path: str) -> bool:
    """Say whether a path is an address: s3://bucket/models."""
    return "://" in path


def list_remote(address: str, *, sized: bool = True) -> Remote:
    """List the objects below an address, by their paths from there on; with their sizes, unless names are enough.

    Raises UsageError when it cannot be listed or does not tell a size, TooLarge above a million objects.
    """
    try:
        store, top = _connect(address)
        found = store.find(top, detail=True)
    except InspectorError:
        raise
    except Exception as error:
        raise UsageError(f"{address}: it cannot be listed: {type(error).__name__}: {error}") from error
    if len(found) > MOST_OBJECTS:
        raise TooLarge(f"{address}: {len(found)} objects, the limit is {MOST_OBJECTS}; give addresses further down")
    top = top.rstrip("/")
    objects = {
        name.removeprefix(top).removeprefix("/"): _size(store, name, item, address) if sized else 0
        for name, item in found.items()
        if not name.endswith("/")
    }
    return Remote(store, top, objects)


def _size(store: ObjectStore, name: str, listed: Mapping[str, object], address: str) -> int:
    """Give the size of an object, which a web server tells of each by itself. What has no size would look empty."""
    size = listed.get("size")
    if isinstance(size, int):
        return size
    try:
        size = store.info(name).get("size")
        if isinstance(size, int) and size > SMALL:
            with store.open(name, "rb", cache_type="none") as stream:
                stream.seek(1)  # a server that has no ranges is noticed in the middle only
                stream.read(1)
    except Exception as error:
        raise UsageError(
            f"{address}: {printable(name)}: ranges of it cannot be had: {type(error).__name__}: {printable(str(error))}"
        ) from error
    if not isinstance(size, int):
        raise UsageError(f"{address}: {printable(name)}: the server does not tell its size")
    return size


def _connect(address: str) -> tuple[ObjectStore, str]:
    """Give the store of an address, and the path that it knows it by. What is needed to get in stands in the environment, as its library reads it."""
    store, top = load_extra("fsspec.core", address).url_to_fs(address)
    return store, top


@contextmanager
def lay_out_names(address: str) -> Iterator[Path]:
    """Lay out the names below an address as empty files, for whoever splits a store by names."""
    remote = list_remote(address, sized=False)
    with tempfile.TemporaryDirectory(prefix="inspector-") as directory:
        top = Path(directory) / _name(address)
        top.mkdir()
        for name in filter(_is_plain, remote.objects):
            with suppress(OSError):
                _make_hole(top / name, 0)
        yield top


@contextmanager
def lay_out(address: str) -> Iterator[Path]:
    """Lay out a bundle for an audit: the directory holds what is small, and what is large is fetched when it is read.

    Raises UsageError when it cannot be fetched, TooLarge when too much of it is small, InspectorError for names that are none of files.
    """
    remote, holes = list_remote(address), dict[bytes, str]()
    if not remote.objects:
        raise UsageError(f"{address}: there is no such object")
    if address.casefold().endswith(SUFFIXES):
        raise UsageError(f"{address}: archives in object stores are not read in place; fetch it, and audit the copy")
    if (small := sum(size for size in remote.objects.values() if size <= SMALL)) > MOST_SMALL:
        raise TooLarge(f"{address}: {small} bytes of small files, the limit is {MOST_SMALL}")
    with tempfile.TemporaryDirectory(prefix="inspector-") as directory:
        top = Path(directory) / _name(address)
        top.mkdir()
        for name, size in remote.objects.items():
            local, key = top / name, f"{remote.top}/{name}"
            try:
                _make_hole(local if _is_plain(name) else top, size)
            except OSError as error:
                raise InspectorError(f"{address}: an object has a name that no file can have here: {printable(name)[:100]}") from error
            if size > SMALL:
                holes[os.fsencode(local.resolve())] = key
            else:
                _fill(local, fetch(remote.store, key, 0, size), address)
        with _fetching(remote.store, holes):
            yield top


def open_hole(entry: Entry) -> File | None:
    """Open a file of which nothing is here; None for any other."""
    for store, holes in _open:
        if (key := holes.get(entry.real)) is not None:
            return FetchedFile(entry.root, entry.path, entry.size, store, key)
    return None


class FetchedFile(File):
    """A file in an object store: ranges are fetched when they are read, in blocks of which some are kept."""

    def __init__(self, root: RootRecord, path: str, size: int, store: ObjectStore, key: str) -> None:
        super().__init__(root, path, size, -1)
        self._store, self._key = store, key
        self._blocks: OrderedDict[int, bytes] = OrderedDict()

    def close(self) -> None:
        """Forget what was fetched."""
        self._blocks.clear()

    def _stream(self) -> Iterator[memoryview | bytes]:
        """Fetch all of it."""
        for start in range(0, self.size, 16 * BLOCK):
            yield fetch(self._store, self._key, start, min(16 * BLOCK, self.size - start))

    def _pread(self, offset: int, length: int) -> bytes:
        length = max(0, min(length, self.size - offset))
        if length > BLOCKS * BLOCK // 2:
            return fetch(self._store, self._key, offset, length)
        first, last = offset // BLOCK, (offset + length - 1) // BLOCK
        data = b"".join(self._block(number) for number in range(first, last + 1))
        return data[offset - first * BLOCK : offset - first * BLOCK + length]

    def _block(self, number: int) -> bytes:
        if number not in self._blocks:
            start = number * BLOCK
            self._blocks[number] = fetch(self._store, self._key, start, min(BLOCK, self.size - start))
            if len(self._blocks) > BLOCKS:
                self._blocks.popitem(last=False)
        return self._blocks[number]


def fetch(store: ObjectStore, key: str, start: int, length: int) -> bytes:
    """Fetch a range of an object. Raises OSError when it cannot be had whole."""
    if length <= 0:
        return b""
    try:
        data = store.cat_file(key, start=start, end=start + length)
    except Exception as error:
        raise OSError(errno.EIO, f"{type(error).__name__}: {error}"[:200]) from error
    if len(data) != length:
        raise OSError(errno.EIO, f"{length} bytes were asked for at byte {start}, {len(data)} came")
    return data


_open: list[tuple[ObjectStore, Mapping[bytes, str]]] = []


@contextmanager
def _fetching(store: ObjectStore, holes: Mapping[bytes, str]) -> Iterator[None]:
    _open.append((store, holes))
    try:
        yield
    finally:
        _open.pop()


def _fill(local: Path, data: bytes, address: str) -> None:
    try:
        with local.open("wb") as stream:
            stream.write(data)
    except OSError as error:
        raise InspectorError(f"{address}: its small files cannot be kept: {error.strerror}") from error


def _make_hole(local: Path, size: int) -> None:
    local.parent.mkdir(parents=True, exist_ok=True)
    with local.open("wb") as stream:
        stream.truncate(size)


def _is_plain(name: str) -> bool:
    """Say whether the name of an object can be that of a file: no way up, no empty part."""
    parts = name.split("/")
    return bool(name) and not any(part in {"", ".", ".."} or "\0" in part or len(os.fsencode(part)) > 255 for part in parts)


def _name(address: str) -> str:
    return PurePosixPath(address.partition("://")[2]).name or "store"
