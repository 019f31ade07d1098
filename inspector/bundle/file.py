"""A regular file of a bundle: opened once, read through bounded and cached views."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from types import TracebackType
from typing import TYPE_CHECKING, Self

from inspector.bundle.decoded_text import decode_text
from inspector.errors import Malformed, TooLarge
from inspector.model import RootRecord

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

HEAD = 4096
MAX_READ = 128 * 2**20
MAX_TEXT = 16 * 2**20
BLOCK = 2**18  # stays in the second-level cache of the processor that hashes it
POINTERS = (b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/spec/")


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file that the walk found and nobody has opened yet. `real` is the path to open, `path` the POSIX path to show.

    `identity` is its device, inode, size in bytes, and times of change (content, then record) in nanoseconds. A member of an archive is a part of
    `real`: `size` bytes from `base` on.
    """

    root: RootRecord
    path: str
    real: bytes
    size: int
    identity: tuple[int, ...] = ()
    base: int | None = None

    def open(self) -> "File":
        """Open the file for reading.

        Raises OSError when it cannot be opened, Malformed when it is no regular file any more.
        """
        for opener in _openers:
            if (file := opener(self)) is not None:
                return file
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self.real, flags)
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            os.close(descriptor)
            raise Malformed("it changed while it was inspected: no regular file any more")
        if self.base is None:
            return File(self.root, self.path, state.st_size, descriptor)
        if self.base + self.size > state.st_size:
            os.close(descriptor)
            raise Malformed("it changed while it was inspected: the archive is shorter than it was")
        return File(self.root, self.path, self.size, descriptor, base=self.base)


@dataclass(slots=False, eq=False)
class File:
    """An open file, or a part of one from `base` on, read through bounded and cached views.

    `size` is in bytes; `flaws` are reasons why a view is not the whole truth, `remarks` what was taken for granted to have one.
    """

    root: RootRecord
    path: str
    size: int
    descriptor: int
    flaws: list[str] = field(default_factory=list)
    base: int = 0
    remarks: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; its cached views stay."""
        os.close(self.descriptor)

    @property
    def name(self) -> str:
        """The base name, as it is written."""
        return PurePosixPath(self.path).name

    @property
    def suffix(self) -> str:
        """The suffix with its dot, case-folded."""
        return PurePosixPath(self.path).suffix.casefold()

    @property
    def is_pointer(self) -> bool:
        """Say whether this is a git-LFS pointer: a stand-in of under 1 KiB for content that was not downloaded. Source: git-lfs, docs/spec.md."""
        return self.size < 1024 and self.head.startswith(POINTERS)

    @cached_property
    def head(self) -> bytes:
        """The first 4 KiB."""
        return self._pread(0, HEAD)

    def read(self, offset: int, length: int) -> bytes:
        """Read exactly `length` bytes at `offset`.

        Raises TooLarge above 128 MiB and Malformed when the file ends before.
        """
        if length > MAX_READ:
            raise TooLarge(f"{length} bytes asked for at byte {offset}, the limit is {MAX_READ}")
        if offset < 0 or length < 0 or offset + length > self.size:
            raise Malformed(f"truncated: {length} bytes expected at byte {offset}, the file has {self.size}")
        data = self.head[offset : offset + length] if offset + length <= len(self.head) else self._pread(offset, length)
        if len(data) != length:
            raise Malformed(f"truncated: {length} bytes expected at byte {offset}, {len(data)} could be read")
        return data

    def whole(self, limit: int = MAX_TEXT) -> bytes:
        """Read the whole file.

        Raises TooLarge when it has more than `limit` bytes.
        """
        if self.size > limit:
            raise TooLarge(f"{self.size} bytes, the limit for reading a whole file of this kind is {limit}")
        return self.read(0, self.size)

    @cached_property
    def text(self) -> str:
        """The whole file as text, at most 16 MiB: UTF-8 or UTF-16 by its mark, else as `decode_text` tells."""
        return decode_text(self.whole(), self.flaws, self.remarks)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of the text without their ends."""
        return tuple(self.text.splitlines())

    def sha256(self) -> str:
        """Digest the whole file."""
        return self.digest(("sha256",))["sha256"]

    def digest(self, algorithms: Iterable[str]) -> dict[str, str]:
        """Give digests of the whole file by algorithm, from one read in blocks of 256 KiB that holds no lock of Python's.

        Algorithms are those of hashlib, and `git-sha1` and `git-sha256`, which git names the file by. Source: git, "Git Internals - Git Objects".
        """
        running = {name: start_digest(name, self.size) for name in algorithms}
        for block in self._stream() if running else ():
            for digest in running.values():
                digest.update(block)
        return {name: digest.hexdigest() for name, digest in running.items()}

    def _stream(self) -> Iterator[memoryview | bytes]:
        """Read the whole file once, a block at a time; each block is good until the next is asked for."""
        block, offset = memoryview(bytearray(BLOCK)), 0
        while count := min(os.preadv(self.descriptor, [block], self.base + offset), self.size - offset):
            yield block[:count]
            offset += count

    def _pread(self, offset: int, length: int) -> bytes:
        parts: list[bytes] = []
        length, offset = min(length, self.size - offset), self.base + offset
        while length > 0 and (part := os.pread(self.descriptor, length, offset)):
            parts.append(part)
            offset, length = offset + len(part), length - len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)


def start_digest(algorithm: str, size: int) -> "Hash":
    """Begin a digest of so many bytes; what git hashes has its own head."""
    if not algorithm.startswith("git-"):
        return hashlib.new(algorithm, usedforsecurity=False)
    return hashlib.new(algorithm.removeprefix("git-"), b"blob %d\0" % size, usedforsecurity=False)


def open_with(opener: Callable[[Entry], File | None]) -> None:
    """Have files opened by somebody who knows where their content is; None from there means that it is where the walk found it."""
    _openers.append(opener)


_openers: list[Callable[[Entry], File | None]] = []
