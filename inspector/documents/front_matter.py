"""Front matter: the YAML between two lines of `---`, read as a flat list of leaves with their lines.

Only the event stream of the YAML parser is used: no object is ever built, and an alias is expanded for a single value only, so neither a tag nor
a chain of aliases can cost anything. Values stay the words that were written: `no` is Norwegian, not false.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

MAX_BYTES = 2**20
MAX_DEPTH = 64
MAX_LEAVES = 100_000
MAX_BLOCKS = 8
FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
KEY = re.compile(r"[A-Za-z_][\w.-]*\s*:(\s|$)")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One scalar: a JSON pointer to it (`/license`, `/datasets/1`), its words, and its line in the file."""

    pointer: str
    text: str
    line: int

    @property
    def key(self) -> str:
        """The top-level key that the leaf stands under."""
        return self.pointer.split("/", 2)[1]


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """One block: its first and last line, its leaves in order, and why it could not be read to its end."""

    first: int
    last: int
    leaves: tuple[Leaf, ...] = ()
    keys: frozenset[str] = frozenset()
    broken: str | None = None

    def values(self, key: str) -> tuple[Leaf, ...]:
        """List the non-empty leaves of a top-level key: one of a value, all of a list, none of a mapping below it."""
        return tuple(leaf for leaf in self.leaves if leaf.key == key and leaf.text and _plain(leaf.pointer))

    def first_text(self, key: str) -> str | None:
        """Give the words of the first leaf of a key."""
        return next((leaf.text for leaf in self.values(key)), None)


def _plain(pointer: str) -> bool:
    parts = pointer.split("/")[2:]
    return not parts or (len(parts) == 1 and parts[0].isdigit())


def read_blocks(lines: tuple[str, ...]) -> tuple[FrontMatter, ...]:
    """Find and read the front matter of a text: a block at its start and at most one more, which re-uploads leave behind it."""
    blocks: list[FrontMatter] = []
    for first, last in _candidates(lines):
        block = read_block(lines, first, last)
        if block.keys and (not blocks or block.broken is None):
            blocks.append(block)
        if len(blocks) == MAX_BLOCKS:
            break
    return tuple(blocks)


def _candidates(lines: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Pair the markers (line numbers from 1): the first at the start of the text, a later one only after a first and before a `key:`."""
    opened, fenced, found = 0, False, False
    start = next((number for number, line in enumerate(lines, 1) if line.strip()), 0)
    for number, line in enumerate(lines, 1):
        if not opened and FENCE.match(line):
            fenced = not fenced
        if fenced or line.rstrip() != "---":
            continue
        if opened:
            yield opened, number
            opened, found = 0, True
        elif number == start or (found and number < len(lines) and KEY.match(lines[number])):
            opened = number
        elif not found:
            return
    if opened and not found and opened < len(lines) and KEY.match(lines[opened]):
        yield opened, len(lines) + 1


def read_block(lines: tuple[str, ...], first: int, last: int) -> FrontMatter:
    """Read the YAML between two marker lines; what breaks is said with its line, and what was read before is kept."""
    text = "\n".join(lines[first : last - 1])
    if len(text) > MAX_BYTES:
        return FrontMatter(first, last, broken=f"line {first}: front matter of {len(text)} characters, the limit is {MAX_BYTES}")
    builder = _Builder(first + 1)
    broken = f"line {first}: front matter without an end" if last > len(lines) else None
    try:
        for event in yaml.parse(text, LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        line = first + 1 + (error.problem_mark.line if error.problem_mark else 0)
        broken = f"line {line}: front matter is not YAML: {error.problem or 'it cannot be parsed'}"
    except (yaml.YAMLError, _Bounds, ValueError) as error:
        broken = f"line {first}: front matter cannot be read: {str(error).splitlines()[0]}"
    return FrontMatter(first, last, tuple(builder.leaves), frozenset(builder.keys), broken)


class _Bounds(Exception):
    """The block is deeper or longer than is read."""


@dataclass(slots=True)
class _Builder:
    """Builds leaves from events with a stack of places: `None` waits for a key, a text for its value, a number counts items."""

    offset: int
    leaves: list[Leaf] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    stack: list[str | int | None] = field(default_factory=list)
    anchors: dict[str, str] = field(default_factory=dict)

    def take(self, event: yaml.Event) -> None:
        """Take the next event; raises _Bounds."""
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(isinstance(event, yaml.MappingStartEvent))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.stack.pop()
            self._done()
        elif isinstance(event, yaml.ScalarEvent):
            if event.anchor:
                self.anchors[event.anchor] = event.value
            self._scalar(event.value, _line(event))
        elif isinstance(event, yaml.AliasEvent):
            self._scalar(self.anchors.get(event.anchor or "", f"*{event.anchor}"), _line(event))

    def _open(self, mapping: bool) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise _Bounds(f"nested deeper than {MAX_DEPTH}")
        if self.stack and self.stack[-1] is None:
            self.stack[-1] = "?"
        self.stack.append(None if mapping else 0)

    def _scalar(self, text: str, line: int) -> None:
        if self.stack and self.stack[-1] is None:
            self.stack[-1] = text.replace("~", "~0").replace("/", "~1")
            if len(self.stack) == 1:
                self.keys.add(text)
            return
        if len(self.leaves) >= MAX_LEAVES:
            raise _Bounds(f"more than {MAX_LEAVES} values")
        if self.stack and isinstance(self.stack[0], str):
            self.leaves.append(Leaf("".join(f"/{part}" for part in self.stack), text.strip(), self.offset + line))
        self._done()

    def _done(self) -> None:
        if self.stack:
            top = self.stack[-1]
            self.stack[-1] = top + 1 if isinstance(top, int) else None


def _line(event: yaml.Event) -> int:
    return event.start_mark.line if event.start_mark else 0
