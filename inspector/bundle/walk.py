"""The walk: the regular files of a root in a fixed order, and a problem for everything else."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from inspector.bundle.file import Entry
from inspector.bundle.roots import HUB_RECORDS, Mapped, Root
from inspector.model import Issue, Location, Problem, Severity, printable

OUTSIDE = "a link that leaves the root; it is not followed"
DEEPEST = 100
ADMINISTRATIVE = frozenset({".git", ".hg", ".svn"})


def walk(root: Root) -> Iterator[Entry | Problem | Issue]:
    """List the regular files of a root in the order of their paths; what is none of them, or cannot be read, is a problem.

    A link to a file inside the boundary is read once, under the link's name, unless the file itself is walked; a link out of it is not followed.
    """
    if root.mapped is not None:
        yield from _map(root, root.mapped)
        return
    entries: list[Entry] = []
    links: list[tuple[str, bytes]] = []
    seen: set[tuple[int, int]] = set()
    for path, item in scan_tree(root, skip=_is_aside):
        if isinstance(item, Problem):
            yield item
        elif item.is_symlink():
            links.append((path, item.path))
        elif item.is_file(follow_symlinks=False):
            state = item.stat(follow_symlinks=False)
            seen.add((state.st_dev, state.st_ino))
            entries.append(Entry(root.record, path, item.path, state.st_size, identify(state)))
        else:
            yield _problem(root, path, "a special file (device, pipe or socket); it is not opened")
    for path, real in links:
        outcome = follow_link(root, path, real, seen)
        if isinstance(outcome, Entry):
            entries.append(outcome)
        elif outcome is not None:
            yield outcome
            yield from _outside(outcome)
    yield from _collisions(entries)
    yield from sorted(entries, key=lambda entry: entry.path)


def _map(root: Root, mapped: tuple[Mapped, ...]) -> Iterator[Entry | Problem | Issue]:
    """List the files that a layout keeps under other names."""
    yield from (_problem(root, path, reason) for path, reason in root.flaws)
    entries: list[Entry] = []
    for item in mapped:
        try:
            state = item.real.lstat()
        except OSError as error:
            yield _problem(root, item.path, f"it cannot be read: {error.strerror}")
            continue
        if not stat.S_ISREG(state.st_mode):
            yield _problem(root, item.path, "a link or a special file stands in its place; it is not opened")
        elif item.part is None:
            entries.append(Entry(root.record, item.path, os.fsencode(item.real), state.st_size, identify(state)))
        else:
            base, size = item.part
            entries.append(Entry(root.record, item.path, os.fsencode(item.real), size, (*identify(state), base), base))
    yield from _collisions(entries)
    yield from sorted(entries, key=lambda entry: entry.path)


def scan_tree(root: Root, top: Path | None = None, *, skip: Callable[[str], bool]) -> Iterator[tuple[str, "os.DirEntry[bytes] | Problem"]]:
    """Give everything but directories below a root (or another top), with its path; a directory whose path `skip` names is left out."""
    yield from _scan(root, os.fsencode(top or root.top), (), skip)


def _scan(
    root: Root, directory: bytes, above: tuple[str, ...], skip: Callable[[str], bool]
) -> Iterator[tuple[str, "os.DirEntry[bytes] | Problem"]]:
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
        elif not skip(path):
            yield from _scan(root, child.path, (*above, name), skip)


def _is_aside(path: str) -> bool:
    """Say whether a directory is not part of the bundle: what keeps its history, or tells how it was downloaded."""
    pure = PurePosixPath(path)
    return pure.name in ADMINISTRATIVE or pure == HUB_RECORDS


def follow_link(root: Root, path: str, real: bytes, seen: set[tuple[int, int]]) -> Entry | Problem | None:
    """Give what a link leads to, if it is a file inside the boundary that nobody has seen yet; none for directories and for what was seen."""
    target = Path(os.path.realpath(os.fsdecode(real)))
    if root.only is None and not root.holds(target):
        return _problem(root, path, OUTSIDE)
    try:
        state = target.stat()
    except OSError as error:
        return _problem(root, path, f"a link to something that cannot be read: {error.strerror}")
    if stat.S_ISDIR(state.st_mode) or (state.st_dev, state.st_ino) in seen:
        return None
    if not stat.S_ISREG(state.st_mode):
        return _problem(root, path, "a link to a special file (device, pipe or socket); it is not opened")
    seen.add((state.st_dev, state.st_ino))
    return Entry(root.record, path, os.fsencode(target), state.st_size, identify(state))


def _outside(problem: Problem) -> Iterator[Issue]:
    """Say of a link out of the root what it does to others: loaders follow it."""
    if problem.reason == OUTSIDE:
        yield Issue(
            rule="bundle.link-outside",
            severity=Severity.MEDIUM,
            message="a link leads out of the bundle: a loader that follows it reads, or writes, a file of the machine it runs on",
            locations=(problem.location,),
            settle="Put the file itself in the place of the link.",
        )


def identify(state: os.stat_result) -> tuple[int, ...]:
    """Give what tells a file from every other, and from itself before a change."""
    return (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)


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
