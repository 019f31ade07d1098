"""Read the keys and scalar values of YAML, JSON, TOML and gin files with their lines, without building what the files describe."""

import re
from collections.abc import Iterator

import msgspec

from inspector.decoding import decode_json
from inspector.errors import Malformed, TooLarge
from inspector.serialization.strict_json import without_nan
from inspector.sources.settings import Setting
from inspector.sources.source import source_lines

MOST_EVENTS = 200_000
DEEPEST = 100
LONGEST_VALUE = 80
JSON_KEY = re.compile(r'"([^"\\\n]{1,80})"[ \t]*:[ \t]*("[^"\\\n]{0,80}"|[\w.+-]{1,40})?')
TOML_KEY = re.compile(r'^[ \t]*"?([\w.-]{1,80})"?[ \t]*=[ \t]*(\S[^\n#]{0,80})?')
LINE_KEY = re.compile(r"^[ \t-]*[\"']?([\w.-]{1,80})[\"']?[ \t]*[:=][ \t]*(\S[^\n#,]{0,80})?")
GIN_KEY = re.compile(r"^[ \t]*([\w./@-]{1,120})[ \t]*=[ \t]*(\S[^\n#]{0,80})?")


def read_settings(text: str, suffix: str) -> Iterator[Setting]:
    """List the keys of a file with their values (`...` for a structure) and lines.

    TOML and gin are read line by line. Raises Malformed where YAML or JSON breaks its format, with the line; TooLarge for more than 200,000 YAML
    events.
    """
    if suffix in {".yaml", ".yml"}:
        yield from _yaml(text)
    elif suffix == ".json":
        try:
            decode_json(without_nan(text.encode("utf-8", "surrogatepass")), msgspec.Raw)
        except (msgspec.DecodeError, RecursionError) as error:
            raise Malformed(f"not JSON: {error}") from error
        yield from _scan(text, JSON_KEY)
    elif suffix == ".toml":
        yield from _scan(text, TOML_KEY)
    else:
        yield from _scan(text, GIN_KEY)


def scan_settings(text: str) -> Iterator[Setting]:
    """List what looks like a key with a value at the beginning of lines, in a file that breaks its format."""
    yield from _scan(text, LINE_KEY)


def _scan(text: str, key: re.Pattern[str]) -> Iterator[Setting]:
    for number, line in enumerate(source_lines(text), 1):
        for match in key.finditer(line):
            yield Setting(match[1], (match[2] or "...").strip().strip("\"'"), number)


def _yaml(text: str) -> Iterator[Setting]:
    """Walk the events of a YAML stream. Nothing is constructed and no alias is expanded, so neither tags nor aliases cost or run anything."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    stack: list[Setting | bool | None] = []  # for each open collection: False in a sequence, None before a key, else the key that waits
    try:
        for count, event in enumerate(yaml.parse(text, Loader=loader)):
            if count > MOST_EVENTS:
                raise TooLarge(f"more than {MOST_EVENTS} YAML events")
            if isinstance(event, yaml.NodeEvent) and event.start_mark is not None:
                scalar = event.value if isinstance(event, yaml.ScalarEvent) else None
                yield from _node(stack, scalar, event.start_mark.line + 1)
            if isinstance(event, yaml.CollectionStartEvent):
                stack.append(None if isinstance(event, yaml.MappingStartEvent) else False)
            elif isinstance(event, yaml.CollectionEndEvent):
                stack.pop()
            if len(stack) > DEEPEST:
                raise Malformed(f"nested more than {DEEPEST} deep")
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line: object = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f"line {line + 1}: " if isinstance(line, int) else ""
        raise Malformed(f"not YAML: {where}{getattr(error, 'problem', None) or type(error).__name__}") from error


def _node(stack: list[Setting | bool | None], scalar: str | None, line: int) -> Iterator[Setting]:
    if not stack or stack[-1] is False:
        return
    waiting = stack[-1]
    if isinstance(waiting, Setting):
        yield Setting(waiting.key, "..." if scalar is None else scalar[:LONGEST_VALUE], waiting.line)
        stack[-1] = None
    else:
        stack[-1] = Setting((scalar or "")[:LONGEST_VALUE], "...", line)
