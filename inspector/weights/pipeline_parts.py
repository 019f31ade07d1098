"""The parts of a pipeline of diffusers: which libraries have them, and which have weights. The table is `standards/pipeline-libraries.toml`."""

from functools import cache

import msgspec

from inspector.tables import load_table


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Libraries, modules of diffusers with classes of parts, and the ends of classes without weights."""

    libraries: frozenset[str]
    pipelines: frozenset[str]
    without_weights: tuple[str, ...]


@cache
def _table() -> Table:
    return load_table("pipeline-libraries.toml", Table)


def is_library(name: str) -> bool:
    """Say whether a part's library is a known one; a dotted name counts by its first word."""
    return name.partition(".")[0] in _table().libraries | _table().pipelines


def has_weights(name: str) -> bool:
    """Say whether parts of a class have weights, as far as its name tells."""
    return not name.casefold().endswith(_table().without_weights)
