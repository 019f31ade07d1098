"""The names of blobs in the cache of huggingface_hub, and its notes on what does not exist upstream.

A file of a snapshot is a link to `blobs/ETAG`, and the name is the digest: 64 hexadecimal digits of SHA-256, or the 40 that git names content by.
An empty file `.no_exist/COMMIT/PATH` notes that the commit has no such file. Source: huggingface_hub, "Understand caching".
"""

import os
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from inspector.bundle import Survey
from inspector.model import Location
from inspector.verification.integrity import GIT, Expected, Note, Said, Trust, join_path, ledger
from inspector.verification.record_reading import place, refuse_path

ID = "hub-cache"
NAME = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@ledger(
    ID,
    title="names in the cache of the Hugging Face hub",
    proves="the content has the digest that its name in the cache gives; not that the snapshot leads to the right one",
)
def hub_cache(survey: Survey, _: Trust) -> Iterator[Said]:
    """Hold what snapshots lead to against its own name."""
    if survey.root.record.layout != "hub-cache":
        return
    root = survey.root.record.name
    for path, text in survey.links.items():  # a blob can itself be a link, to content that repositories share under another hash
        blob = PurePosixPath(os.fsdecode(text))
        if path in survey.entries and blob.parent.name == "blobs" and NAME.fullmatch(blob.name):
            algorithm = "sha256" if len(blob.name) == 64 else GIT[40]
            record = Location(root=root, path=f"blobs/{blob.name}")
            yield Expected(path=path, ledger=ID, record=record, algorithm=algorithm, digest=blob.name)
    for name, entry in survey.list_records(f".no_exist/{survey.root.top.name}"):
        absent = join_path("", name)
        if absent is None:
            yield refuse_path(place(entry), name)
        else:
            yield Expected(path=absent, ledger=ID, record=place(entry), absent=True)
    if unfinished := [path for path in survey.records if path.startswith("blobs/") and path.endswith(".incomplete")]:
        yield Note(text=f"{len(unfinished)} download{'s' if len(unfinished) > 1 else ''} did not end: {unfinished[0]}")
