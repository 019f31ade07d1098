"""Chat templates: the programs that put messages into one text, wherever a bundle keeps them.

What it sees: tokenizer_config.json, chat_template.json and processor_config.json, `chat_template.jinja` and other `*.jinja` files that speak of
messages, and the templates in the header of a GGUF file; of Ollama's store the template for Go, in which only characters and addresses are looked at.
What it says: a template is there, with a digest of its text, so that copies can be compared; what it reaches for that a template does not need,
and conditions on what somebody says. It is parsed in a process with bounds, never compiled and never rendered.
What it cannot know: what the loader gives a template to use; whether words that it adds are meant well.
Source: Jinja's documentation; transformers, "Chat templates"; the GGUF specification; CVE-2024-34359, CVE-2026-5760.
"""

import re
from collections.abc import Iterator
from hashlib import sha256

from inspector.bundle import File
from inspector.chat_templates.kept import Kept, list_under
from inspector.chat_templates.reading import LONGEST, read_words
from inspector.chat_templates.remarks import judge_templates
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Span, TemplateText, Unit, printable
from inspector.serialization.strict_json import Json, escape, read_json
from inspector.sightings import Sightings
from inspector.weights.gguf_header import MAGIC, TEXT, Array, open_header, read_values

TOKENIZER, PROCESSOR, TEMPLATE = "tokenizer_config.json", "processor_config.json", "chat_template.json"
KEY, NAMES = "tokenizer.chat_template", "tokenizer.chat_templates"
SUFFIXES = (".jinja", ".jinja2", ".j2")
SPEAKS = re.compile(r"\bmessages?\b|\badd_generation_prompt\b|\bbos_token\b")
MOST = 50
SETTLE = "Read the template at this line; take it from the model's publisher, and load it with a sandboxed Jinja."
FORMATS = {PROCESSOR: "processor-config", TEMPLATE: "chat-template-json"}


@detector(
    "chat-template",
    wants=Wants(names=(TOKENIZER, PROCESSOR, TEMPLATE, "template"), suffixes=SUFFIXES, magic=(Magic(MAGIC),)),
    formats=("jinja-template", "go-template", *FORMATS.values()),
    emits={(Component.MODEL_METADATA, Claim.PRESENT)},
)
def chat_template(file: File) -> Iterator[Said]:
    """Read the templates of a file, each by itself: one that breaks is a problem, and the others are read."""
    name, sightings = file.name.casefold(), Sightings(file)
    if name == "template":
        yield from _go(file, sightings)
        return
    if name in FORMATS or name.endswith(SUFFIXES):
        yield Format(FORMATS.get(name, "jinja-template"))
    templates = list(_list_templates(file, name))[:MOST]
    yield from map(_found, templates)
    yield from judge_templates(templates, sightings, SETTLE)


def _found(kept: Kept) -> Found:
    digest = sha256("".join(kept.text.split()).encode("utf-8", "replace")).hexdigest()
    details = TemplateText(name=printable(kept.name[:100]), sha256=digest)
    return Found(Component.MODEL_METADATA, Claim.PRESENT, "chat-template", span=kept.span, pointer=kept.pointer or None, details=details)


def _list_templates(file: File, name: str) -> Iterator[Kept]:
    if file.head.startswith(MAGIC):
        yield from _in_gguf(file)
    elif name in FORMATS:
        yield from _in_settings(read_json(file))
    elif name == TOKENIZER:
        try:
            settings = read_json(file)
        except Malformed:
            return  # the detector of tokenizers says so
        yield from _in_settings(settings)
    elif (text := file.text) and ("chat_template" in file.path.casefold() or SPEAKS.search(text)):
        below = file.path.casefold().split("/")[-2:-1] == ["additional_chat_templates"]
        yield Kept(file.name.rpartition(".")[0] if below or name != "chat_template.jinja" else "default", text, "")


def _in_settings(settings: dict[str, Json]) -> Iterator[Kept]:
    """List the templates of a JSON file, also under keys that a loader of its own reads (`custom_chat_template`)."""
    for key, value in settings.items():
        if key.endswith("chat_template"):
            yield from list_under("default" if key == "chat_template" else key, value, f"/{escape(key)}")


def _in_gguf(file: File) -> Iterator[Kept]:
    """List the templates of a header. What breaks in it is said by the detector of the format."""
    try:
        cursor, header, _, keys = open_header(file)
        read_values(cursor, header, keys)
    except Malformed:
        return
    for key, value in header.values.items():
        if not key.startswith(KEY) or value.kind != TEXT or isinstance(value.content, Array) or key == NAMES:
            continue
        start = value.begin + 4 + cursor.word.size
        span = Span(value.begin, value.end, Unit.BYTES)
        text = file.read(start, min(value.end - start, LONGEST + 1)).decode("utf-8", "replace")
        yield Kept(key.removeprefix(KEY).removeprefix(".") or "default", text, key, span)


def _go(file: File, sightings: Sightings) -> Iterator[Said]:
    """Look at a template for Go: the language has no way out of the text that it makes."""
    if file.root.layout != "ollama":
        return
    yield Format("go-template")
    for seen in read_words(file.text):
        sightings.add(seen.rule, seen.severity, seen.message, f"line {seen.line}")
    yield from sightings.issues(SETTLE)
