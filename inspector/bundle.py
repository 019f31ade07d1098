"""The only module that reads bundles: roots and their layouts, the walk, and `File` with its bounded views.

Nothing is followed out of a root, nothing but regular files is opened, every file is opened once, and every view has a limit.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from functools import cached_property
from pathlib import Path, PurePosixPath
from types import TracebackType

from inspector.errors import Malformed, TooLarge, UsageError
from inspector.model import Issue, Location, Problem, Role, RootRecord, Severity

HEAD = 4096
MAX_READ = 128 * 2**20
MAX_TEXT = 16 * 2**20
BLOCK = 2**20
DEEPEST = 100
POINTERS = (b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/spec/")
ADMINISTRATIVE = frozenset({".git", ".hg", ".svn"})
HUB_RECORDS = PurePosixPath(".cache/huggingface")


@dataclass(frozen=True, slots=True)
class Root:
    """A directory to walk (or one file of it): where it is, the name that locations use, and the directory that links may not leave."""

    record: RootRecord
    top: Path
    boundary: Path
    only: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file that the walk found and nobody has opened yet. `real` is the path to open, `path` the POSIX path to show."""

    root: RootRecord
    path: str
    real: bytes
    size: int

    def open(self) -> "File":
        """Open the file for reading.

        Raises OSError when it cannot be opened, Malformed when it is no regular file any more.
        """
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self.real, flags)
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            os.close(descriptor)
            raise Malformed("it changed while it was inspected: no regular file any more")
        return File(self.root, self.path, state.st_size, descriptor)


@dataclass(slots=False, eq=False)
class File:
    """An open file, read through bounded and cached views. `size` is in bytes; `flaws` are reasons why a view is not the whole truth."""

    root: RootRecord
    path: str
    size: int
    descriptor: int
    flaws: list[str] = field(default_factory=list)

    def __enter__(self) -> "File":
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
        """The whole file as text, at most 16 MiB: UTF-8 or UTF-16 by its mark, else Latin-1, which is noted as a flaw."""
        return decode_text(self.whole(), self.flaws)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of the text without their ends."""
        return tuple(self.text.splitlines())

    def sha256(self) -> str:
        """Digest the whole file, in blocks of 1 MiB, without holding Python's lock while it reads and hashes."""
        digest, block, offset = sha256(), memoryview(bytearray(BLOCK)), 0
        while count := os.preadv(self.descriptor, [block], offset):
            digest.update(block[:count])
            offset += count
        return digest.hexdigest()

    def _pread(self, offset: int, length: int) -> bytes:
        parts: list[bytes] = []
        while length > 0 and (part := os.pread(self.descriptor, length, offset)):
            parts.append(part)
            offset, length = offset + len(part), length - len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)


def decode_text(data: bytes, flaws: list[str]) -> str:
    """Decode text as UTF-8 or UTF-16 by its mark; what is neither is read as Latin-1, with a flaw that names the first bad byte."""
    for mark, codec in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if data.startswith(mark):
            try:
                return data.decode(codec)
            except UnicodeDecodeError as error:
                flaws.append(f"not valid {codec.removesuffix('-sig').upper()} at byte {error.start}; read as Latin-1")
                break
    return data.decode("latin-1")


def open_root(path: Path, role: Role | None = None) -> Root:
    """Make a root of a directory or of a single file, and recognise its layout.

    Raises UsageError when there is nothing at the path.
    """
    if not path.exists():
        raise UsageError(f"{path}: there is no such file or directory")
    if path.is_file():
        return Root(RootRecord(name=printable(path.name), role=role, layout="file"), path.parent, path.resolve().parent, path.name)
    if not path.is_dir():
        raise UsageError(f"{path}: neither a directory nor a regular file")
    top = path.resolve()
    return _hub_cache(top, role) or _plain(top, role)


def _hub_cache(top: Path, role: Role | None) -> Root | None:
    """Recognise a model hub's cache, given at its repository or at one snapshot. Source: huggingface_hub, "Understand caching"."""
    for repo in (top, top.parent.parent):
        kind, _, name = repo.name.partition("--")
        if kind not in {"models", "datasets", "spaces"} or not name or not (repo / "snapshots").is_dir():
            continue
        snapshot = top if top != repo else _snapshot(repo)
        if snapshot is None:
            return None
        record = RootRecord(name=printable(name.replace("--", "/", 1)), role=role, layout="hub-cache", revision=printable(snapshot.name))
        return Root(record, snapshot, repo)
    return None


def _snapshot(repo: Path) -> Path | None:
    """Choose the snapshot that `refs/main` names, else the last by name."""
    snapshots = sorted(entry for entry in (repo / "snapshots").iterdir() if entry.is_dir())
    main = _first_line(repo / "refs" / "main")
    return next((entry for entry in snapshots if entry.name == main), snapshots[-1] if snapshots else None)


