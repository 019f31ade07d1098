"""Named code: whether the training code that is here is the one that the weights name.

What it sees: the repositories that documents beside the weights name as their training code, the roots in which training code lies, and where those
roots came from as far as their own records tell.
What it says: that the named code is missing, when all training code that is here was cloned from other repositories; a note, when nothing tells.
What it cannot know: where a directory without records came from; whether a fork has what the original had.
Source: the Open Source AI Definition 1.0: "code used to derive those parameters".
"""

from collections.abc import Iterator

from inspector.detector import Found, Gathered, crosscheck
from inspector.licensing.lineage import last_name
from inspector.model import Claim, Component, Evidence, Issue, Reference, RootRecord, Severity
from inspector.sources.chains import TRAINS


@crosscheck("named-code", emits={(Component.TRAINING, Claim.MISSING)})
def named_code(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold the repositories that are named against the roots that have training code."""
    weights = {item.location.root for item in gathered.evidence if item.component is Component.PARAMETERS and item.claim is Claim.PRESENT}
    named = [item for item in gathered.evidence if item.location.root in weights and _is_named(item)]
    holding = {item.location.root for item in gathered.evidence if _is_training(item)}
    code = [root for root in gathered.roots if root.name in holding]
    if not named or not code or holding & weights or any(_is_same(root, item) for root in code for item in named):
        return
    names = ", ".join(sorted({_target(item) for item in named}))
    places = tuple(item.location for item in named)
    if all(root.origin for root in code):
        origins = ", ".join(sorted(root.origin or "" for root in code))
        yield Found(Component.TRAINING, Claim.MISSING, names, named[0].certainty, at=named[0].location)
        yield Issue(
            rule="training.other-code",
            severity=Severity.MEDIUM,
            message=f"the weights name {names} as their training code; what is here was cloned from {origins}",
            locations=places,
            settle="Clone the named repository and pass it (`--with code=PATH`).",
        )
    else:
        yield Issue(
            rule="training.code-not-named",
            severity=Severity.NOTE,
            message=f"the weights name {names} as their training code; no root with training code is called so or says that it came from there",
            locations=places,
            settle="Pass a clone of the named repository with its .git, or a directory of its name.",
        )


def _is_named(item: Evidence) -> bool:
    return item.component is Component.TRAINING and item.claim is Claim.REFERENCED and bool(_target(item))


def _is_training(item: Evidence) -> bool:
    return item.component is Component.TRAINING and item.claim is Claim.PRESENT and item.value in TRAINS


def _target(item: Evidence) -> str:
    return item.details.target if isinstance(item.details, Reference) and item.details.kind == "repository" else ""


def _is_same(root: RootRecord, item: Evidence) -> bool:
    """Say whether a root is the named repository: by where it came from, else by its name."""
    target = _target(item).casefold()
    if root.origin is not None:
        return root.origin.casefold() == target or last_name(root.origin) == last_name(target)
    return last_name(root.name) == last_name(target)
