"""Objects of a git repository, read without git: loose ones and those in packs, each held against its own name.

Every object is inflated within a limit, deltas are bounded in size and in number, and nothing outside of the repository is looked at.
Source: git, "gitformat-pack", "Git Internals - Git Objects".
"""

import hashlib
import zlib
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from inspector.bundle import MAX_READ, Entry, File
from inspector.errors import Damaged, Malformed, TooLarge
from inspector.git.packs import Pack, inflate_head, open_pack
from inspector.model import printable

KINDS = frozenset({"commit", "tree", "blob", "tag"})
LARGEST = 64 * 2**20  # bytes of an object
MOST_PACKS = 2_000
HEAD_LIMIT = 64


class GitObjects:
    """The objects below a directory of records: `records` by path, `git` is that of the repository with a slash behind it."""

    def __init__(self, records: Mapping[str, Entry], git: str) -> None:
        self._records = records
        self._git = git
        self._stack = ExitStack()
        self._packs: list[Pack] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()

    def read(self, name: str, kind: str, limit: int = LARGEST) -> bytes:
        """Read the content of an object by its name in hexadecimal digits.

        Raises Malformed when it is not here, of another kind, or not what its name says; TooLarge beyond `limit` bytes.
        """
        found = self._read_loose(name, limit) or self._read_packed(name, limit)
        if found is None:
            raise Malformed(f"the {kind} {name[:12]} is not in this repository")
        real, data = found
        digest = hashlib.new("sha1" if len(name) == 40 else "sha256", f"{real} {len(data)}\0".encode(), usedforsecurity=False)
        digest.update(data)
        if real != kind or digest.hexdigest() != name:
            raise Damaged(f"the object {name[:12]} is not what its name says")
        return data

    def measure(self, name: str) -> int | None:
        """Give the size of an object in bytes; none where it is not here."""
        if (entry := self._loose(name)) is not None:
            with entry.open() as file:
                return _read_head(inflate_head(file.head, HEAD_LIMIT))[1]
        for pack in self._open_packs():
            if (offset := pack.find(name)) is not None:
                return pack.measure(offset)
        return None

    def _loose(self, name: str) -> Entry | None:
        return self._records.get(f"{self._git}objects/{name[:2]}/{name[2:]}")

    def _read_loose(self, name: str, limit: int) -> tuple[str, bytes] | None:
        entry = self._loose(name)
        if entry is None:
            return None
        with entry.open() as file:
            try:
                data = zlib.decompressobj().decompress(file.whole(MAX_READ), limit + HEAD_LIMIT)
            except zlib.error as error:
                raise Damaged(f"the object {name[:12]} cannot be inflated: {error}") from error
        kind, size, start = _read_head(data)
        if size > limit:
            raise TooLarge(f"the object {name[:12]} has {size} bytes, the limit is {limit}")
        if len(data) - start != size:
            raise Malformed(f"the object {name[:12]} has another size than it says")
        return kind, data[start:]

    def _read_packed(self, name: str, limit: int) -> tuple[str, bytes] | None:
        for pack in self._open_packs():
            if (offset := pack.find(name)) is not None:
                return pack.read(offset, limit)
        return None

    def _open_packs(self) -> list[Pack]:
        if self._packs is None:
            folder = f"{self._git}objects/pack/"
            indexes = [path for path in self._records if path.startswith(folder) and path.endswith(".idx")]
            if len(indexes) > MOST_PACKS:
                raise TooLarge(f"{len(indexes)} packs, the limit is {MOST_PACKS}")
            self._packs = []
            for path in indexes:
                held = self._records.get(path.removesuffix(".idx") + ".pack")
                if held is not None:
                    self._packs.append(open_pack(self._open(self._records[path]), self._open(held)))
        return self._packs

    def _open(self, entry: Entry) -> File:
        return self._stack.enter_context(entry.open())


def _read_head(data: bytes) -> tuple[str, int, int]:
    """Read the kind, the size, and where the content starts."""
    end = data.find(b"\0", 0, HEAD_LIMIT)
    kind, _, size = data[: max(end, 0)].decode("latin-1").partition(" ")
    if end < 0 or kind not in KINDS or not size.isdecimal() or len(size) > 18:
        raise Malformed(f"no object of git: {printable(data[:20].decode('latin-1'))!r}")
    return kind, int(size), end + 1
