"""What a followed pickle amounts to: the tensors in it, counted once each, and the estimators it is made of."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from inspector.detector import Found
from inspector.model import Claim, Component, Reference, Span, Unit
from inspector.pickles.globals import is_library_class, judge_global
from inspector.pickles.issues import judge_globals
from inspector.pickles.listing import Listing
from inspector.pickles.symbols import SIZES, Tensor
from inspector.weights.census import Census

__all__ = [
    "byte_size",
    "count_into",
    "count_tensors",
    "find_estimators",
    "is_data_name",
    "is_library_class",
    "judge_global",
    "judge_globals",
    "reach_of",
]
MOST_CLASSES = 16
RECORDS = re.compile(r"V\d+")
DATA_WORDS = re.compile(
    r"(?:^|[^a-z])(?:train|test|val|valid|validation|dev|data|datasets?|labels?|vocab|tokenizer|cache|results?|examples?)(?:[^a-z]|$)"
)


def is_data_name(path: str) -> bool:
    """Say whether a file's name promises data, labels or a vocabulary: arrays in it are no parameters."""
    return DATA_WORDS.search(PurePosixPath(path).name.casefold()) is not None


def find_estimators(listings: Iterable[Listing]) -> Iterator[Found]:
    """Name the classes of libraries that the pickles are made of, at most 16."""
    places: dict[str, int] = {}
    for listing in listings:
        for known, byte in ((known, byte) for part in listing.parts() for known, byte in part.globals.items()):
            if is_library_class(known.module, known.name):
                places.setdefault(known.full[:200], byte)
    for full, byte in list(places.items())[:MOST_CLASSES]:
        details = Reference(kind="package", target=full.partition(".")[0])
        yield Found(Component.ARCHITECTURE, Claim.REFERENCED, full, span=Span(byte, byte + 1, Unit.BYTES), pointer=full, details=details)


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
