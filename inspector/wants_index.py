"""What all detectors want, indexed: a file is looked up once, however many detectors there are.

Names and magic are looked up in tables by their lengths, patterns by three characters that they must hold. `Wants.match_name` and
`Wants.match_head` say the same of one detector.
"""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from inspector.detector import Wants

GRAM = 3
WILD = re.compile(r"\*|\?|\[[^\]]*\]")


class WantsIndex:
    """Who wants a file, by numbers in the order in which their wants were given."""

    def __init__(self, wants: Iterable[Wants]) -> None:
        self._names: dict[str, set[int]] = {}
        self._suffixes: dict[int, dict[str, set[int]]] = {}
        self._grams: dict[str, dict[str, set[int]]] = {}
        self._others: dict[str, set[int]] = {}
        self._magic: dict[tuple[int, int], dict[bytes, set[int]]] = {}
        for number, want in enumerate(wants):
            for name in want.names:
                self._names.setdefault(name, set()).add(number)
            for suffix in want.suffixes:
                self._suffixes.setdefault(len(suffix), {}).setdefault(suffix, set()).add(number)
            for glob in want.globs:
                self._add_glob(glob, number)
            for magic in want.magic:
                self._magic.setdefault((magic.offset, len(magic.data)), {}).setdefault(magic.data, set()).add(number)

    def _add_glob(self, glob: str, number: int) -> None:
        """File a pattern under three characters of its longest literal part; without a wildcard it is a name."""
        literal = max(WILD.split(glob), key=len)
        if literal == glob:
            self._names.setdefault(glob, set()).add(number)
        elif len(literal) >= GRAM:
            self._grams.setdefault(literal[:GRAM], {}).setdefault(glob, set()).add(number)
        else:
            self._others.setdefault(glob, set()).add(number)

    def by_name(self, path: str) -> set[int]:
        """Say who wants a path by its base name, without regard to case."""
        name = path.rpartition("/")[2].casefold()
        found = set(self._names.get(name, ()))
        for length, suffixes in self._suffixes.items():
            found |= suffixes.get(name[-length:], NOBODY)
        for glob, numbers in self._others.items():
            if fnmatchcase(name, glob):
                found |= numbers
        for at in range(len(name) - GRAM + 1):
            for glob, numbers in self._grams.get(name[at : at + GRAM], NOTHING).items():
                if not numbers <= found and fnmatchcase(name, glob):
                    found |= numbers
        return found

    def by_head(self, head: bytes) -> set[int]:
        """Say who wants a file by its first bytes."""
        found: set[int] = set()
        for (offset, length), known in self._magic.items():
            found |= known.get(head[offset : offset + length], NOBODY)
        return found


NOBODY: frozenset[int] = frozenset()
NOTHING: dict[str, set[int]] = {}
