"""Ollama's store: manifests that name their layers, and blobs by digest.

A manifest is a model; its layers get the names of what they are. Source: Ollama's manifests, `application/vnd.ollama.image.*`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.bundle import Mapped, Root
from inspector.errors import UsageError
from inspector.layouts.blobs import list_layers, name_apart, read_digest, read_manifest, text_of
from inspector.model import Role, RootRecord, printable

if TYPE_CHECKING:
    from inspector.serialization.strict_json import Json

FAMILY = "application/vnd.ollama.image."
NAMES = {
    "model": "model.gguf",
    "adapter": "adapter.gguf",
    "projector": "projector.gguf",
    "draft": "draft.gguf",
    "template": "template",
    "prompt": "prompt",
    "system": "system",
    "params": "params.json",
    "messages": "messages.json",
    "license": "LICENSE",
}
CONFIG = "ollama-config.json"
DEEPEST = 5
MOST_SHOWN = 8


def open_ollama(path: Path, role: Role | None = None) -> Root | None:
    """Make a root of a manifest, or of a store with one model; None for anything else.

    Raises UsageError for a store with several models, which it names, and for a manifest that cannot be read.
    """
    if path.is_dir() and (path / "manifests").is_dir() and (path / "blobs").is_dir():
        found = sorted(list_manifests(path))
        if not found:
            return None
        if len(found) > 1:
            shown = ", ".join(str(item.relative_to(path)) for item in found[:MOST_SHOWN])
            more = f" and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
            raise UsageError(f"{path}: a store of {len(found)} models; give the manifest of one: {shown}{more}")
        return _open_manifest(found[0], path, role)
    store = next((above for above in path.parents if above.name == "manifests" and (above.parent / "blobs").is_dir()), None)
    return _open_manifest(path, store.parent, role) if store is not None and path.is_file() else None


def list_manifests(store: Path) -> Iterator[Path]:
    """List the manifests of a store: one for each tag of each model."""
    for depth in range(1, DEEPEST + 1):
        yield from (path for path in (store / "manifests").glob("/".join("*" * depth)) if path.is_file() and not path.is_symlink())


def _open_manifest(path: Path, store: Path, role: Role | None) -> Root:
    manifest = read_manifest(path)
    name = "/".join(path.relative_to(store / "manifests").parts)
    record = RootRecord(name=printable(name), role=role, layout="ollama", origin=printable(name))
    mapped, flaws, taken = [Mapped("manifest.json", path)], list[tuple[str, str]](), {"manifest.json"}
    config = manifest.get("config")
    layers: list[tuple[str, Mapping[str, Json]]] = [(CONFIG, config)] if isinstance(config, dict) else []
    layers += [
        (NAMES.get(kind, kind or "layer"), layer) for layer in list_layers(manifest) for kind in [_kind(text_of(layer, "mediaType"))]
    ]
    for wanted, layer in layers:
        shown, digest = name_apart(printable(wanted), taken), read_digest(layer.get("digest"))
        blob = store / "blobs" / f"sha256-{digest}"
        if digest is None:
            flaws.append((shown, "its layer names no SHA-256"))
        elif not blob.is_file():
            flaws.append((shown, f"the store has no blob sha256-{digest}; it was not downloaded"))
        else:
            mapped.append(Mapped(shown, blob))
    return Root(record, store, store, mapped=tuple(mapped), flaws=tuple(flaws))


def _kind(media: str) -> str:
    kind = media.partition(";")[0].removeprefix(FAMILY)
    return "".join(char if char.isalnum() or char in "-." else "-" for char in kind)[:60]
