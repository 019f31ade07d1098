"""OCI image layouts: an index, manifests and blobs by digest, with the layers of ModelKit, ModelPack and Docker models.

A layer that is a file gets the name that its annotations give; a layer that is a tar file is listed member by member, in place.
Source: the OCI image layout 1.0; the CNCF ModelPack specification; KitOps' ModelKit.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from inspector.bundle import Mapped, Root
from inspector.errors import Malformed, UsageError
from inspector.layouts.archive import list_tar
from inspector.layouts.blobs import list_layers, name_apart, read_digest, read_manifest, text_of
from inspector.model import Role, RootRecord, printable
from inspector.serialization.strict_json import Json

TITLES = ("org.cncf.model.filepath", "org.cnai.model.filepath", "org.opencontainers.image.title")
MOST_SHOWN = 8


def open_oci(path: Path, role: Role | None = None) -> Root | None:
    """Make a root of an image layout with one manifest; None for anything else.

    Raises UsageError for one with several manifests, which it names, and for an index or manifest that cannot be read.
    """
    if not (path.is_dir() and (path / "oci-layout").is_file() and (path / "index.json").is_file()):
        return None
    top = path.resolve()
    named = list_layers(read_manifest(top / "index.json"), "manifests")
    if len(named) != 1:
        tags = ", ".join(_tag(item) or str(item.get("digest")) for item in named[:MOST_SHOWN])
        raise UsageError(
            f"{path}: an image layout of {len(named)} manifests ({tags}); one is inspected at a time: copy it to a layout of its own"
        )
    digest = read_digest(named[0].get("digest"))
    if digest is None or not _blob(top, digest).is_file():
        raise UsageError(f"{path}: the layout has no blob for its manifest {named[0].get('digest')}")
    manifest = read_manifest(_blob(top, digest))
    record = RootRecord(
        name=printable(top.name or "root"), role=role, layout="oci", revision=f"sha256:{digest}", origin=printable(_tag(named[0])) or None
    )
    mapped, flaws, taken = list[Mapped](), list[tuple[str, str]](), set[str]()
    mapped.append(Mapped(name_apart("manifest.json", taken), _blob(top, digest)))
    config = manifest.get("config")
    for layer in ([config] if isinstance(config, dict) else []) + list_layers(manifest):
        for shown, outcome in _layer(top, layer, is_config=layer is config):
            name = name_apart(shown, taken)
            if isinstance(outcome, str):
                flaws.append((name, outcome))
            else:
                mapped.append(Mapped(name, outcome.real, outcome.part))
    return Root(record, top, top, mapped=tuple(mapped), flaws=tuple(flaws))


def _layer(top: Path, layer: Mapping[str, Json], *, is_config: bool) -> Iterator[tuple[str, Mapped | str]]:
    """Give the files of a layer by name, or the reason why there is none."""
    digest, media = read_digest(layer.get("digest")), text_of(layer, "mediaType")
    notes = layer.get("annotations")
    title = next((text for key in TITLES if isinstance(notes, dict) and (text := text_of(notes, key))), "")
    shown = "oci-config.json" if is_config else _safe(title) or f"layer-{(digest or 'unknown')[:12]}"
    if digest is None:
        yield shown, "its layer names no SHA-256"
    elif not _blob(top, digest).is_file():
        yield shown, f"the layout has no blob sha256:{digest}; it was not copied"
    elif media.endswith((".tar", ".tar+gzip", ".tar.gzip", "+tar")) or (".tar" in media and not is_config):
        yield from _members(_blob(top, digest), shown)
    else:
        yield shown, Mapped(shown, _blob(top, digest))


def _members(blob: Path, shown: str) -> Iterator[tuple[str, Mapped | str]]:
    try:
        for member in list_tar(blob):
            yield member.path, member
    except Malformed as error:
        yield shown, f"the layer cannot be read: {error}"


def _blob(top: Path, digest: str) -> Path:
    return top / "blobs" / "sha256" / digest


def _tag(item: Mapping[str, Json]) -> str:
    notes = item.get("annotations")
    return text_of(notes, "org.opencontainers.image.ref.name") if isinstance(notes, dict) else ""


def _safe(title: str) -> str:
    """Keep a path inside of the root: without what leads out of it."""
    parts = [part for part in PurePosixPath(title.replace("\\", "/")).parts if part not in {"/", ".."}]
    return printable("/".join(parts))[:400]
