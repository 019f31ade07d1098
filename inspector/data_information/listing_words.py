"""The table of data listings, `standards/data-listings.toml`: its types, and its expressions ready to be searched."""

import re
from functools import cache

from inspector.model import Frozen
from inspector.tables import load_table


class AddressWords(Frozen, frozen=True):
    """What tells an address of data from others, and one that anybody can use from one of somebody's own."""

    files: str
    places: str
    never: str
    public: str


class PathWords(Frozen, frozen=True):
    """What the path and the columns of a list say about what it is for."""

    never: str
    lists_never: str
    data: str
    pages: str
    columns: str
    hashed: str


class MixtureWords(Frozen, frozen=True):
    """Keys of settings that give names and weights of data."""

    names: tuple[str, ...]
    weights: tuple[str, ...]
    maps: tuple[str, ...]
    generic: tuple[str, ...]
    lists: tuple[str, ...]
    part_names: tuple[str, ...]
    part_weights: tuple[str, ...]
    above: tuple[str, ...]
    never: tuple[str, ...]
    flags: tuple[str, ...]
    placeholders: str


class ListingTable(Frozen, frozen=True):
    """The whole table."""

    addresses: AddressWords
    paths: PathWords
    mixtures: MixtureWords


@cache
def load_listing_words() -> ListingTable:
    """Read the table once."""
    return load_table("data-listings.toml", ListingTable)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile an expression of the table that ignores case."""
    return re.compile(pattern, re.I)


def is_for_something_else(path: str, *, addresses: bool = False) -> bool:
    """Say whether a path says that what lies there is for tests or for measuring; of a list of addresses also whether it is of models or blocks."""
    words = load_listing_words().paths
    return any(compiled(pattern).search(path) for pattern in ((words.never, words.lists_never) if addresses else (words.never,)))
