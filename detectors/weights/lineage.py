"""Lineage: weights that were made from other weights.

What it sees: the models that cards, adapters and GGUF headers name as what these weights were made from.
What it says: which of them are not among the roots; the training and the data of those are missing, however well the last step is documented.
What it cannot know: whether the named model is the real parent, or an unnamed one is.
Source: the Open Source AI Definition 1.0: "the data information and code used to derive those parameters".
"""

from collections.abc import Iterator

from inspector.detector import Found, Gathered, crosscheck
from inspector.licensing.lineage import last_name
from inspector.model import Claim, Component, Evidence, Issue, Reference, Severity


@crosscheck("lineage", emits={(Component.TRAINING, Claim.MISSING), (Component.DATASETS, Claim.MISSING)})
def lineage(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold the parents that weights name against the names of the roots: what a parent that is not here was trained with is missing."""
    here = {last_name(record.root) for record in gathered.files}
    parents: dict[str, list[Evidence]] = {}
    for item in gathered.evidence:
        named = item.component is Component.PARAMETERS and item.claim is Claim.DERIVED and isinstance(item.details, Reference)
        if named and isinstance(item.details, Reference) and last_name(item.details.target) not in here:
            parents.setdefault(item.details.target, []).append(item)
    for name, items in sorted(parents.items()):
        yield Found(Component.TRAINING, Claim.MISSING, f"the training of {name}", items[0].certainty, at=items[0].location)
        yield Found(Component.DATASETS, Claim.MISSING, f"the data of {name}", items[0].certainty, at=items[0].location)
        yield Issue(
            rule="lineage.parent-not-here",
            severity=Severity.LOW,
            message=f"these weights are made from {name}, which is not among the roots: its terms, data and training count too",
            locations=tuple(item.location for item in items),
            settle="Pass the parent's repositories too (`--with weights=PATH`), in a directory of the parent's name.",
        )
