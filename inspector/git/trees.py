"""Commits and trees of a git repository: which commit HEAD means, and every path of its tree. Source: git, "gitrepository-layout", "Git Objects"."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inspector.bundle import Entry
from inspector.errors import Malformed, TooLarge
from inspector.git.objects import GitObjects

NAME = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
TREE = re.compile(rb"tree ([0-9a-f]{40}|[0-9a-f]{64})\n")
DEEPEST = 100
MOST = 2_000_000
LONGEST_REFERENCE = 4096
LARGEST_LIST = 64 * 2**20
FOLDER = 0o040000


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A path of a tree as it is spelled, its mode, and the name of its content."""

    path: bytes
    mode: int
    name: str


def find_head(records: Mapping[str, Entry], git: str) -> str | None:
    """Give the commit that HEAD means; none where it is not to be found."""
    text = _read(records.get(f"{git}HEAD"), LONGEST_REFERENCE)
    for _ in range(5):  # a reference can be one to another
        text = text.strip()
        if not text.startswith("ref: "):
            return text if NAME.fullmatch(text) else None
        reference = text.removeprefix("ref: ")
        text = _read(records.get(f"{git}{reference}"), LONGEST_REFERENCE) or _find_packed(records, git, reference)
    return None


def _find_packed(records: Mapping[str, Entry], git: str, reference: str) -> str:
    lines = _read(records.get(f"{git}packed-refs"), LARGEST_LIST).splitlines()
    return next((line.split(" ")[0] for line in lines if line.endswith(f" {reference}")), "")


def _read(entry: Entry | None, limit: int) -> str:
    if entry is None or entry.size > limit:
        return ""
    try:
        with entry.open() as file:
            return file.whole(limit).decode("utf-8", "replace")
    except (OSError, Malformed):
        return ""


def read_tree_name(commit: bytes) -> str:
    """Give the name of a commit's tree.

    Raises Malformed when it has none.
    """
    match = TREE.match(commit)
    if match is None:
        raise Malformed("a commit without a tree")
    return match[1].decode()


def list_tree(objects: GitObjects, tree: str) -> Iterator[TreeEntry]:
    """Give every path below a tree that is no directory.

    Raises Malformed where a tree breaks or is not here, TooLarge beyond 100 levels or two million paths.
    """
    waiting: list[tuple[bytes, str, int]] = [(b"", tree, 0)]
    count = 0
    while waiting:
        above, name, depth = waiting.pop()
        if depth > DEEPEST:
            raise TooLarge(f"a tree deeper than {DEEPEST} directories")
        for entry in _parse(objects.read(name, "tree"), len(name) // 2):
            count += 1
            if count > MOST:
                raise TooLarge(f"a tree of more than {MOST} paths")
            if entry.mode == FOLDER:
                waiting.append((above + entry.path + b"/", entry.name, depth + 1))
            else:
                yield TreeEntry(above + entry.path, entry.mode, entry.name)


def _parse(data: bytes, width: int) -> Iterator[TreeEntry]:
    place = 0
    while place < len(data):
        space, end = data.find(b" ", place, place + 8), data.find(b"\0", place)
        if not 0 < space < end or end + 1 + width > len(data):
            raise Malformed("a tree of git breaks off")
        try:
            mode = int(data[place:space], 8)
        except ValueError as error:
            raise Malformed("a tree of git has a mode that is no number") from error
        if b"/" in data[space + 1 : end]:
            raise Malformed("a tree of git has a name with a slash")
        yield TreeEntry(data[space + 1 : end], mode, data[end + 1 : end + 1 + width].hex())
        place = end + 1 + width
