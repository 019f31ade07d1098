"""Where a tensor stands in a model, whatever the library calls it: the embedding, the final norm, the query projection of layer 7.

The same place has other names in the files of transformers, of the original releases and of llama.cpp; the table of names is data.
Source: `standards/tensor-names.toml`, with the libraries it was read from.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from inspector.model import Frozen
from inspector.tables import load_table

PARTS = (".weight", ".bias")


class Names(Frozen, frozen=True):
    """The table: what stands before the number of a layer, and the names of places outside of layers and inside of one."""

    layers: tuple[str, ...]
    outside: dict[str, tuple[str, ...]]
    inside: dict[str, tuple[str, ...]]


class Place(NamedTuple):
    """A place in a transformer: what the tensor is for, the number of its layer, if it is in one, and which part it is (`weight`, `bias`)."""

    role: str
    layer: int | None
    part: str


@dataclass(frozen=True, slots=True)
class Index:
    """The table turned around: from names to places, and the expression that takes a name apart at the number of its layer."""

    outside: dict[str, str]
    inside: dict[str, str]
    layer: re.Pattern[str]


@cache
def _index() -> Index:
    table = load_table("tensor-names.toml", Names)
    prefixes = "|".join(re.escape(prefix) for prefix in sorted(table.layers, key=len, reverse=True))
    return Index(
        {name: role for role, names in table.outside.items() for name in names},
        {name: role for role, names in table.inside.items() for name in names},
        re.compile(rf"(?:{prefixes})\.([0-9]{{1,5}})\.(.+)", re.DOTALL),
    )


def place_tensor(name: str) -> Place | None:
    """Say where a tensor stands by its name; None for a name that the table does not know."""
    index = _index()
    part = next((part for part in PARTS if name.endswith(part)), "")
    stem = name.removesuffix(part)
    if (role := index.outside.get(stem)) is not None:
        return Place(role, None, part[1:])
    inside = index.layer.fullmatch(stem)
    if inside is None or (role := index.inside.get(inside[2])) is None:
        return None
    return Place(role, int(inside[1]), part[1:])


def find_layer(name: str) -> int | None:
    """Give the number of the layer that a tensor belongs to, also for one whose own name the table does not know."""
    found = _index().layer.match(name)
    return int(found[1]) if found else None
