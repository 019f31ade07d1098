"""Roots of a system and their layouts: a directory, a single file, a git clone, a model hub's download or its cache."""

import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from inspector.errors import UsageError
from inspector.model import Role, RootRecord, printable

RECORD_LIMIT = 2**20
SHARED_MARK = ".huggingface-shared-blobs"
SHARED_NAME = re.compile(r"[0-9a-f]{64}")
HUB_RECORDS = PurePosixPath(".cache/huggingface")
REMOTE = re.compile(r'^\[remote "origin"\]\s*$(?:\n[ \t]+.*$)*?\n[ \t]+url[ \t]*=[ \t]*(\S+)', re.M)
# What stands before the host can hold a password.
ADDRESS = re.compile(r"^(?:[a-z+]+://)?(?:[^@/]*@)?(?P<host>[\w.-]+)(?::\d+)?[:/]+(?P<path>[\w./~-]+?)(?:\.git)?/?$", re.I)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A file of a root that a layout keeps elsewhere: the path to show, the file to open, and the part of it (bytes), if it is no whole file."""

    path: str
    real: Path
    part: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Root:
    """A directory to walk (or one file of it): where it is, the name that locations use, and the directory that links may not leave.

    A layout that keeps its files under other names gives them in `mapped`, and in `flaws` what it lacks: a path and a reason. `shared` is a
    directory beside the boundary in which the program that keeps the cache puts content by its hash; links may lead to such content.
    """

    record: RootRecord
    top: Path
    boundary: Path
    only: str | None = None
    mapped: tuple[Mapped, ...] | None = None
    flaws: tuple[tuple[str, str], ...] = ()
    shared: Path | None = None

    def holds(self, target: Path) -> bool:
        """Say whether links may lead to a path."""
        if target.is_relative_to(self.boundary):
            return True
        return self.shared is not None and target.parent.parent == self.shared and SHARED_NAME.fullmatch(target.name) is not None


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
        origin = printable(name.replace("--", "/", 1))
        record = RootRecord(name=origin, role=role, layout="hub-cache", revision=printable(snapshot.name), origin=origin)
        return Root(record, snapshot, repo, shared=_shared_store(repo.parent))
    return None


def _shared_store(cache: Path) -> Path | None:
    """Find the store in which a cache keeps content that its repositories share. Source: huggingface_hub 2, `_shared_blobs.py`."""
    store = cache / "blobs"
    return store if not store.is_symlink() and first_line(store / SHARED_MARK) is not None else None


def _snapshot(repo: Path) -> Path | None:
    """Choose the snapshot that `refs/main` names, else the last by name."""
    snapshots = sorted(entry for entry in (repo / "snapshots").iterdir() if entry.is_dir())
    main = first_line(repo / "refs" / "main")
    return next((entry for entry in snapshots if entry.name == main), snapshots[-1] if snapshots else None)


def _plain(top: Path, role: Role | None) -> Root:
    layout, revision, origin = "directory", None, None
    if (top / ".git").is_dir():
        layout, revision, origin = "git", _git_revision(top / ".git"), _git_origin(top / ".git")
    elif (records := top / HUB_RECORDS / "download").is_dir():
        commits = {first_line(record) for record in records.rglob("*.metadata") if record.is_file()}
        layout, revision = "hub-snapshot", next(iter(commits)) if len(commits) == 1 else None
    return Root(RootRecord(name=printable(top.name or "root"), role=role, layout=layout, revision=revision, origin=origin), top, top)


def _git_origin(git: Path) -> str | None:
    """Read where a clone came from, as `host/owner/name`, without what stands before the host."""
    remote = REMOTE.search(_small(git / "config"))
    address = ADDRESS.match(remote[1]) if remote else None
    return printable(f"{address['host'].lower()}/{address['path'].strip('/')}") if address else None


def _git_revision(git: Path) -> str | None:
    head = first_line(git / "HEAD")
    if head is None or not head.startswith("ref: "):
        return head
    reference = head.removeprefix("ref: ")
    if ".." in reference:
        return None
    packed = _small(git / "packed-refs").splitlines()
    return first_line(git / reference) or next((line.split()[0] for line in packed if line.endswith(f" {reference}")), None)


def first_line(path: Path) -> str | None:
    """Read the first line of a small record; None where there is no regular file, or nothing in it."""
    lines = _small(path).splitlines()
    return printable(lines[0].strip()) or None if lines else None


def _small(path: Path, limit: int = RECORD_LIMIT) -> str:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return ""
        with path.open("rb") as stream:
            return stream.read(limit).decode("utf-8", "replace")
    except OSError:
        return ""
