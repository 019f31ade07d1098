"""The list of all files of a commit that huggingface_hub keeps: `trees/COMMIT.json`, in a local directory or in its cache.

It names every file upstream with its size, the name that git gives it and, where it is large, its SHA-256; so it tells what is missing and what
was added. Of several lists the one of the newest download counts. Source: huggingface_hub, format version 1.
"""

import re
from collections.abc import Iterator
from functools import partial

import msgspec

from inspector.bundle import Entry, Survey
from inspector.decoding import decode_json
from inspector.errors import Malformed
from inspector.model import printable
from inspector.serialization.strict_json import escape
from inspector.verification.integrity import GIT, Complete, Expected, Note, Said, Trust, join_path, ledger
from inspector.verification.ledgers.hub_download import METADATA, read_metadata
from inspector.verification.record_reading import LARGEST, place, read_bytes, read_each, refuse_path

ID = "hub-tree"
TREE = re.compile(r"(?P<base>(?:.*/)?)(?:\.cache/huggingface/|\.huggingface/)trees/(?P<commit>[0-9a-f]{40})\.json")
DIGEST = {40: re.compile(r"[0-9a-f]{40}"), 64: re.compile(r"[0-9a-f]{64}")}


class TreeFile(msgspec.Struct):
    """A file as the list has it."""

    size: int | None = None
    blob_id: str | None = None
    lfs_sha256: str | None = None
    lfs_size: int | None = None


class Tree(msgspec.Struct):
    """The list of one commit."""

    format_version: int
    files: dict[str, TreeFile]


@ledger(
    ID,
    title="list of all files of a commit of the Hugging Face hub",
    proves="names, sizes and contents are those that the hub listed for the commit when it was downloaded",
)
def hub_tree(survey: Survey, _: Trust) -> Iterator[Said]:
    """Read the list of the commit that is here."""
    for base, trees in _find(survey).items():
        commit = _commit(survey, base)
        if commit in trees:
            yield from read_each((trees[commit],), partial(_read, base=base, survey=survey))
        else:
            yield Note(text=f"a list of the hub's files is of another commit than what is here, and was not used: {min(trees)[:12]}")


def _find(survey: Survey) -> dict[str, dict[str, Entry]]:
    trees: dict[str, dict[str, Entry]] = {}
    for path, entry in survey.records.items():
        if match := TREE.fullmatch(path):
            trees.setdefault(match["base"], {})[match["commit"]] = entry
        elif survey.root.record.layout == "hub-cache" and (match := TREE.fullmatch(f".huggingface/{path}")):
            trees.setdefault("", {})[match["commit"]] = entry
    return trees


def _commit(survey: Survey, base: str) -> str:
    """Tell the commit that is here: that of the snapshot, or of the newest download."""
    if survey.root.record.layout == "hub-cache":
        return survey.root.top.name
    newest = (0.0, "")
    for path, entry in survey.records.items():
        if (match := METADATA.fullmatch(path)) and match["base"] == base:
            try:
                commit, _, time = read_metadata(entry)
            except (Malformed, OSError):
                continue  # it is told where records are read
            newest = max(newest, (time, commit))
    return newest[1]


def _read(entry: Entry, base: str, survey: Survey) -> Iterator[Said]:
    try:
        tree = decode_json(read_bytes(entry, LARGEST), Tree)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"no list of files: {str(error)[:200]}") from error
    if tree.format_version != 1:
        raise Malformed(f"format version {tree.format_version}; 1 is known")
    yield Complete(ledger=ID, record=place(entry), base=base)
    for name, file in tree.files.items():
        record, path = place(entry, pointer=f"/files/{escape(name)}"), join_path(base, name)
        if path is None:
            yield refuse_path(record, name)
            continue
        large = file.lfs_sha256 is not None
        digest, length = (file.lfs_sha256 or "", 64) if large else (file.blob_id or "", 40)
        if not DIGEST[length].fullmatch(digest):
            raise Malformed(f"{printable(name[:100])}: it has no digest that is written as one")
        size = file.lfs_size if large and file.lfs_size is not None else file.size
        algorithm = "sha256" if large else GIT[40]
        fetched = f"blobs/{digest}" in survey.records  # its link is gone then
        yield Expected(path=path, ledger=ID, record=record, algorithm=algorithm, digest=digest, size=size, listed=not fetched)
