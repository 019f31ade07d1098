"""Vendored trees: directories of a root that hold what another project made."""

from dataclasses import dataclass

from inspector.detector import Gathered
from inspector.model import Claim, Evidence, FileRecord, Scope, Source, Terms
from inspector.pure_paths import parent_of, pure_path

# Where bundles keep what others made.
VENDORED = frozenset(
    {
        "third_party",
        "third-party",
        "thirdparty",
        "3rdparty",
        "vendor",
        "vendored",
        "external",
        "externals",
        "node_modules",
        "submodules",
        "deps",
    }
)
MANIFESTS = frozenset({"pyproject.toml", "setup.py", "setup.cfg", "package.json", "cargo.toml"})


@dataclass(frozen=True, slots=True)
class Tree:
    """A directory of a root, and why it is taken for another project's."""

    root: str
    path: str
    reason: str

    def holds(self, root: str, path: str) -> bool:
        """Say whether a file lies in the tree."""
        return root == self.root and path.startswith(f"{self.path}/")


def find_vendored(gathered: Gathered) -> tuple[Tree, ...]:
    """List the vendored trees of all roots, the outermost of each, in the order of their paths."""
    found = {*_by_name(gathered.files), *_by_license(gathered)}
    ordered = sorted(found, key=lambda tree: (tree.root, tree.path, tree.reason))
    outer: list[Tree] = []
    for tree in ordered:
        if not any(other.holds(tree.root, tree.path) or (other.root, other.path) == (tree.root, tree.path) for other in outer):
            outer.append(tree)
    return tuple(outer)


def _by_name(files: tuple[FileRecord, ...]) -> set[Tree]:
    """Take the directories below one that is named for what others made."""
    found: set[Tree] = set()
    for record in files:
        parts = pure_path(record.path).parts
        place = next((index for index, part in enumerate(parts[:-1]) if part.casefold() in VENDORED), None)
        if place is not None:
            depth = min(place + 2, len(parts) - 1)
            found.add(Tree(record.root, "/".join(parts[:depth]), f"it lies in {'/'.join(parts[: place + 1])}"))
    return found


def _by_license(gathered: Gathered) -> set[Tree]:
    """Take the directories with packaging and a licence text of their own that is another's than the root's."""
    texts: dict[tuple[str, str], Evidence] = {}
    for item in gathered.evidence:
        if (
            item.claim is Claim.LICENSED
            and isinstance(item.details, Terms)
            and item.details.source is Source.TEXT
            and item.details.scope is Scope.TREE
        ):
            texts.setdefault((item.location.root, parent_of(item.location.path)), item)
    packaged = {(record.root, parent_of(record.path)) for record in gathered.files if pure_path(record.path).name.casefold() in MANIFESTS}
    return {
        Tree(root, path, f"it has packaging and a licence of its own ({item.value})")
        for (root, path), item in texts.items()
        if path != "." and (root, path) in packaged and _mark(item) != _mark(texts.get((root, ".")))
    }


def _mark(item: Evidence | None) -> tuple[str, str] | None:
    return (item.value, item.details.credit) if item is not None and isinstance(item.details, Terms) else None
