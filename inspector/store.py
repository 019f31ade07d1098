"""Stores: directories that hold several bundles, split by rules that can be named (`standards/stores.toml`).

Only names are looked at, and no file is opened but by the layouts. A store that a program keeps is certain: it is never read as one system. Plain
directories are split by their key files, which is a guess: it is told, and nothing rests on it.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path, PurePath, PurePosixPath

import msgspec

from inspector.bundle import Root
from inspector.bundle.directories import Listing, list_directory
from inspector.errors import UsageError
from inspector.layouts import open_layout
from inspector.layouts.archive import SUFFIXES
from inspector.layouts.named import MODELSCOPE_RECORDS, STUDIOS, name_kaggle, name_layout
from inspector.layouts.ollama import list_manifests
from inspector.model import Frozen, Role, printable
from inspector.tables import load_table
from inspector.weights.checkpoints import is_checkpoint_name
from inspector.weights.role import is_weights_name

REPOSITORY = re.compile(r"(?:models|datasets|spaces)--(.+)")
MARKS = frozenset({"version.txt", "CACHEDIR.TAG"})  # what programs leave at the top of their caches
CARDS = frozenset({"readme.md"})
HIDDEN = frozenset({".cache", ".lmstudio", ".ollama"})
DEEPEST = 9
MOST_DIRECTORIES = 20_000
MOST_SHOWN = 8
MODELS = frozenset({"key-files", "checkpoints"})


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way to split a store: whether it is certain, and what it says."""

    id: str
    certain: bool
    text: str


class Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The names (case-folded) that make a directory a model: alone, by suffix, or beside weights."""

    names: frozenset[str]
    suffixes: tuple[str, ...]
    beside: frozenset[str]


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table of rules and names."""

    rule: tuple[Rule, ...]
    keys: Keys


class BundlePlace(Frozen, frozen=True, omit_defaults=True):
    """A bundle in a store: what to pass to `inspector audit`, the name it goes by, its layout, and the id of the rule that split it off.

    `real` are the bytes of a path that cannot be shown as it is; `path` then has escapes in the place of what would act on a terminal.
    """

    path: str
    name: str
    layout: str
    rule: str
    real: bytes = b""

    @property
    def where(self) -> Path:
        """The path as it is on the disk."""
        return Path(os.fsdecode(self.real)) if self.real else Path(self.path)


class Store(Frozen, frozen=True):
    """What lies at a path, sorted by path; `complete` is false where not every directory could be looked into.

    `loose` counts the files that belong to none of the bundles.
    """

    places: tuple[BundlePlace, ...]
    loose: int = 0
    complete: bool = True


@cache
def load_rules() -> Mapping[str, Rule]:
    """Give the rules by id, in the order in which they are tried."""
    return {rule.id: rule for rule in _table().rule}


@cache
def _table() -> Table:
    return load_table("stores.toml", Table)


def find_bundles(path: Path, most: int = MOST_DIRECTORIES) -> Store:
    """Split what lies at a path into bundles, by the first rule that fits each directory; at most so many directories are looked into.

    Raises UsageError when there is nothing at the path.
    """
    if not path.exists():
        raise UsageError(f"{path}: there is no such file or directory")
    if not path.is_dir():
        return Store(places=(_place(path, open_layout(path).record.layout, "whole"),))
    places: list[BundlePlace] = []
    waiting, looked, loose, complete = [(path, 0)], 0, 0, True
    while waiting:
        here, depth = waiting.pop()
        listing = list_directory(here)
        looked, complete = looked + 1, complete and listing.whole
        found = next((found for split in SPLITS if (found := split(listing)) is not None), None)
        if found is not None:
            places += found
            continue
        archives = [name for name in listing.files if name.casefold().endswith(SUFFIXES)]
        places += [_place(here / name, "archive", "archive") for name in archives]
        loose += sum(not name.startswith(".") and name not in MARKS for name in listing.files) - len(archives)
        below = [here / name for name in listing.directories if not name.startswith(".") or name in HIDDEN]
        if depth < DEEPEST and looked + len(waiting) + len(below) <= most:
            waiting += [(directory, depth + 1) for directory in below]
        elif below:
            complete = False
    if not places:
        return Store(places=(_place(path, "directory", "whole"),), complete=complete)
    return Store(places=tuple(sorted(places, key=lambda place: place.path)), loose=loose, complete=complete)


def open_place(path: Path, role: Role | None = None) -> tuple[Root, str | None]:
    """Make a root of what lies at a path, with a note where several models seem to lie in it; a store with one bundle is that bundle.

    Raises UsageError when there is nothing, or for a store of several bundles, which it names.
    """
    root = open_layout(path, role)
    if root.record.layout != "directory":
        return root, None
    store = find_bundles(path)
    places = store.places
    certain = [place for place in places if load_rules()[place.rule].certain]
    if len(certain) > 1:
        told = _enumerate(place.path for place in certain)
        raise UsageError(f"{path}: a store of {len(certain)} bundles (`inspector bundles` lists them); give one of them: {told}")
    if len(certain) == len(places) == 1 and not store.loose and certain[0].where != path:
        return open_layout(certain[0].where, role), None
    models = [place for place in places if place.rule in MODELS or place in certain]
    if len(models) < 2 or role not in (None, Role.WEIGHTS):
        return root, None
    told = _enumerate(printable(os.path.relpath(place.where, path)) for place in models)
    return (
        root,
        f"{root.record.name}: {len(models)} models seem to lie here and are read as one system: {told}; `inspector bundles` splits them",
    )


