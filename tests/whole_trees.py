"""What the detectors of code say of whole trees: of each file by itself, and of files by what they use of each other."""

from collections.abc import Iterator
from pathlib import Path

from inspector.bundle import Entry, File, open_root, walk
from inspector.detector import Crosscheck, Detector, Found, Gathered
from inspector.errors import Malformed
from inspector.model import Evidence, FileRecord, Location
from inspector.offering import make_evidence
from inspector.registry import Registry, load_registry
from inspector.uses import FileUses, Use

PACKAGE = "detectors.code."


def look_at_tree(top: Path) -> tuple[Evidence, ...]:
    """Give the evidence of the code below a directory; statements of terms are left out, so that no index of licences is read."""
    registry = code_registry()
    files: list[FileRecord] = []
    evidence: list[Evidence] = []
    uses: list[FileUses] = []
    for entry in walk(open_root(top)):
        if not isinstance(entry, Entry):
            continue
        with entry.open() as file:
            said = list(_look(registry, file))
        place = Location(root=entry.root.name, path=entry.path)
        files.append(FileRecord(root=place.root, path=place.path, size=entry.size))
        evidence += [_evidence(name, item, place) for name, item in said if isinstance(item, Found)]
        used = tuple(item for _, item in said if isinstance(item, Use))
        uses += [FileUses(root=place.root, path=place.path, uses=used)] if used else []
    gathered = Gathered(tuple(files), tuple(evidence), (), tuple(uses))
    for check in registry.crosschecks:
        for told in check.compare(gathered):
            if isinstance(told, Found) and told.at is not None:
                evidence.append(_evidence(check.id, told, told.at))
    return tuple(evidence)


def code_registry() -> Registry:
    """Give the detectors and crosschecks of code alone."""
    registry = load_registry()
    return Registry(
        tuple(item for item in registry.detectors if _module(item).startswith(PACKAGE)),
        tuple(item for item in registry.crosschecks if _module(item).startswith(PACKAGE)),
    )


def _module(item: Detector | Crosscheck) -> str:
    function = item.look if isinstance(item, Detector) else item.compare
    return str(getattr(function, "__module__", ""))


def _look(registry: Registry, file: File) -> Iterator[tuple[str, Found | Use]]:
    for detector in registry.wanting(file):
        try:
            for said in detector.look(file):
                if isinstance(said, Found | Use):
                    yield detector.id, said
        except Malformed:
            continue


def _evidence(name: str, found: Found, place: Location) -> Evidence:
    at = found.at or Location(root=place.root, path=place.path, span=found.span, pointer=found.pointer)
    return make_evidence(name, found, at)
