"""Makers that tests share: a directory from a mapping, an open file from bytes, what a detector says of it."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from inspector.bundle import Entry, File, open_root, walk
from inspector.detector import Detector, Said
from inspector.model import Role


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
    """List what a detector says of one file; raises Malformed as the detector does."""
    with tempfile.TemporaryDirectory() as top, open_file(Path(top) / "bundle", path, data, role) as file:
        return list(detector.look(file))
