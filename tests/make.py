"""Makers that tests share: a directory from a mapping, an open file from bytes, what a detector says of it."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from inspector.bundle import Entry, File, open_root, walk
from inspector.detector import Detector, Said
from inspector.model import (
    Certainty,
    Claim,
    Component,
    Details,
    Evidence,
    Inventory,
    Issue,
    Location,
    Role,
    RootRecord,
    Scope,
    Source,
    Terms,
)
from inspector.scan import evidence_order
from inspector.uses import Use


def tree(top: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a directory and return it."""
    for path, data in files.items():
        target = top / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)
    return top


def entries(top: Path, role: Role | None = None) -> tuple[Entry, ...]:
    """List what the walk finds that can be opened."""
    return tuple(item for item in walk(open_root(top, role)) if isinstance(item, Entry))


def open_file(top: Path, path: str, data: str | bytes, role: Role | None = None) -> File:
    """Write one file and open it as the scan would; the caller closes it."""
    tree(top, {path: data})
    return next(entry for entry in entries(top, role) if entry.path == path).open()


def look(detector: Detector, path: str, data: str | bytes, role: Role | None = None) -> list[Said]:
    """List what a detector says of one file, but for what it uses of others; raises Malformed as the detector does."""
    with tempfile.TemporaryDirectory() as top, open_file(Path(top) / "bundle", path, data, role) as file:
        return [said for said in detector.look(file) if not isinstance(said, Use)]


def evidence(
    component: Component,
    claim: Claim,
    value: str = "",
    *,
    root: str = "weights",
    path: str = "file",
    certainty: Certainty = Certainty.READ,
    details: Details | None = None,
) -> Evidence:
    """Make a piece of evidence as the scan would."""
    place = Location(root=root, path=path)
    return Evidence(component=component, claim=claim, value=value, location=place, certainty=certainty, detector="made", details=details)


def statement(
    expression: str,
    *,
    scope: Scope,
    source: Source,
    component: Component = Component.UNSPECIFIED,
    root: str = "weights",
    path: str = "LICENSE",
    link: str | None = None,
) -> Evidence:
    """Make a statement of terms as the scan would."""
    terms = Terms(expression=expression, scope=scope, source=source, link=link)
    return evidence(component, Claim.LICENSED, expression, root=root, path=path, certainty=Certainty.MATCHED, details=terms)


def inventory(*items: Evidence, issues: tuple[Issue, ...] = ()) -> Inventory:
    """Make an inventory of evidence alone, in the order of the scan."""
    roots = tuple(RootRecord(name=name) for name in sorted({item.location.root for item in items} or {"weights"}))
    ordered = tuple(sorted(items, key=evidence_order))
    return Inventory(name="made", roots=roots, files=(), evidence=ordered, issues=issues, problems=(), unclaimed=(), detectors=())
