"""Project metadata: the JSON files in which archives and registries keep licences.

What it sees: codemeta.json and .zenodo.json.
What it says: the licence that each declares of the directory.
What it cannot know: whether the archive's record was made from these files.
Source: CodeMeta 3.0; Zenodo's developer documentation.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Declared, Format, Said, Wants, detector
from inspector.model import Claim, Component, Scope
from inspector.serialization.strict_json import Json, read_json

FORMATS = {"codemeta.json": "codemeta", ".zenodo.json": "zenodo"}
LONGEST = 300
MOST = 20


@detector(
    "project-metadata",
    wants=Wants(names=tuple(FORMATS)),
    formats=tuple(FORMATS.values()),
    emits={(Component.UNSPECIFIED, Claim.LICENSED)},
)
def project_metadata(file: File) -> Iterator[Said]:
    """Read the licence keys of a file that is one of these by its name."""
    form = FORMATS.get(file.name.casefold())
    if form is None or not file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return
    record = read_json(file)
    yield Format(form)
    for key in ("license", "sc:license", "schema:license", "https://schema.org/license"):
        for pointer, text in list(_named(record.get(key), f"/{key}"))[:MOST]:
            yield Declared(text[:LONGEST], Component.UNSPECIFIED, Scope.TREE, pointer=pointer)


def _named(value: Json, pointer: str) -> Iterator[tuple[str, str]]:
    """Take licences as they are written: a text, a list, or an object with an id, a name or an address."""
    if isinstance(value, str) and value.strip():
        yield pointer, value.strip()
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _named(item, f"{pointer}/{place}")
    elif isinstance(value, dict):
        for key in ("@id", "id", "identifier", "url", "name"):
            if isinstance(text := value.get(key), str) and text.strip():
                yield f"{pointer}/{key}", text.strip()
                return
