"""Terms in the metadata of weights files and settings: any key that speaks of a licence, and any text that restricts use."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from inspector.detector import Declared
from inspector.licensing.restrictions import restrict_text
from inspector.model import Component, Scope, printable

LICENSE = re.compile(r"(.*[._/-])?_?licen[cs]es?", re.IGNORECASE)
NAME, LINK = re.compile(r".*licen[cs]e[._-]?name", re.IGNORECASE), re.compile(r".*licen[cs]e[._-]?(link|url)", re.IGNORECASE)
ABOUT = re.compile(r"licen[cs]e|usage|restrict|terms|description|disclaimer|notice|comment|note", re.IGNORECASE)
INSIDE = re.compile(r'"(?:[\w.-]*[._-])?licen[cs]e"\s*:\s*"([^"\\]{1,200})"', re.IGNORECASE)
LONGEST, SHORT, LONGEST_JSON = 1_000, 1_000, 20_000
MOST = 20


def declare_metadata(values: Mapping[str, str], scope: Scope = Scope.FILE) -> Iterator[Declared]:
    """Give the licences that keys declare for the parameters, with name and link beside them, and what other values forbid; at most 20."""
    yield from islice(_declared(values, scope), MOST)
    yield from islice(_restricted(values, scope), MOST)


def _declared(values: Mapping[str, str], scope: Scope) -> Iterator[Declared]:
    name, link = (next((text for key, text in values.items() if pattern.fullmatch(key)), None) for pattern in (NAME, LINK))
    keys = [key for key in values if LICENSE.fullmatch(key)] or [key for key in values if NAME.fullmatch(key) or LINK.fullmatch(key)][:1]
    for key in keys:
        if text := values[key].strip()[:LONGEST]:
            shown = printable(text[:200])
            yield Declared(text, Component.PARAMETERS, scope, name=name, link=link, pointer=printable(key), excerpt=shown)


def _restricted(values: Mapping[str, str], scope: Scope) -> Iterator[Declared]:
    """Read every short value, and a long one where its key promises words; a licence may also stand in a value that is JSON itself."""
    for key, text in values.items():
        if not LICENSE.fullmatch(key) and (len(text) <= SHORT or ABOUT.search(key)):
            yield from restrict_text(text, scope, pointer=printable(key[:200]))
        for inner in islice(INSIDE.finditer(text[:LONGEST_JSON]), 1):
            yield Declared(inner[1], Component.PARAMETERS, scope, pointer=printable(key[:200]), excerpt=printable(inner[0][:200]))
