"""Places in SARIF: files by percent-encoded paths below the base of their root, parts of them by line or byte, members and pointers by name."""

from collections.abc import Iterable, Iterator

from inspector.judgement import Report
from inspector.model import FileRecord, Location, RootRecord, Span, Unit, printable
from inspector.render.addresses import FileIndex, encode_path
from inspector.render.materials import origin_address
from inspector.wording import spell_place

Json = dict[str, object]


def base_of(number: int) -> str:
    """Name the base of a root by its place among the roots: a directory's own name can be anything."""
    return "SRCROOT" if number == 0 else f"ROOT{number + 1}"


def base_ids(roots: tuple[RootRecord, ...]) -> Json:
    """Give every root a base. Where it lies is not told: a report holds no path of the machine that it was made on."""
    return {base_of(number): {"description": {"text": printable(root.name)}} for number, root in enumerate(roots)}


def list_origins(roots: tuple[RootRecord, ...]) -> Json:
    """Say which repository and revision the roots are of, where their own records tell."""
    found = [
        {"repositoryUri": address, "revisionId": printable(root.revision or ""), "mappedTo": {"uriBaseId": base_of(number)}}
        for number, root in enumerate(roots)
        if (address := origin_address(root))
    ]
    return {"versionControlProvenance": found} if found else {}


class Places:
    """Writes the places of one report: each file has a number, and each root a base."""

    def __init__(self, report: Report) -> None:
        self._files = report.inventory.files
        self._index = FileIndex(self._files)
        self._numbers = {(item.root, item.path): number for number, item in enumerate(self._files)}
        self._roots = {root.name: number for number, root in enumerate(report.inventory.roots)}

    def list_artifacts(self) -> list[Json]:
        """List all files with their sizes (bytes) and digests."""
        return [self._artifact(item) for item in self._files]

    def root_number(self, place: Location) -> int:
        """Give the number of the root that a place is in."""
        return self._roots.get(place.root, 0)

    def describe(self, places: Iterable[Location]) -> Iterator[Json]:
        """Describe places, each once: the file, the part of it, and the names of a member and of a pointer."""
        for place in dict.fromkeys(places):
            path, member = self._index.split(place)
            artifact = self._address(place.root, path)
            if (place.root, path) in self._numbers:
                artifact["index"] = self._numbers[place.root, path]
            described: Json = {"physicalLocation": {"artifactLocation": artifact, "region": _region(place.span, member)}}
            if logical := [{"fullyQualifiedName": name} for name in (printable(member), printable(place.pointer or "")) if name]:
                described["logicalLocations"] = logical
            if member:
                described["message"] = {"text": escape_message(spell_place(place))}
            yield described

    def _artifact(self, item: FileRecord) -> Json:
        described: Json = {"location": self._address(item.root, item.path), "length": item.size}
        if item.sha256:
            described["hashes"] = {"sha-256": item.sha256}
        if item.format:
            described["properties"] = {"format": printable(item.format)}
        return described

    def _address(self, root: str, path: str) -> Json:
        return {"uri": encode_path(path) or "./", "uriBaseId": base_of(self._roots.get(root, 0))}


def escape_message(text: str) -> str:
    """Write text of a bundle as a message: no character acts, and nothing is read as a link. Source: SARIF 2.1.0, 3.11.6."""
    shown = printable(text)
    return shown.replace("[", "\\[").replace("]", "\\]") if "](" in shown else shown


def _region(span: Span | None, member: str) -> Json:
    """Give lines, or bytes of the file itself; offsets in a member of an archive are none in the file.

    Bytes have a first line beside them: code scanning asks for one.
    """
    if member or span is None:
        return {"startLine": 1}
    if span.unit is Unit.LINES:
        return {"startLine": max(span.start, 1), "endLine": max(span.end, span.start, 1)}
    return {"startLine": 1, "byteOffset": max(span.start, 0), "byteLength": max(span.end - span.start, 0)}
