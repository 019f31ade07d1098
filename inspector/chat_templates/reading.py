"""What a Jinja template reaches for, told from its syntax: it is parsed, never compiled and never rendered.

A chat template puts messages into one text. What leads to Python's internals, loads other templates or looks at what somebody says has no place in
one. Source: `standards/chat-templates.toml`, and what stands there.
"""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from inspector.errors import Malformed, TooLarge
from inspector.model import Severity
from inspector.observation import Observation
from inspector.tables import load_table

LONGEST = 2**20  # bytes
MOST = 200


class TemplateTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a template may use, what it must not, and where the words of a conversation stand."""

    functions: frozenset[str]
    filters: frozenset[str]
    tests: frozenset[str]
    methods: frozenset[str]
    refused: frozenset[str]
    foreign: frozenset[str]
    internals: frozenset[str]
    fragments: frozenset[str]
    content: frozenset[str]
    kinds: frozenset[str]
    dates: frozenset[str]


@cache
def load_template_table() -> TemplateTable:
    """Read the table."""
    return load_table("chat-templates.toml", TemplateTable)


def read_template(data: bytes) -> list[Observation]:
    """Parse a template in UTF-8 and say what is remarkable in it, at most 200 remarks. To be run in a process with bounds.

    Raises TooLarge above 1 MiB, Malformed where it is no template of Jinja.
    """
    if len(data) > LONGEST:
        raise TooLarge(f"a template of {len(data)} bytes, the limit is {LONGEST}")
    # Here, so that only the process that reads templates loads the parser.
    from jinja2 import TemplateSyntaxError

    from inspector.chat_templates.syntax import parse
    from inspector.chat_templates.walk import walk_template

    try:
        found = list(walk_template(parse(data.decode("utf-8", "replace")), load_template_table()))
    except TemplateSyntaxError as error:
        raise Malformed(f"no template of Jinja: {str(error.message)[:200]} at line {error.lineno}") from error
    except (ValueError, OverflowError) as error:
        raise Malformed(f"no template of Jinja: {str(error)[:200]}") from error
    except RecursionError as error:
        raise Malformed("a template that is nested too deeply to be looked at") from error
    remarks = {(remark.rule, remark.message): remark for remark in reversed([*found, *read_words(data.decode("utf-8", "replace"))])}
    return sorted(remarks.values(), key=lambda item: (item.line, item.rule, item.message))[:MOST]


HIDDEN = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0001-\U000e007f]")
ADDRESS = re.compile(r"\b(?:https?|ftp|wss?)://[^\s'\"<>{}|\\]{3,200}|\bdata:[a-z]+/[a-z0-9.+-]+;base64,")


def read_words(text: str) -> Iterator[Observation]:
    """Say which characters of a text do not show, and which addresses stand in it. A mark at the very start is none of these."""
    for match in HIDDEN.finditer(text.removeprefix("\ufeff")):
        message = f"characters that do not show stand in the template: U+{ord(match[0]):04X}"
        yield Observation("template.hidden-text", Severity.MEDIUM, message, text.count("\n", 0, match.start()) + 1)
    for match in ADDRESS.finditer(text):
        message = f"an address stands in the template, which goes to the model: {match[0][:100]}"
        yield Observation("template.address", Severity.LOW, message, text.count("\n", 0, match.start()) + 1)
