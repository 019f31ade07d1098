"""Parts of distributed checkpoints: whether the files that the metadata lists are all here.

What it sees: the names in the metadata of torch's distributed checkpoints, and the files that were read as their parts.
What it says: which parts are missing or could not be read.
What it cannot know: whether a part that is here is the right one.
Source: torch's `distributed.checkpoint` as version 2.13 writes it.
"""

from collections.abc import Iterator

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Certainty, Claim, Component, Evidence, Issue, Reference, Severity

PARTS = "torch-distributed"
MOST_LOCATIONS = 50


@crosscheck("distributed-parts", emits={(Component.CHECKPOINTS, Claim.MISSING)})
def distributed_parts(gathered: Gathered) -> Iterator[Found | Issue]:
    """Compare the files that metadata names with the files that were read."""
    present = {(item.root, item.path) for item in gathered.files if item.format == PARTS}
    missing: dict[tuple[str, str], list[Evidence]] = {}
    for item in gathered.evidence:
        if item.detector == PARTS and item.claim is Claim.REFERENCED and isinstance(item.details, Reference):
            root = item.location.root
            if (root, item.details.target) not in present:
                missing.setdefault((root, item.location.path), []).append(item)
    for _, items in sorted(missing.items()):
        for item in items:
            yield Found(Component.CHECKPOINTS, Claim.MISSING, item.value, Certainty.READ, at=item.location, details=item.details)
        yield Issue(
            rule="torch-distributed.missing",
            severity=Severity.HIGH,
            message=f"{len(items)} files of the checkpoint are not here, or could not be read",
            locations=tuple(item.location for item in items)[:MOST_LOCATIONS],
            settle="Download the missing files, and inspect again.",
        )