def _enumerate(names: Iterable[str]) -> str:
    whole = list(names)
    more = f" and {len(whole) - MOST_SHOWN} more" if len(whole) > MOST_SHOWN else ""
    return ", ".join(whole[:MOST_SHOWN]) + more


def _place(path: PurePath, layout: str, rule: str, name: str = "") -> BundlePlace:
    shown = printable(str(path))
    real = os.fsencode(path) if shown != str(path) else b""
    return BundlePlace(path=shown, name=printable(name or path.name or str(path)), layout=layout, rule=rule, real=real)


def _split_hub(listing: Listing) -> list[BundlePlace] | None:
    """Split a hub's cache by repository, and a repository with several snapshots by these. Source: huggingface_hub, "Understand caching"."""
    here = listing.path
    if REPOSITORY.fullmatch(here.name) and "snapshots" in listing.directories:
        return _split_repository(here)
    repositories = [name for name in listing.directories if REPOSITORY.fullmatch(name) and (here / name / "snapshots").is_dir()]
    return [place for name in repositories for place in _split_repository(here / name)] if repositories else None


def _split_repository(repository: Path) -> list[BundlePlace]:
    match = REPOSITORY.fullmatch(repository.name)
    name = match[1].replace("--", "/", 1) if match else repository.name
    snapshots = list_directory(repository / "snapshots").directories
    if len(snapshots) > 1:
        return [_place(repository / "snapshots" / each, "hub-cache", "hub-snapshot", f"{name}@{each[:12]}") for each in snapshots]
    return [_place(repository, "hub-cache", "hub-cache", name) for _ in snapshots]


def _split_ollama(listing: Listing) -> list[BundlePlace] | None:
    if not {"manifests", "blobs"} <= set(listing.directories):
        return None
    top = listing.path / "manifests"
    found = sorted(list_manifests(listing.path))
    return [_place(path, "ollama", "ollama", str(PurePosixPath(path.relative_to(top)))) for path in found] or None


def _split_oci(listing: Listing) -> list[BundlePlace] | None:
    return [_place(listing.path, "oci", "oci")] if {"oci-layout", "index.json"} <= set(listing.files) else None


def _split_studio(listing: Listing) -> list[BundlePlace] | None:
    here = listing.path.absolute()
    if here.name != "models" or here.parent.name not in STUDIOS:
        return None
    return [
        _place(listing.path / publisher / name, "lm-studio", "lm-studio", f"{publisher}/{name}")
        for publisher in listing.directories
        for name in list_directory(listing.path / publisher).directories
        if any(map(is_weights_name, list_directory(listing.path / publisher / name).files))
    ] or None


def _split_kaggle(listing: Listing) -> list[BundlePlace] | None:
    versions = [name for name in listing.directories if f"{name}.complete" in listing.files]
    above = name_kaggle(listing.path.absolute())
    return [_place(listing.path / name, "kagglehub", "kagglehub", f"{above}/{name}") for name in versions] or None


def _split_modelscope(listing: Listing) -> list[BundlePlace] | None:
    """Recognise a download of ModelScope by its records."""
    if not MODELSCOPE_RECORDS & set(listing.files):
        return None
    return [_place(listing.path, "modelscope", "modelscope", "/".join(listing.path.absolute().parts[-2:]))]


def _split_git(listing: Listing) -> list[BundlePlace] | None:
    return [_place(listing.path, "git", "git")] if ".git" in listing.directories else None


def _split_steps(listing: Listing) -> list[BundlePlace] | None:
    steps = [name for name in listing.directories if is_checkpoint_name(name)][:MOST_SHOWN]
    held = any(is_weights_name(name) for step in steps for name in list_directory(listing.path / step).files)
    return [_place(listing.path, "directory", "checkpoints")] if held else None


def _split_model(listing: Listing) -> list[BundlePlace] | None:
    keys, names = _table().keys, {name.casefold() for name in listing.files}
    alone = bool(names & keys.names) or any(name.endswith(keys.suffixes) for name in names)
    if alone or (names & keys.beside and (any(map(is_weights_name, names)) or (names & keys.beside - CARDS and _holds_weights(listing)))):
        return [_place(listing.path, name_layout(listing), "key-files")]
    return None


def _holds_weights(listing: Listing) -> bool:
    """Say whether a directory below, with no settings of its own, holds the weights: `onnx` and its like."""
    below = [{name.casefold() for name in list_directory(listing.path / each).files} for each in listing.directories[:MOST_SHOWN]]
    return any(any(map(is_weights_name, names)) and not names & _table().keys.beside for names in below)


Splits = Callable[[Listing], list[BundlePlace] | None]
SPLITS: tuple[Splits, ...] = (
    _split_hub, _split_ollama, _split_oci, _split_studio, _split_kaggle, _split_modelscope, _split_git, _split_model, _split_steps,
)  # fmt: skip


def group_by_rule(store: Store) -> Iterator[tuple[Rule, tuple[BundlePlace, ...]]]:
    """Group the bundles by the rule that split them off."""
    for rule in load_rules().values():
        if places := tuple(place for place in store.places if place.rule == rule.id):
            yield rule, places
