"""Checkpoints without an end: several directories of checkpoints, and nothing that says which of them is the final one.

What it sees: weights in directories that are named after steps of training (`checkpoint-500`, `global_step1000`, `step1000-tokens4B`).
What it says: an issue where there are several of them and no weights beside or above. All of them count as intermediate then.
What it cannot know: whether the last one by number is what was published as the final model.
Source: the names that trainers give to directories (`standards/checkpoint-names.toml`).
"""

from collections.abc import Iterator

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Claim, Component, Issue, Location, Severity, Weights
from inspector.weights.checkpoints import find_checkpoint

MOST_LOCATIONS = 50


@crosscheck("no-final")
def no_final(gathered: Gathered) -> Iterator[Found | Issue]:
    """List roots whose weights all lie in directories of checkpoints."""
    final = {item.location.root for item in gathered.evidence if item.component is Component.PARAMETERS and item.claim is Claim.PRESENT}
    steps: dict[str, dict[str, Location]] = {}
    for item in gathered.evidence:
        if item.component is not Component.CHECKPOINTS or item.claim is not Claim.PRESENT or not isinstance(item.details, Weights):
            continue
        directory = find_checkpoint(item.location.path)
        if directory is not None and item.value != "optimizer-state" and item.location.root not in final:
            steps.setdefault(item.location.root, {}).setdefault(directory, item.location)
    for places in steps.values():
        if len(places) > 1:
            yield Issue(
                rule="checkpoints.which-is-final",
                severity=Severity.LOW,
                message=f"{len(places)} checkpoints and no weights beside or above them: nothing says which of them are the final parameters",
                locations=tuple(places.values())[:MOST_LOCATIONS],
                settle="Pass the directory of the final checkpoint as a root of its own.",
            )
