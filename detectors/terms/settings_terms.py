"""Terms in settings: what the JSON files beside a model say of its licence, where none would look for it.

What it sees: settings of tokenizers, processors, schedulers and runtimes, ModelScope's configuration.json, and the indexes of shards.
What it says: the licence that a key declares for the root's weights, at the top or in `metadata`; what a value forbids.
What it cannot know: whether the key was meant for the file or for the model; it counts for the model, as that of config.json does.
Source: the documentation of transformers, diffusers, ONNX Runtime and ModelScope on these files, none of which defines such a key.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from inspector.bundle import File
from inspector.detector import Declared, Wants, detector
from inspector.licensing.metadata_terms import declare_metadata
from inspector.model import Claim, Component, Scope
from inspector.serialization.strict_json import ESCAPED, LIMIT, read_json, texts

# A file without one of these words says nothing of terms; most are large and have none.
WORDS = re.compile(rb"licen[cs]|usage|terms|commercial|prohibit|permi(?:ssion|tted)|research", re.IGNORECASE)
CODE = frozenset({"chat_template"})  # a program, not a statement
INSIDE = ("", "metadata")


@detector(
    "settings-terms",
    wants=Wants(
        names=(
            *("tokenizer_config.json", "preprocessor_config.json", "processor_config.json", "video_preprocessor_config.json"),
            *("feature_extractor_config.json", "scheduler_config.json", "genai_config.json", "configuration.json"),
        ),
        globs=("*.index.json", "*.index.*.json"),
    ),
    formats=(),
    emits={(Component.PARAMETERS, Claim.LICENSED), (Component.UNSPECIFIED, Claim.LICENSED)},
)
def settings_terms(file: File) -> Iterator[Declared]:
    """Read the texts at the top of the settings, and below `metadata`."""
    if file.size > LIMIT or not file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return
    data = file.whole(LIMIT)
    if not WORDS.search(data) and not ESCAPED.search(data):
        return
    settings = read_json(file)
    for name in INSIDE:
        holder = settings.get(name) if name else settings
        if isinstance(holder, dict):
            said = {key: ", ".join(texts(value)) for key, value in holder.items() if key not in CODE}
            for found in declare_metadata({key: text for key, text in said.items() if text}, Scope.ROOT):
                yield replace(found, pointer=f"{f'/{name}' if name else ''}/{found.pointer}")
