"""Blobs by digest and the manifests that name them, in Ollama's stores and OCI image layouts.

The name of a blob is its SHA-256 (`blobs/sha256-HEX`, `blobs/sha256/HEX`); manifests give digest and size of the blobs that belong to a model.
Source: Ollama's manifests; the OCI image specification 1.1.
"""

import re
from collections.abc import Iterator, Mapping

from inspector.bundle import Entry, Survey
from inspector.errors import Malformed
from inspector.model import Problem
from inspector.serialization.strict_json import Json
from inspector.verification.integrity import Expected, Own, Said, Trust, ledger
from inspector.verification.record_reading import place, read_each, read_value

NAMES, MANIFESTS = "blob-name", "blob-manifest"
BLOB = re.compile(r"(?P<base>(?:.*/)?)blobs/(?P<style>sha256[-/])(?P<digest>[0-9a-f]{64})")
MANIFEST = re.compile(r"(?P<base>(?:.*/)?)manifests/[^/]+/.+")
DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
LIMIT = 4 * 2**20
DEEPEST = 4
MOST = 100_000


@ledger(
    NAMES, title="name of a blob", proves="the content has the digest that its name gives; not that the model is made of the right blobs"
)
def blob_names(survey: Survey, _: Trust) -> Iterator[Said]:
    """Hold blobs against their names."""
    for path, entry in survey.entries.items():
        if match := BLOB.fullmatch(path):
            yield Expected(path=path, ledger=NAMES, record=place(entry), algorithm="sha256", digest=match["digest"])


@ledger(
    MANIFESTS, title="manifest of a model in a store", proves="all parts that the manifest names are here, with their sizes and digests"
)
def blob_manifests(survey: Survey, _: Trust) -> Iterator[Said]:
    """Read Ollama's manifests, and those that the index of an image layout leads to."""
    stores = {match["base"] for path in survey.entries if (match := BLOB.fullmatch(path)) and match["style"] == "sha256-"}
    for path, entry in survey.entries.items():
        match = MANIFEST.fullmatch(path)
        if match and match["base"] in stores:
            yield Own(path=path, ledger=MANIFESTS)
            yield from read_each((entry,), Manifests(survey, match["base"], "sha256-").read)
        elif path.rpartition("/")[2] == "oci-layout" and (index := survey.entries.get(path.removesuffix("oci-layout") + "index.json")):
            yield from (Own(path=own, ledger=MANIFESTS) for own in (path, index.path))
            yield from read_each((index,), Manifests(survey, path.removesuffix("oci-layout"), "sha256/").read)


class Manifests:
    """The manifests of one store or layout: blobs are at `base`, and the digest's function is written in `style`."""

    def __init__(self, survey: Survey, base: str, style: str) -> None:
        self._survey = survey
        self._base = base
        self._style = style
        self._seen: set[str] = set()

    def read(self, entry: Entry, depth: int = 0) -> Iterator[Said]:
        """Give what a manifest names, and what the manifests that it names do."""
        manifest = read_value(entry, LIMIT)
        if not isinstance(manifest, dict):
            raise Malformed("no JSON object")
        for pointer, part in _parts(manifest):
            found = DIGEST.fullmatch(str(part.get("digest")))
            if found is None:
                yield Problem(location=place(entry, pointer=pointer), reason="it names no SHA-256, so that it cannot be verified")
                continue
            path, size = f"{self._base}blobs/{self._style}{found[1]}", part.get("size")
            length = size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else None
            record = place(entry, pointer=pointer)
            yield Expected(path=path, ledger=MANIFESTS, record=record, algorithm="sha256", digest=found[1], size=length)
            blob = self._survey.entries.get(path)
            if pointer.startswith("/manifests/") and blob and path not in self._seen and depth < DEEPEST and len(self._seen) < MOST:
                self._seen.add(path)
                yield from self.read(blob, depth + 1)


def _parts(manifest: Mapping[str, Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Give the parts of a manifest or an index with their places."""
    config = manifest.get("config")
    if isinstance(config, dict):
        yield "/config", config
    for key in ("layers", "manifests", "blobs"):
        listed = manifest.get(key)
        for number, item in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(item, dict):
                yield f"/{key}/{number}", item
