"""The scalars of a YAML document with the keys that lead to them, from its events: nothing is constructed, no tag is followed."""

from collections.abc import Iterator
from typing import NamedTuple

from inspector.errors import Malformed, TooLarge

MOST_EVENTS = 200_000
DEEPEST = 100
MOST_ANCHORS = 1_000
LONGEST = 1_000
ELEMENT = "*"


class YamlValue(NamedTuple):
    """A scalar: the keys that lead to it (`*` for an element of a sequence), its text, its line."""

    path: tuple[str, ...]
    text: str
    line: int


def read_yaml_values(text: str, longest: int = LONGEST) -> Iterator[YamlValue]:
    """Walk a document; an alias of a scalar is that scalar, other aliases are passed over. `longest` is in characters of one scalar.

    Raises Malformed with the line where it is no YAML, TooLarge above 200,000 events.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    walk = _Walk()
    try:
        for count, event in enumerate(yaml.parse(text, Loader=loader)):
            if count > MOST_EVENTS:
                raise TooLarge(f"more than {MOST_EVENTS} YAML events")
            line = event.start_mark.line + 1 if event.start_mark is not None else 1
            if isinstance(event, yaml.ScalarEvent):
                yield from walk.scalar(event.value[:longest], line, event.anchor)
            elif isinstance(event, yaml.AliasEvent):
                yield from walk.scalar(walk.anchors.get(event.anchor or "", ""), line, None)
            elif isinstance(event, yaml.CollectionStartEvent):
                walk.open(is_sequence=isinstance(event, yaml.SequenceStartEvent))
            elif isinstance(event, yaml.CollectionEndEvent):
                walk.close()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark: object = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f"line {mark + 1}: " if isinstance(mark, int) else ""
        raise Malformed(f"not YAML: {where}{getattr(error, 'problem', None) or type(error).__name__}") from error


class _Walk:
    """The open collections: a key that waits for its value, `None` before a key, `*` in a sequence."""

    def __init__(self) -> None:
        self.anchors: dict[str, str] = {}
        self._keys: list[str | None] = []
        self._are_keys: list[bool] = []  # of each open collection: whether it stands where a key does

    def open(self, *, is_sequence: bool) -> None:
        if len(self._keys) >= DEEPEST:
            raise Malformed(f"nested more than {DEEPEST} deep")
        self._are_keys.append(bool(self._keys) and self._keys[-1] is None)
        if self._are_keys[-1]:
            self._keys[-1] = "?"
        self._keys.append(ELEMENT if is_sequence else None)

    def close(self) -> None:
        self._keys.pop()
        if not self._are_keys.pop():
            self._done()

    def _done(self) -> None:
        if self._keys and self._keys[-1] != ELEMENT:
            self._keys[-1] = None

    def scalar(self, text: str, line: int, anchor: str | None) -> Iterator[YamlValue]:
        if anchor and len(self.anchors) < MOST_ANCHORS:
            self.anchors[anchor] = text
        if self._keys and self._keys[-1] is None:
            self._keys[-1] = text
            return
        yield YamlValue(tuple(key or "" for key in self._keys), text, line)
        self._done()


def read_yaml_tags(text: str) -> Iterator[tuple[str, int]]:
    """Give every tag that a document writes, in full, with its line; what handles stand for is followed.

    Raises as `read_yaml_values` does.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for count, event in enumerate(yaml.parse(text, Loader=loader)):
            if count > MOST_EVENTS:
                raise TooLarge(f"more than {MOST_EVENTS} YAML events")
            tag: object = getattr(event, "tag", None)
            if isinstance(tag, str) and event.start_mark is not None:
                yield tag, event.start_mark.line + 1
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Malformed(f"not YAML: {getattr(error, 'problem', None) or type(error).__name__}") from error
