"""The names that weights go by: parents that are declared, and names that files and directories carry."""

from collections.abc import Iterator
from dataclasses import dataclass

from inspector.detector import Gathered
from inspector.model import Certainty, Claim, Component, Location, Reference
from inspector.pure_paths import pure_path

KINDS = ("model", "name")


@dataclass(frozen=True, slots=True)
class Name:
    """A name, where it stands, how sure it is that these weights are meant, and the root of that name where it is among the roots."""

    text: str
    at: Location
    certainty: Certainty
    root: str | None = None


def list_names(gathered: Gathered, root: str) -> Iterator[Name]:
    """List the names of the weights in a root: what they say that they were made from, what their settings and headers call them, its own name."""
    roots = {last_name(record.root): record.root for record in gathered.files}
    for item in gathered.evidence:
        if item.location.root != root or item.component is not Component.PARAMETERS or not isinstance(item.details, Reference):
            continue
        if item.claim is Claim.DERIVED:
            parent = roots.get(last_name(item.details.target))
            yield Name(item.details.target, item.location, Certainty.READ, parent if parent != root else None)
        elif item.claim is Claim.REFERENCED and item.details.kind in KINDS:
            yield Name(item.details.target, item.location, Certainty.MATCHED)
    yield Name(root, Location(root=root, path="."), Certainty.NAMED)


def last_name(text: str) -> str:
    """Give what people call a model: the last part of an id, an address or a root's name, case-folded."""
    return pure_path(text.rstrip("/").removesuffix(".git")).name.casefold()
