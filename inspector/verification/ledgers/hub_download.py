"""The download records of huggingface_hub in a local directory: the commit, etag and time of each file.

`.cache/huggingface/download/PATH.metadata` (`.huggingface/download` before 0.23) has three lines. An etag of 64 hexadecimal digits is the SHA-256
of the content, one of 40 the name that git gives it. Source: huggingface_hub, `_local_folder.py`.
"""

import math
import re
from collections.abc import Iterator
from functools import partial

from inspector.bundle import Entry, Survey
from inspector.errors import Malformed
from inspector.model import Issue, Location, Severity
from inspector.verification.integrity import GIT, Expected, Note, Said, Trust, join_path, ledger
from inspector.verification.record_reading import place, read_each, read_lines, refuse_path

ID = "hub-download"
METADATA = re.compile(r"(?P<base>(?:.*/)?)(?:\.cache/huggingface|\.huggingface)/download/(?P<name>.+)\.metadata")
UNFINISHED = re.compile(r"(?:.*/)?(?:\.cache/huggingface|\.huggingface)/download/.*\.incomplete")
COMMIT = re.compile(r"[0-9a-f]{40}")
ETAG = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
LIMIT = 64 * 2**10
MOST_SHOWN = 8


@ledger(
    ID,
    title="download record of the Hugging Face hub",
    proves="the content is what the hub's client noted when it downloaded the file",
)
def hub_download(survey: Survey, _: Trust) -> Iterator[Said]:
    """Read the record of each file, and hold their commits against each other."""
    commits: dict[str, dict[str, list[Location]]] = {}
    found = [(match, entry) for path, entry in survey.records.items() if (match := METADATA.fullmatch(path))]
    for match, entry in found:
        yield from read_each((entry,), partial(_read, base=match["base"], name=match["name"], commits=commits))
    for by_commit in commits.values():
        if len(by_commit) > 1:
            yield _mixed(by_commit)
    if unfinished := [path for path in survey.records if UNFINISHED.fullmatch(path)]:
        yield Note(text=f"{len(unfinished)} download{'s' if len(unfinished) > 1 else ''} did not end: {unfinished[0]}")


def _read(entry: Entry, base: str, name: str, commits: dict[str, dict[str, list[Location]]]) -> Iterator[Said]:
    path = join_path(base, name)
    if path is None:
        yield refuse_path(place(entry), name)
        return
    commit, etag, _ = read_metadata(entry)
    commits.setdefault(base, {}).setdefault(commit, []).append(place(entry, 1))
    digest = etag if ETAG.fullmatch(etag) else ""
    algorithm = "sha256" if len(digest) == 64 else GIT[40] if digest else ""
    yield Expected(path=path, ledger=ID, record=place(entry, 2), algorithm=algorithm, digest=digest)


def read_metadata(entry: Entry) -> tuple[str, str, float]:
    """Read the commit, etag and time (seconds) of a download record.

    Raises Malformed where it has other lines.
    """
    lines = read_lines(entry, LIMIT)
    try:
        commit, etag, time = lines[0].strip(), lines[1].strip().strip('"'), float(lines[2])
    except (IndexError, ValueError) as error:
        raise Malformed("a download record has three lines: commit, etag and time") from error
    if not COMMIT.fullmatch(commit) or not math.isfinite(time):
        raise Malformed("a download record begins with a commit and ends with a time")
    return commit, etag, time


def _mixed(by_commit: dict[str, list[Location]]) -> Issue:
    told = ", ".join(f"{commit[:12]} ({len(places)})" for commit, places in sorted(by_commit.items())[:MOST_SHOWN])
    rare = sorted(by_commit.values(), key=len)
    return Issue(
        rule="verify.mixed-commits",
        severity=Severity.LOW,
        message=f"files of {len(by_commit)} commits stand beside each other: {told}",
        locations=tuple(location for places in rare for location in places)[:MOST_SHOWN],
        settle="Download one commit whole, and verify again.",
    )
