"""Vendored trees: code of other projects inside of a root.

What it sees: directories named for what others made, and those with packaging and a licence of their own; what files use of each other.
What it says: that such a tree is there, and why it is taken for one. That the project's own training or data-processing code is missing, when all
that is here lies in such trees and nothing outside of them uses it.
What it cannot know: whether a tree was copied without its licence, and whether the project's makers are those of the tree.
Source: the Open Source AI Definition 1.0: "the complete source code used to train and run the system".
"""

from collections.abc import Iterator

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Claim, Component, Evidence, Issue, Location, Reference, Severity
from inspector.sources.chains import TRAINS, Joined
from inspector.sources.vendored import Tree, find_vendored
from inspector.uses import UseKind

MOST = 100
OWN = ((Component.TRAINING, TRAINS, "training code"), (Component.PREPROCESSING, ("processing",), "data-processing code"))


@crosscheck(
    "vendored-trees",
    emits={(Component.SUPPORTING, Claim.DERIVED), (Component.TRAINING, Claim.MISSING), (Component.PREPROCESSING, Claim.MISSING)},
)
def vendored_trees(gathered: Gathered) -> Iterator[Found | Issue]:
    """List the trees, and look whether roles rest on them alone."""
    trees = find_vendored(gathered)
    for tree in trees[:MOST]:
        details = Reference(kind="tree", target=tree.reason)
        yield Found(Component.SUPPORTING, Claim.DERIVED, tree.path, details=details, at=Location(root=tree.root, path=tree.path))
    for component, values, words in OWN if trees else ():
        held = [item for item in gathered.evidence if item.component is component and item.claim is Claim.PRESENT and item.value in values]
        inside = [item for item in held if _is_inside(item.location, trees)]
        if held and len(inside) == len(held) and not _are_used(inside, trees, gathered):
            names = ", ".join(sorted({_name(item, trees) for item in inside}))
            yield Found(component, Claim.MISSING, f"the project's own {words}", inside[0].certainty, at=inside[0].location)
            yield Issue(
                rule="code.vendored-only",
                severity=Severity.MEDIUM,
                message=f"all {words} lies in trees of other projects ({names}), and nothing else uses it",
                locations=tuple(item.location for item in inside),
                settle=f"Pass the project's own {words}, or the script that starts what is vendored.",
            )


def _is_inside(place: Location, trees: tuple[Tree, ...]) -> bool:
    return any(tree.holds(place.root, place.path) for tree in trees)


def _name(item: Evidence, trees: tuple[Tree, ...]) -> str:
    return next(tree.path for tree in trees if tree.holds(item.location.root, item.location.path))


def _are_used(inside: list[Evidence], trees: tuple[Tree, ...], gathered: Gathered) -> bool:
    """Say whether a file outside of the trees runs or imports one of these."""
    wanted = {(item.location.root, item.location.path) for item in inside}
    for root in {root for root, _ in wanted}:
        joined = Joined(root, gathered, ())
        outside = (item.path for item in gathered.uses if item.root == root and not _is_inside(Location(root=root, path=item.path), trees))
        if any((root, edge.path) in wanted for path in outside for edge in joined.edges(path) if edge.kind is not UseKind.READS):
            return True
    return False
