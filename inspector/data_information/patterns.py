"""Expressions over data: what makes a statement specific, and what an address is. The table is `standards/data-objects.toml`."""

import re
from collections.abc import Iterable
from functools import lru_cache

from inspector.model import Frozen
from inspector.tables import load_table


class Patterns(Frozen, frozen=True):
    """The table: objects of a statement, and kinds of address."""

    objects: dict[str, str]
    links: dict[str, str]


@lru_cache(maxsize=1)
def load_patterns() -> Patterns:
    """Read the table once."""
    return load_table("data-objects.toml", Patterns)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    for name, expression in load_patterns().objects.items():
        pattern = pattern.replace(f"<{name}>", expression)
    return re.compile(pattern, re.I | re.M)


def found(patterns: Iterable[str], text: str) -> bool:
    """Say whether one of some expressions is found in a text; `<name>` in one stands for an object of the table."""
    return any(_compiled(pattern).search(text) for pattern in patterns)


def found_all(patterns: Iterable[str], text: str) -> bool:
    """Say whether all of some expressions are found in a text."""
    return all(_compiled(pattern).search(text) for pattern in patterns)
