"""What a followed pickle amounts to: the tensors in it, counted once each, the estimators it is made of, the globals weights do not need."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import PurePosixPath

import msgspec

from inspector.bundle import File
from inspector.census import Census
from inspector.detector import Found
from inspector.model import Claim, Component, Issue, Location, Reference, Severity, Span, Unit, printable
from inspector.opcodes import Listing
from inspector.symbols import SIZES, Global, Tensor
from inspector.tables import load_table

MOST_LOCATIONS = 50
MOST_CLASSES = 16
CLASS = re.compile(r"_?[A-Z]\w*")
DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
RECORDS = re.compile(r"V\d+")
DATA_WORDS = re.compile(
    r"(?:^|[^a-z])(?:train|test|val|valid|validation|dev|data|datasets?|labels?|vocab|tokenizer|cache|results?|examples?)(?:[^a-z]|$)"
)
MESSAGES = (
    (Severity.HIGH, "loading this pickle runs, opens or fetches something"),
    (Severity.MEDIUM, "this pickle needs code that weights do not need"),
    (Severity.LOW, "loading this pickle builds objects of a library's classes, which has to be installed and trusted"),
)
SETTLE = "Do not load this file with a pickle reader; ask for the weights as safetensors, or read the code that made it first."


class Globals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table of globals: those that only build values, those that act, and the modules whose classes are estimators."""

    inert: tuple[str, ...]
    acting: tuple[str, ...]
    library: tuple[str, ...]


@cache
def _table() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    table = load_table("pickle-globals.toml", Globals)
    return frozenset(table.inert), frozenset(table.acting), frozenset(table.library)


def judge_global(module: str, name: str) -> Severity | None:
    """Say how much a global matters: `None` for an inert one, high for one that acts, low for an estimator's class, medium for all others."""
    inert, acting, _ = _table()
    full = f"{module}.{name}"
    if full in inert:
        return None
    if is_library_class(module, name):
        return Severity.LOW
    parts = full.replace("extension ", "extension.").split(".")
    acts = any(".".join(parts[:length]) in acting for length in range(1, len(parts) + 1))
    return Severity.HIGH if acts else Severity.MEDIUM


def is_library_class(module: str, name: str) -> bool:
    """Say whether a global is a class of an estimator, or a part of one: by its whole name, or a name like a class in a module of estimators."""
    library, full, parts = _table()[2], f"{module}.{name}", module.split(".")
    if full in library:
        return True
    return CLASS.fullmatch(name) is not None and any(".".join(parts[:length]) in library for length in range(2, len(parts) + 1))


def is_data_name(path: str) -> bool:
    """Say whether a file's name promises data, labels or a vocabulary: arrays in it are no parameters."""
    return DATA_WORDS.search(PurePosixPath(path).name.casefold()) is not None


def find_estimators(listings: Iterable[Listing]) -> Iterator[Found]:
    """Name the classes of libraries that the pickles are made of, at most 16."""
    places: dict[str, int] = {}
    for listing in listings:
        for known, byte in listing.globals.items():
            if is_library_class(known.module, known.name):
                places.setdefault(known.full[:200], byte)
    for full, byte in list(places.items())[:MOST_CLASSES]:
        details = Reference(kind="package", target=full.partition(".")[0])
        yield Found(Component.ARCHITECTURE, Claim.REFERENCED, full, span=Span(byte, byte + 1, Unit.BYTES), pointer=full, details=details)


def judge_globals(file: File, listings: Iterable[tuple[Listing, str | None]]) -> Iterator[Issue]:
    """Make one issue of each severity of the unexpected globals of a file's pickles: what acts, what is not known, what a library brings."""
    places: dict[Severity, dict[str, Location]] = {}
    for listing, member in listings:
        for known, byte in (*listing.globals.items(), *_hidden(listing)):
            if (severity := judge_global(known.module, known.name)) is not None:
                shown = printable(known.full[:200])
                path = f"{file.path}!/{printable(member)}" if member else file.path
                place = Location(root=file.root.name, path=path, span=Span(byte, byte + 1, Unit.BYTES), pointer=shown)
                places.setdefault(severity, {}).setdefault(shown, place)
    for severity, message in MESSAGES:
        if named := places.get(severity):
            few = ", ".join(sorted(named)[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")
            locations = tuple(named[name] for name in sorted(named))[:MOST_LOCATIONS]
            yield Issue(
                rule="pickle.unexpected-global", severity=severity, message=f"{message}: {few}"[:600], locations=locations, settle=SETTLE
            )


def _hidden(listing: Listing) -> Iterator[tuple[Global, int]]:
    """Give the globals that a reader finds who takes an array's bytes for opcodes; what is no name is chance."""
    for detour in listing.detours:
        for known, byte in detour.globals.items():
            if DOTTED.fullmatch(known.module) and DOTTED.fullmatch(known.name):
                yield known, byte


def count_tensors(listings: Iterable[Listing]) -> Census:
    """Count tensors and arrays; views of the same elements count once. An array of objects or of unknown shape counts as no elements."""
    census = Census()
    for listing in listings:
        count_into(census, listing)
    return census


def count_into(census: Census, listing: Listing) -> None:
    """Count the tensors and arrays of one pickle."""
    for tensor in listing.tensors.values():
        census.add(tensor.dtype, tensor.shape)
    for name, tensor in listing.named.items():
        census.sizes.add(name, tensor.shape)
    for array in listing.arrays:
        if array.dtype in SIZES or RECORDS.fullmatch(array.dtype):
            census.add(array.dtype, array.shape)


def reach_of(tensor: Tensor) -> int:
    """Compute how many elements of its storage a tensor needs, from the storage's start."""
    if 0 in tensor.shape:
        return 0
    return tensor.offset + 1 + sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.strides, strict=True))


def byte_size(dtype: str, count: int) -> int | None:
    """Compute a storage's size in bytes; `None` for a dtype that is not known."""
    return count * SIZES[dtype] if dtype in SIZES and count >= 0 else None
