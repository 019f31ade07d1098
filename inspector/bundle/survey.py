"""The survey: every name of a root with what stands there, and beside it the records that the walk leaves out.

Records are what a download or a clone leaves to tell where files came from: `.git`, the hub's records, and what a hub's cache keeps beside its
snapshots. They are regular files at any depth; no link among them is followed. Unlike the walk, a survey gives links under their own names too.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inspector.bundle.file import Entry
from inspector.bundle.roots import Root
from inspector.bundle.walk import ADMINISTRATIVE, follow_link, identify, scan_tree, walk
from inspector.model import Location, Problem, printable

HUB_DIRECTORIES = ("/.cache/huggingface/", "/.huggingface/")
CACHE_DIRECTORIES = ("refs", "trees", ".no_exist", "blobs")
MOST_NAMES = 2_000_000


@dataclass(frozen=True, slots=True)
class Survey:
    """What stands in a root by path: files (also through links), the texts of links, the records beside them, and what could not be read.

    Records of a hub's cache have paths relative to its repository (`trees/....json`), all others relative to the root (`.git/index`).
    """

    root: Root
    entries: Mapping[str, Entry]
    links: Mapping[str, bytes]
    records: Mapping[str, Entry]
    problems: tuple[Problem, ...]

    def find_bases(self, record: str) -> Iterator[str]:
        """Give every directory (with a slash behind it; empty for the root) that holds a record of this path."""
        for path in self.records:
            if path == record or path.endswith(f"/{record}"):
                yield path.removesuffix(record)

    def list_records(self, directory: str) -> Iterator[tuple[str, Entry]]:
        """Give the records below a directory, with their paths in it."""
        prefix = directory.rstrip("/") + "/"
        yield from ((path.removeprefix(prefix), entry) for path, entry in self.records.items() if path.startswith(prefix))


def survey(root: Root) -> Survey:
    """List all names of a root, whatever its layout."""
    entries, links, records, problems = dict[str, Entry](), dict[str, bytes](), dict[str, Entry](), list[Problem]()
    listed = _list_mapped(root) if root.mapped is not None else _list_directory(root, links)
    for item in listed:
        if isinstance(item, Problem):
            problems.append(item)
            continue
        kept = records if is_record(item.path) else entries
        if item.path in kept:
            problems.append(_problem(root, item.path, "another file is shown under the same name; this one is not verified"))
        kept.setdefault(item.path, item)
    if root.record.layout == "hub-cache":
        records |= _list_cache(root, problems)
    return Survey(root, dict(sorted(entries.items())), links, dict(sorted(records.items())), tuple(problems))


def is_record(path: str) -> bool:
    """Say whether a path is one of a record: below `.git` and its like, or below the hub's directory of records."""
    whole = f"/{path}"
    return any(mark in whole for mark in HUB_DIRECTORIES) or not ADMINISTRATIVE.isdisjoint(path.split("/"))


def _list_mapped(root: Root) -> Iterator[Entry | Problem]:
    yield from (item for item in walk(root) if isinstance(item, Entry | Problem))


def _list_directory(root: Root, links: dict[str, bytes]) -> Iterator[Entry | Problem]:
    for count, (path, item) in enumerate(scan_tree(root, skip=lambda _: False)):
        if count >= MOST_NAMES:
            yield _problem(root, ".", f"more than {MOST_NAMES:,} names; what comes after {path} is not verified")
            return
        if isinstance(item, Problem):
            yield item
        elif item.is_symlink():
            if not is_record(path):
                links[path] = os.readlink(item.path)  # noqa: PTH115 - a Path is no place for bytes
                yield from _follow(root, path, item.path)
        elif item.is_file(follow_symlinks=False):
            state = item.stat(follow_symlinks=False)
            yield Entry(root.record, path, item.path, state.st_size, identify(state))
        else:
            yield _problem(root, path, "a special file (device, pipe or socket); it is not opened")


def _follow(root: Root, path: str, real: bytes) -> Iterator[Entry | Problem]:
    outcome = follow_link(root, path, real, set())
    if outcome is not None:
        yield outcome


def _list_cache(root: Root, problems: list[Problem]) -> dict[str, Entry]:
    """List what a hub's cache keeps beside the snapshot. Source: huggingface_hub, "Understand caching"."""
    records = dict[str, Entry]()
    for name in CACHE_DIRECTORIES:
        top = root.boundary / name
        if not top.is_dir() or top.is_symlink():
            continue
        for path, item in scan_tree(root, top, skip=lambda _: False):
            shown = f"{name}/{path}"
            if isinstance(item, Problem):
                problems.append(_problem(root, shown, item.reason))
            elif item.is_file(follow_symlinks=False):
                state = item.stat(follow_symlinks=False)
                records[shown] = Entry(root.record, shown, item.path, state.st_size, identify(state))
    return records


def _problem(root: Root, path: str, reason: str) -> Problem:
    return Problem(location=Location(root=root.record.name, path=printable(path)), reason=reason)
