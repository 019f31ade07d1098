"""Templates in other settings: chat templates that no file of a tokenizer keeps.

What it sees: JSON and YAML files of any name with a key that ends in `chat_template`, and files named `*.template` that speak of messages.
What it says: what such a template reaches for that a template does not need, as of the templates of tokenizers. It is parsed in a process
with bounds, never compiled and never rendered.
What it cannot know: whether anything loads the file. Such a template is no evidence of the model's own.
Source: as for chat templates; servers take a template, or a tokenizer's settings, from a file of any name.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.chat_templates.kept import KEY, Kept, is_template, list_in_json
from inspector.chat_templates.reading import LONGEST
from inspector.chat_templates.remarks import judge_templates
from inspector.detector import Said, Wants, detector
from inspector.serialization.strict_json import ESCAPED, LIMIT
from inspector.serialization.yaml_values import read_yaml_values
from inspector.sightings import Sightings

TOKENIZERS = frozenset({"tokenizer_config.json", "processor_config.json", "chat_template.json"})  # another detector reads these
SPEAKS = re.compile(r"\bmessages?\b|\badd_generation_prompt\b")
MOST = 50
SETTLE = "Read the template at this line, and load it with a sandboxed Jinja if at all."


@detector("carried-templates", wants=Wants(suffixes=(".json", ".yaml", ".yml", ".template")), formats=())
def carried_templates(file: File) -> Iterator[Said]:
    """Look for the key, and only where it stands parse."""
    if file.name.casefold() in TOKENIZERS or file.size > LIMIT or b"\0" in file.head:
        return
    yield from judge_templates(_list_templates(file)[:MOST], Sightings(file), SETTLE)


def _list_templates(file: File) -> list[Kept]:
    if file.suffix == ".template":
        text = file.text if b"{%" in file.whole(LIMIT) else ""
        return [Kept("", text, "")] if SPEAKS.search(text) else []
    data = file.whole(LIMIT)
    if KEY.encode() not in data and not ESCAPED.search(data):
        return []
    if file.suffix == ".json":
        return list_in_json(file.text)
    values = (value for value in read_yaml_values(file.text, LONGEST + 1) if any(key.endswith(KEY) for key in value.path))
    return [Kept("", value.text, f"line {value.line}:") for value in values if is_template(value.text)]
