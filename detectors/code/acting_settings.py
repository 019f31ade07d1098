"""Settings that name code: files of data by which a loader imports, calls or downloads something.

What it sees: JSON, YAML, gin, XML and PMML files in which words stand that can do so.
What it says: `trust_remote_code` and kernels from a hub in a model's own settings, targets of Hydra, LightningCLI, fiddle and AllenNLP that act,
YAML tags for Python's objects, modules that gin imports, entities of XML: each at its key or line.
What it cannot know: which loader somebody uses, and whether it still falls for it.
Source: the documentation of transformers, Hydra, LightningCLI, fiddle, PyYAML, gin and XML; CVE-2026-4372, CVE-2026-5241, CVE-2025-23304.
"""

import json
import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Said, Wants, detector
from inspector.errors import Malformed
from inspector.hazards.acting_settings import Setting, judge_entities, judge_gin, judge_settings, judge_tags
from inspector.observation import Observation
from inspector.pickles.globals import list_system
from inspector.serialization.strict_json import ESCAPED, LIMIT, MAX_DEPTH, Json
from inspector.serialization.yaml_values import read_yaml_tags, read_yaml_values
from inspector.sightings import Sightings

WORDS = re.compile(
    rb"trust_remote_code|attn_implementation|_internal\"|custom_pipeline|_target_|class_path|\"pyref\"|python/|^(?:from|import) |<!ENTITY",
    re.M,
)
CLASSES = re.compile(rb"(?:type|_class)[\"']?\s*:\s*[\"']?(?:" + "|".join(map(re.escape, list_system())).encode() + rb")\.")
SUFFIXES = (".json", ".yaml", ".yml", ".gin", ".xml", ".pmml")
OF_MODEL = re.compile(r"(?:.*[._-])?config\.json|model_index\.json|params\.json")
SETTLE = "Read the lines; remove the keys or pin what they name, and load with code of others switched off."


@detector("acting-settings", wants=Wants(suffixes=SUFFIXES), formats=())
def acting_settings(file: File) -> Iterator[Said]:
    """Look for the words, and only where one stands parse."""
    if file.size > LIMIT or b"\0" in file.head or not _names_code(file.whole(LIMIT)):
        return
    sightings = Sightings(file)
    for seen in _judge(file):
        sightings.add(seen.rule, seen.severity, seen.message, seen.place)
    yield from sightings.issues(SETTLE)


def _names_code(data: bytes) -> bool:
    """Say whether a word stands here that can name code, or letters are written as escapes so that none shows."""
    return any(pattern.search(data) for pattern in (WORDS, CLASSES, ESCAPED))


def _judge(file: File) -> Iterator[Observation]:
    match file.suffix:
        case ".json":
            yield from judge_settings(_list_json(file.text), of_model=bool(OF_MODEL.fullmatch(file.name.casefold())))
        case ".gin":
            yield from judge_gin(file.text)
        case ".xml" | ".pmml":
            yield from judge_entities(file.text)
        case _:
            yield from _judge_yaml(file.text)


def _judge_yaml(text: str) -> Iterator[Observation]:
    """Judge tags and values; a file that is no YAML, a template of one for instance, is judged as far as it goes."""
    try:
        if "python/" in text:
            yield from judge_tags(read_yaml_tags(text))
        yield from judge_settings((Setting(item.path, item.text, f"line {item.line}") for item in read_yaml_values(text)), of_model=False)
    except Malformed:
        yield from judge_tags((f"tag:yaml.org,2002:{match[1]}", text.count("\n", 0, match.start()) + 1) for match in TAGS.finditer(text))


TAGS = re.compile(r"!!(python/[\w/]{1,40}:[\w.]{1,200})")


def _list_json(text: str) -> Iterator[Setting]:
    """List the scalars of a JSON text with their keys. Leniently: of a key that stands twice the last counts, as for most loaders."""
    try:
        top: Json = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON, and it names code: {str(error)[:200]}") from error
    stack: list[tuple[tuple[str, ...], Json]] = [((), top)]
    while stack:
        path, value = stack.pop()
        if len(path) > MAX_DEPTH:
            raise Malformed(f"nested deeper than {MAX_DEPTH}")
        if isinstance(value, dict):
            stack += [((*path, key), item) for key, item in reversed(value.items())]
        elif isinstance(value, list):
            stack += [((*path, str(place)), item) for place, item in reversed(list(enumerate(value)))]
        else:
            yield Setting(path, value, "/" + "/".join(path))
