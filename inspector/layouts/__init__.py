"""Layouts in which models are kept: directories are walked as they are; stores and archives are read in place, under the names that they give."""

from pathlib import Path

from inspector.bundle import Root, open_root
from inspector.layouts.archive import open_archive
from inspector.layouts.named import name_root
from inspector.layouts.oci import open_oci
from inspector.layouts.ollama import open_ollama
from inspector.model import Role


def open_layout(path: Path, role: Role | None = None) -> Root:
    """Make a root of what lies at a path, whatever the layout: Ollama's store, an OCI image layout, an archive, else a directory or file.

    Raises UsageError when there is nothing at the path, or when a store holds several models and none is named.
    """
    for layout in (open_ollama, open_oci, open_archive):
        root = layout(path, role)
        if root is not None:
            return root
    return name_root(open_root(path, role))
