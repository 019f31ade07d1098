"""What a walk over a document of objects and arrays says: each scalar, and where objects and arrays end.

Numbers and words in arrays are counted and never kept: a model of a hundred megabytes is read in a few kilobytes.
"""

from typing import NamedTuple

from inspector.errors import Malformed, TooLarge

DEEPEST = 64
MOST_EVENTS = 4_000_000
MOST_KEYS = 100_000  # of one object
LONGEST_TEXT = 4096  # bytes; a longer text is cut
HEAD = 8
ELEMENT = "*"  # stands in a path for an element of an array, whichever it is

Path = tuple[str, ...]


class Array(NamedTuple):
    """The end of an array: how many elements it has, and the first few where they are numbers."""

    length: int
    head: tuple[float, ...] = ()


class Object(NamedTuple):
    """The end of an object: how many keys it has."""

    length: int


Value = str | int | float | bool | Array | Object | None


class Event(NamedTuple):
    """A value and where it stands: the keys that lead to it. `end` is the byte behind it."""

    path: Path
    value: Value
    end: int


class Level:
    """An object or an array that is open: its keys, how many elements it has, the first numbers."""

    __slots__ = ("count", "head", "is_array", "keys", "left", "ready", "width")

    def __init__(self, *, is_array: bool, left: int | None = None, width: str = "") -> None:
        self.is_array, self.left, self.width = is_array, left, width
        self.count = 0
        self.head: tuple[float, ...] = ()
        self.keys: set[str] = set()
        self.ready = False  # a value was just read

    def add_key(self, key: str, place: int) -> None:
        """Note a key; raises Malformed when it is there twice."""
        if key in self.keys:
            raise Malformed(f"the key {key[:100]!r} is there twice, at byte {place}")
        if len(self.keys) >= MOST_KEYS:
            raise TooLarge(f"an object of more than {MOST_KEYS} keys at byte {place}")
        self.keys.add(key)

    def close(self) -> Array | Object:
        """Say what it was."""
        return Array(self.count, self.head) if self.is_array else Object(self.count)


class Walk:
    """The open levels of a document and the path to them."""

    def __init__(self) -> None:
        self.levels: list[Level] = []
        self._path: list[str] = []
        self.steps = 0

    @property
    def top(self) -> Level:
        """The innermost level."""
        return self.levels[-1]

    def step(self, place: int) -> None:
        """Count one piece of the document; raises TooLarge when there are too many."""
        self.steps += 1
        if self.steps > MOST_EVENTS:
            raise TooLarge(f"more than {MOST_EVENTS} values and keys, at byte {place}")

    def open(self, level: Level, place: int) -> None:
        """Go into an object or an array; raises TooLarge below 64 levels."""
        if len(self.levels) >= DEEPEST:
            raise TooLarge(f"nested deeper than {DEEPEST} at byte {place}")
        self.levels.append(level)
        self._path.append(ELEMENT)

    def key(self, key: str, place: int) -> None:
        """Note the key of the value that follows."""
        self.top.add_key(key, place)
        self._path[-1] = key

    def here(self) -> Path:
        """Spell the path of the value that is being read."""
        return tuple(self._path)

    def close(self) -> Array | Object:
        """Leave the innermost level."""
        self._path.pop()
        return self.levels.pop().close()
