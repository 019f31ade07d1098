"""Settings that name code: keys by which a loader imports, calls or downloads what a file of data names.

Sources: transformers (`trust_remote_code`, `attn_implementation`), diffusers (`custom_pipeline`), Hydra (`_target_`), LightningCLI (`class_path`),
fiddle (`pyref`), AllenNLP and sentence-transformers (`type`), PyYAML's tags, gin's imports; CVE-2026-4372, CVE-2026-5241, CVE-2025-23304.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from inspector.hazards.hydra import judge_target
from inspector.model import Severity, printable
from inspector.observation import Observation
from inspector.pickles.globals import is_acting, judge_global, list_system

REPOSITORY = re.compile(r"[\w.-]{1,100}/[\w.-]{1,100}(?:[@:].{0,100})?")
INTERNAL = re.compile(r"_?attn_implementation|_\w{1,60}_internal")
TAG = re.compile(r"tag:yaml\.org,2002:python/(object/apply|object/new|object|module|name):([\w.]{1,200})")
GIN_IMPORT = re.compile(r"^(?:from[ \t]+([\w.]{1,200})[ \t]+)?import[ \t]+([\w.]{1,200})", re.MULTILINE)
ENTITY = re.compile(r"<!ENTITY\s+(?:%\s+)?[\w:.-]{1,100}\s+(SYSTEM\s+[\"'](?:[a-z]+://|/|\\\\|[A-Za-z]:)|SYSTEM|PUBLIC|[\"'])")
LOOKS_UP = ("hydra.utils.get_method", "hydra.utils.get_class", "hydra.utils.get_object", "hydra.utils.get_static_method")
NAMES_CLASS = frozenset({"type", "_class"})  # AllenNLP and sentence-transformers import what stands here with a dot
DOTTED = re.compile(r"[A-Za-z_]\w{0,60}(?:\.\w{1,60}){1,8}")
Value = bool | int | float | str | None


class Setting(NamedTuple):
    """A value with the keys that lead to it, and where it stands in words."""

    path: tuple[str, ...]
    value: Value
    place: str


def judge_settings(settings: Iterable[Setting], *, of_model: bool) -> Iterator[Observation]:
    """Say which settings name code; those of a model (`of_model`) are read on loading, others when somebody starts a run with them."""
    values = list(settings)
    by_path = {item.path: item.value for item in values}
    for item in values:
        key = item.path[-1] if item.path else ""
        if key == "trust_remote_code" and (item.value is True or str(item.value).casefold() == "true"):
            severity, words = Severity.HIGH if of_model else Severity.LOW, "it says by itself that code of others is to be trusted"
            yield Observation("config.trusts-remote-code", severity, words, place=item.place)
        elif not isinstance(item.value, str):
            continue
        elif INTERNAL.fullmatch(key) and REPOSITORY.fullmatch(item.value):
            severity, shown = Severity.HIGH if of_model else Severity.LOW, printable(item.value[:100])
            words = f"loading downloads and runs compiled code of the repository {shown}"
            yield Observation("config.kernel-from-hub", severity, words, place=item.place)
        elif of_model and key in {"custom_pipeline", "custom_pipelines"}:
            severity, shown = Severity.HIGH if REPOSITORY.fullmatch(item.value) else Severity.MEDIUM, printable(item.value[:100])
            yield Observation("config.custom-pipeline", severity, f"loading the pipeline runs Python code of {shown}", place=item.place)
        elif key in {"_target_", "class_path"}:
            yield from _target(item, item.value, by_path)
        else:
            yield from _named(item, key, item.value, by_path)


def _named(item: Setting, key: str, value: str, by_path: dict[tuple[str, ...], Value]) -> Iterator[Observation]:
    """Judge what is imported by its name: a class under `type`, a reference in two parts."""
    if key in NAMES_CLASS and DOTTED.fullmatch(value):
        module, _, attribute = value.rpartition(".")
        if module.split(".")[0] in list_system() and is_acting(module, attribute):
            yield _acting(value, place=item.place)
    elif key == "name" and by_path.get((*item.path[:-1], "type")) == "pyref":
        target = by_path.get((*item.path[:-1], "module"))
        if isinstance(target, str) and is_acting(target, value):
            yield _acting(f"{target}.{value}", place=item.place)


def _target(item: Setting, name: str, by_path: dict[tuple[str, ...], Value]) -> Iterator[Observation]:
    """Judge a target by itself; what looks another name up is judged by that name."""
    looked_up = by_path.get((*item.path[:-1], "path"))
    if name in LOOKS_UP and isinstance(looked_up, str):
        name = looked_up
    module, _, attribute = name.strip().rpartition(".")
    if is_acting(module, attribute):
        yield _acting(name, place=item.place)
    elif judge_target(name) is not None:
        words = "building from these settings imports and calls what they name, beside the known frameworks"
        yield Observation("config.target", Severity.NOTE, words, place=item.place)


def _acting(name: str, place: str) -> Observation:
    return Observation(
        "config.target",
        Severity.HIGH,
        f"building from these settings calls what acts on files, processes or code: {printable(name[:100])}",
        place=place,
    )


def judge_tags(tags: Iterable[tuple[str, int]]) -> Iterator[Observation]:
    """Say which YAML tags build objects of Python or call something."""
    for tag, line in tags:
        if (match := TAG.match(tag)) is None:
            continue
        module, _, name = match[2].rpartition(".")
        severity = judge_global(module or match[2], name)
        calls = match[1] in {"object/apply", "object/new"}
        if not calls and severity is Severity.MEDIUM:
            severity = Severity.LOW
        if severity is not None:
            shown = printable(match[2][:100])
            words = f"an unsafe YAML loader {'calls' if calls else 'imports'} what a tag names: {shown}"
            yield Observation("config.yaml-tag", severity, words, place=f"line {line}")


def judge_gin(text: str) -> Iterator[Observation]:
    """Say which modules a gin file imports."""
    for match in GIN_IMPORT.finditer(text):
        module = f"{match[1]}.{match[2]}" if match[1] else match[2]
        severity = Severity.HIGH if is_acting(module, "") else Severity.NOTE
        words = (
            "reading these settings imports a module that acts on files, processes or code"
            if severity is Severity.HIGH
            else "reading these settings imports modules"
        )
        yield Observation(
            "config.gin-import", severity, words, place=f"line {text.count(chr(10), 0, match.start()) + 1}: {printable(module[:100])}"
        )


def judge_entities(text: str) -> Iterator[Observation]:
    """Say which entities a document type defines: those that are read from an absolute place, from elsewhere, or from the document."""
    for match in ENTITY.finditer(text):
        far = match[1].startswith("SYSTEM") and match[1] != "SYSTEM"
        words = (
            "an entity that a reader fetches from an absolute place"
            if far
            else "entities of its own, which some readers expand without a bound"
        )
        line = text.count("\n", 0, match.start()) + 1
        yield Observation("config.xml-entity", Severity.HIGH if far else Severity.LOW, words, place=f"line {line}")
