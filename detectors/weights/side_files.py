"""Side files: bytes that one file describes and others hold.

A description of a model and its numbers are often two files: the numbers alone have no header, and only the description knows their sizes.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Claim, Component, Evidence, Issue, Location, Reference, Severity, Stored

MOST_NAMED = 1000
POINTER = "git-lfs-pointer"
SETTLE = "Download the files again, all of them from the same revision, and inspect again."
REFERENCED = ((Component.PARAMETERS, Claim.REFERENCED), (Component.CHECKPOINTS, Claim.REFERENCED))


@crosscheck("side-files", emits={(Component.PARAMETERS, Claim.MISSING), (Component.CHECKPOINTS, Claim.MISSING)})
def side_files(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold the sizes that descriptions give the files beside them against the files that are here."""
    sizes = {(record.root, record.path): record.size for record in gathered.files if record.format != POINTER}
    for items in gathered.by_file(*REFERENCED).values():
        for item in items:
            if isinstance(item.details, Stored):
                yield from _compare(item, item.details, sizes)


def _compare(item: Evidence, stored: Stored, sizes: dict[tuple[str, str], int]) -> Iterator[Found | Issue]:
    root, place = item.location.root, item.location
    missing = [path for path in stored.files if (root, path) not in sizes]
    for path in missing[:MOST_NAMED]:
        reference = Reference(kind="file", target=path)
        yield Found(item.component, Claim.MISSING, PurePosixPath(path).name, at=place, details=reference)
    if missing:
        message = f"{len(missing)} of {len(stored.files)} files that hold the numbers of the model are not here"
        # A description alone, as benchmarks and examples have it, is no damage; nothing of its numbers was looked into all the same.
        severity = Severity.LOW if len(missing) == len(stored.files) else Severity.HIGH
        yield _issue("side-files.missing", severity, message, (place,))
        return
    have, places = sum(sizes[root, path] for path in stored.files), tuple(Location(root=root, path=path) for path in stored.files[:50])
    if have < stored.size:
        reference = Reference(kind="file", target=stored.files[-1])
        yield Found(item.component, Claim.MISSING, "truncated", at=place, details=reference)
        message = f"truncated: {stored.size} bytes are described, the files beside have {have}"
        yield _issue("side-files.truncated", Severity.HIGH, message, (place, *places))
    elif stored.whole and have > stored.size:
        message = f"{have - stored.size} bytes of the files beside are described by nothing"
        yield _issue("side-files.trailing-bytes", Severity.MEDIUM, message, (place, *places))


def _issue(rule: str, severity: Severity, message: str, places: tuple[Location, ...]) -> Issue:
    return Issue(rule=rule, severity=severity, message=message, locations=places, settle=SETTLE)
