"""A small YAML document as a tree with lines, read strictly from its events: no tag, no anchor, no alias, no key that stands twice.

Nothing is constructed and no type is guessed: a scalar stays the words that were written, and only an empty plain one, `~` and `null` are nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.errors import Malformed, TooLarge

if TYPE_CHECKING:
    from yaml import Event

LARGEST = 2**20
MOST_EVENTS = 20_000
DEEPEST = 20
NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Words:
    """A scalar with its line; `text` is None for nothing."""

    text: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A sequence with its line."""

    items: tuple["Tree", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Keys:
    """A mapping with its line, its keys in their order."""

    items: dict[str, "Tree"]
    line: int


Tree = Words | Items | Keys


def read_yaml_tree(data: bytes) -> Tree:
    """Read one document.

    Raises Malformed with the line for what is no YAML, or uses what a record has no need of; TooLarge above 1 MiB or 20,000 events.
    """
    import yaml

    if len(data) > LARGEST:
        raise TooLarge(f"larger than {LARGEST} bytes")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        events = _bounded(yaml.parse(data.decode("utf-8-sig"), Loader=loader))
        first = next((event for event in events if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent)), None)
        if first is None or isinstance(first, yaml.StreamEndEvent):
            raise Malformed("line 1: there is nothing in it")
        tree = _read(first, events, 0)
        if any(isinstance(event, yaml.DocumentStartEvent) for event in events):
            raise Malformed("there is more than one document in it")
    except UnicodeDecodeError as error:
        raise Malformed(f"not UTF-8 at byte {error.start}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark: object = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f"line {mark + 1}: " if isinstance(mark, int) else ""
        raise Malformed(f"{where}not YAML: {getattr(error, 'problem', None) or type(error).__name__}") from error
    return tree


def _bounded(events: Iterator["Event"]) -> Iterator["Event"]:
    for count, event in enumerate(events):
        if count > MOST_EVENTS:
            raise TooLarge(f"more than {MOST_EVENTS} YAML events")
        yield event


def _read(event: "Event", events: Iterator["Event"], depth: int) -> Tree:
    import yaml

    line = event.start_mark.line + 1 if event.start_mark is not None else 1
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise Malformed(f"line {line}: anchors and aliases have no place in a record")
    if getattr(event, "tag", None):
        raise Malformed(f"line {line}: tags have no place in a record")
    if depth > DEEPEST:
        raise Malformed(f"line {line}: nested more than {DEEPEST} deep")
    if isinstance(event, yaml.ScalarEvent):
        plain = event.style is None or event.style == ""
        return Words(None if plain and event.value in NOTHING else event.value, line)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Tree] = []
        while not isinstance(part := next(events), yaml.SequenceEndEvent):
            items.append(_read(part, events, depth + 1))
        return Items(tuple(items), line)
    return _read_keys(events, line, depth)


def _read_keys(events: Iterator["Event"], line: int, depth: int) -> Keys:
    import yaml

    found: dict[str, Tree] = {}
    while not isinstance(part := next(events), yaml.MappingEndEvent):
        key = _read(part, events, depth + 1)
        if not isinstance(key, Words):
            raise Malformed(f"line {key.line}: a key has to be a word")
        if (name := key.text or "") in found:
            raise Malformed(f"line {key.line}: the key {name!r} stands there twice")
        found[name] = _read(next(events), events, depth + 1)
    return Keys(found, line)
