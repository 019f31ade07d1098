"""The same weights twice: files of one root whose bytes are equal and that count as weights under two names.

What it sees: the digests of files that hold parameters.
What it says: which files are the same bytes; what a sum over formats counts twice.
What it cannot know: the same tensors in another container or in other shards (`inspector compare` does); anything where digests are left out.
Source: releases that hold the same checkpoint under the names of two libraries.
"""

from collections.abc import Iterator

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Claim, Component, FileRecord, Issue, Location, Severity

MOST_LOCATIONS = 50
SMALL = 64 * 2**10  # bytes; releases of one file a tensor have many small ones that are equal by nature, of ones or zeros


@crosscheck("repeated-weights")
def repeated_weights(gathered: Gathered) -> Iterator[Found | Issue]:
    """Group the files of weights by their digests."""
    weights = gathered.by_file((Component.PARAMETERS, Claim.PRESENT))
    groups: dict[tuple[str, str], list[FileRecord]] = {}
    for record in gathered.files:
        if record.sha256 is not None and record.size >= SMALL and (record.root, record.path) in weights:
            groups.setdefault((record.root, record.sha256), []).append(record)
    for (root, _), records in sorted(groups.items()):
        if len(records) > 1:
            yield Issue(
                rule="weights.repeated",
                severity=Severity.NOTE,
                message=f"the same {records[0].size:,} bytes of weights stand here under {len(records)} names: sums count them as often",
                locations=tuple(Location(root=root, path=record.path) for record in records)[:MOST_LOCATIONS],
                settle="Keep one of them, or count once.",
            )
