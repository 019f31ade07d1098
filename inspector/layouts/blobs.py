"""Blobs by digest, and the JSON manifests that name them. Source: the OCI image specification 1.1; Ollama's manifests."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from inspector.bundle import Entry
from inspector.errors import Malformed, UsageError
from inspector.model import RootRecord
from inspector.serialization.strict_json import Json, read_json

DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
LARGEST = 4 * 2**20


def read_manifest(path: Path) -> Mapping[str, Json]:
    """Read a manifest, at most 4 MiB.

    Raises UsageError with the file and the reason.
    """
    try:
        with Entry(RootRecord(name=path.name), path.name, os.fsencode(path), 0).open() as file:
            return read_json(file, LARGEST)
    except (OSError, Malformed) as error:
        raise UsageError(f"{path}: it cannot be read as a manifest: {error}") from error


def read_digest(value: Json) -> str | None:
    """Give the hexadecimal digits of `sha256:...`; none for anything else."""
    found = DIGEST.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None


def list_layers(manifest: Mapping[str, Json], key: str = "layers") -> list[Mapping[str, Json]]:
    """List the layers, or what else stands under a key, that are objects."""
    layers = manifest.get(key)
    return [layer for layer in layers if isinstance(layer, dict)] if isinstance(layers, list) else []


def text_of(holder: Mapping[str, Json], key: str) -> str:
    """Give a text that stands under a key, or an empty one."""
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def name_apart(name: str, taken: set[str]) -> str:
    """Give a name that is not taken yet: a second `LICENSE` is `LICENSE-2`; it is taken then."""
    found, number = name, 2
    while found in taken:
        stem, dot, suffix = name.rpartition(".")
        found = f"{stem}-{number}{dot}{suffix}" if dot else f"{name}-{number}"
        number += 1
    taken.add(found)
    return found
