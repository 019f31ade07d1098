"""Git LFS pointers: files that stand in for content, with its SHA-256 and size. Source: git-lfs, docs/spec.md."""

from collections.abc import Iterator
from functools import partial

from inspector.bundle import Entry, Survey
from inspector.git.lfs import LONGEST, is_pointer, read_pointer
from inspector.verification.integrity import Expected, Note, Said, Trust, ledger
from inspector.verification.record_reading import place, read_each

ID = "lfs-pointer"


@ledger(ID, title="Git LFS pointer", proves="which content should stand in a pointer's place")
def lfs_pointers(survey: Survey, _: Trust) -> Iterator[Said]:
    """Find the pointers among small files."""
    kept = {path.rpartition("/")[2] for path in survey.records if "/lfs/objects/" in f"/{path}"}
    yield from read_each((entry for entry in survey.entries.values() if entry.size < LONGEST), partial(_read, kept=kept))


def _read(entry: Entry, kept: set[str]) -> Iterator[Said]:
    with entry.open() as file:
        if not is_pointer(file):
            return
        pointer = read_pointer(file.whole())
    yield Expected(path=entry.path, ledger=ID, record=place(entry), algorithm="sha256", digest=pointer.sha256, size=pointer.size)
    if pointer.sha256 in kept:
        yield Note(text=f"{entry.path} is a pointer, and git-lfs keeps its content: .git/lfs/objects/.../{pointer.sha256}")