def _plain(top: Path, role: Role | None) -> Root:
    layout, revision = "directory", None
    if (top / ".git").is_dir():
        layout, revision = "git", _git_revision(top / ".git")
    elif (records := top / HUB_RECORDS / "download").is_dir():
        commits = {_first_line(record) for record in records.rglob("*.metadata") if record.is_file()}
        layout, revision = "hub-snapshot", next(iter(commits)) if len(commits) == 1 else None
    return Root(RootRecord(name=printable(top.name or "root"), role=role, layout=layout, revision=revision), top, top)


def _git_revision(git: Path) -> str | None:
    head = _first_line(git / "HEAD")
    if head is None or not head.startswith("ref: "):
        return head
    reference = head.removeprefix("ref: ")
    if ".." in reference:
        return None
    packed = _small(git / "packed-refs").splitlines()
    return _first_line(git / reference) or next((line.split()[0] for line in packed if line.endswith(f" {reference}")), None)


def _first_line(path: Path) -> str | None:
    lines = _small(path).splitlines()
    return printable(lines[0].strip()) or None if lines else None


def _small(path: Path, limit: int = BLOCK) -> str:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return ""
        with path.open("rb") as stream:
            return stream.read(limit).decode("utf-8", "replace")
    except OSError:
        return ""


def walk(root: Root) -> Iterator[Entry | Problem | Issue]:
    """List the regular files of a root in the order of their paths; what is none of them, or cannot be read, is a problem.

    A link to a file inside the boundary is read once, under the link's name, unless the file itself is walked; a link out of it is not followed.
    """
    entries: list[Entry] = []
    links: list[tuple[str, bytes]] = []
    seen: set[tuple[int, int]] = set()
    for path, item in _scan(root, os.fsencode(root.top), ()):
        if isinstance(item, Problem):
            yield item
        elif item.is_symlink():
            links.append((path, item.path))
        elif item.is_file(follow_symlinks=False):
            state = item.stat(follow_symlinks=False)
            seen.add((state.st_dev, state.st_ino))
            entries.append(Entry(root.record, path, item.path, state.st_size))
        else:
            yield _problem(root, path, "a special file (device, pipe or socket); it is not opened")
    for path, real in links:
        outcome = _follow(root, path, real, seen)
        if isinstance(outcome, Entry):
            entries.append(outcome)
        elif outcome is not None:
            yield outcome
    yield from _collisions(entries)
    yield from sorted(entries, key=lambda entry: entry.path)


def _scan(root: Root, directory: bytes, above: tuple[str, ...]) -> Iterator[tuple[str, "os.DirEntry[bytes] | Problem"]]:
    if len(above) > DEEPEST:
        yield "", _problem(root, "/".join(above), f"more than {DEEPEST} directories deep; it is not walked")
        return
    try:
        with os.scandir(directory) as listing:
            children = sorted(listing, key=lambda child: child.name)
    except OSError as error:
        yield "", _problem(root, "/".join(above) or ".", f"the directory cannot be read: {error.strerror}")
        return
    for child in children:
        name = printable(os.fsdecode(child.name))
        path = "/".join((*above, name))
        if root.only is not None and os.fsdecode(child.name) != root.only:
            continue
        if os.fsencode(name) != child.name:
            yield path, _problem(root, path, "the name is not printable UTF-8; it is shown with escapes")
        if not child.is_dir(follow_symlinks=False):
            yield path, child
        elif name not in ADMINISTRATIVE and PurePosixPath(path) != HUB_RECORDS:
            yield from _scan(root, child.path, (*above, name))


def _follow(root: Root, path: str, real: bytes, seen: set[tuple[int, int]]) -> Entry | Problem | None:
    target = Path(os.fsdecode(real)).resolve()
    if root.only is None and not target.is_relative_to(root.boundary):
        return _problem(root, path, "a link that leaves the root; it is not followed")
    try:
        state = target.stat()
    except OSError as error:
        return _problem(root, path, f"a link to something that cannot be read: {error.strerror}")
    if stat.S_ISDIR(state.st_mode) or (state.st_dev, state.st_ino) in seen:
        return None
    if not stat.S_ISREG(state.st_mode):
        return _problem(root, path, "a link to a special file (device, pipe or socket); it is not opened")
    seen.add((state.st_dev, state.st_ino))
    return Entry(root.record, path, os.fsencode(target), state.st_size)


def _collisions(entries: list[Entry]) -> Iterator[Issue]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.path.casefold(), []).append(entry)
    for group in groups.values():
        if len(group) > 1:
            yield Issue(
                rule="bundle.case-collision",
                severity=Severity.LOW,
                message="names that differ in case only: on a file system that folds case one of them hides the other",
                locations=tuple(Location(root=entry.root.name, path=entry.path) for entry in group),
                settle="Rename one of the files.",
            )


def _problem(root: Root, path: str, reason: str) -> Problem:
    return Problem(location=Location(root=root.record.name, path=path), reason=reason)


def printable(text: str) -> str:
    """Write control, bidirectional and undecodable characters as escapes, so that a name cannot act on a terminal or a page."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode("ascii") for char in text)
