"""Templates as they are kept under a key: a text, a list of names and texts, or names with texts. Source: transformers, "Chat templates"."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.errors import Malformed
from inspector.model import Span
from inspector.serialization.strict_json import Json, escape

KEY = "chat_template"
MARKS = ("{{", "{%")


@dataclass(frozen=True, slots=True)
class Kept:
    """A template as it is kept: its name, its text, and where it stands."""

    name: str
    text: str
    pointer: str
    span: Span | None = None


def list_under(own: str, value: Json, pointer: str) -> Iterator[Kept]:
    """List the templates under a key."""
    match value:
        case str():
            yield Kept(own, value, pointer)
        case list():
            for place, item in enumerate(value):
                if isinstance(item, dict) and isinstance(text := item.get("template"), str):
                    yield Kept(str(item.get("name", "default")), text, f"{pointer}/{place}/template")
        case dict():
            for name, text in value.items():
                if isinstance(text, str):
                    yield Kept(name, text, f"{pointer}/{escape(name)}")


def list_in_json(text: str) -> list[Kept]:
    """List the templates under every key of a JSON text that is named for one, at any depth; of a key that stands twice both.

    Raises Malformed for what is no JSON.
    """
    found: list[Kept] = []

    def note(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        for key, value in pairs:
            if key.endswith(KEY):
                found.extend(kept for kept in list_under(key, value, escape(key)) if is_template(kept.text))
        return dict(pairs)

    try:
        json.loads(text.removeprefix("\ufeff"), object_pairs_hook=note)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON, and it holds a template: {str(error)[:200]}") from error
    return found


def is_template(text: str) -> bool:
    """Say whether a text is a template, and not the name of one."""
    return any(mark in text for mark in MARKS)
