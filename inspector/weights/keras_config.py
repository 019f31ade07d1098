"""The configuration of a Keras model: which classes and functions it names, and what building the model from it would run or read.

Source: Keras' `serialization_lib`: objects with `module`, `class_name`, `config` and `registered_name`; before 2.13 without a module.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import msgspec

from inspector.errors import TooLarge
from inspector.model import Severity, printable
from inspector.pickles.globals import is_acting
from inspector.serialization.events import Array, Event, Object
from inspector.sightings import Sightings
from inspector.tables import load_table

KEYS = frozenset({"class_name", "module", "registered_name", "config", "spec_name"})
LISTED, SAID = "\0", "\1"  # stand for a value that is no text: a list, and code that was judged where it stands
INNER = frozenset({"name", "vocabulary", "function_type", "function"})  # keys of the configuration of an object
MOST_NODES = 1_000_000
SETTLE = "Do not load the model before you have read what it names; ask for its weights alone, or build it from code that you have read."


class Classes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table of modules and classes."""

    allowed: tuple[str, ...]
    refused: tuple[str, ...]
    code: tuple[str, ...]
    pickled: tuple[str, ...]


@cache
def _table() -> Classes:
    return load_table("keras-classes.toml", Classes)


@dataclass(slots=True)
class KerasConfig:
    """What a configuration comes to: the class of the whole, the classes in it and how often, the keys of its outermost object."""

    whole: str = ""
    name: str = ""
    classes: Counter[str] = field(default_factory=Counter)
    keys: set[str] = field(default_factory=set)


def judge_config(events: Iterable[Event], sightings: Sightings, start: int, prefix: str = "") -> KerasConfig:
    """Judge every object of a configuration that begins at a byte of the file; `prefix` stands before the pointers of issues.

    Raises Malformed and TooLarge as the reader of the events does.
    """
    told, nodes, count = KerasConfig(), dict[int, dict[str, str]](), 0
    for path, value, end in events:
        depth = len(path)
        if depth == 1 and value is not None:
            told.keys.add(path[0][:100])
        if isinstance(value, Object):
            node = nodes.pop(depth, {})
            if "class_name" in node:
                count += 1
                if count > MOST_NODES:
                    raise TooLarge(f"a configuration of more than {MOST_NODES} objects")
                told.classes[node["class_name"][:200]] += 1
                told.whole = told.whole if depth else node["class_name"][:200]
                told.name = told.name if depth else node.get("config/name", "")[:200]
                pointer = printable(prefix + "/" + "/".join(path))[:200]
                _judge(node, sightings, pointer, (start + end - 1, start + end))
                if node["class_name"] == "__lambda__" and path[-2:] == ("config", "function"):
                    nodes.setdefault(depth - 2, {})["config/function"] = SAID
        elif depth and path[-1] in KEYS and isinstance(value, str):
            nodes.setdefault(depth - 1, {})[path[-1]] = value
        elif depth > 1 and path[-2] == "config" and path[-1] in INNER and isinstance(value, str | Array):
            nodes.setdefault(depth - 2, {})[f"config/{path[-1]}"] = value if isinstance(value, str) else LISTED
    return told


def _judge(node: dict[str, str], sightings: Sightings, pointer: str, span: tuple[int, int]) -> None:
    kind, module = node["class_name"], node.get("module", "")
    shown = printable(f"{module}.{kind}" if module else kind)[:150]
    if kind in _table().code:
        _judge_code(node, sightings, pointer, span)
    elif kind in _table().pickled:
        message = f"a layer that carries a pickle, which loading the model opens: {shown}"
        sightings.add("keras.pickle", Severity.HIGH, message, pointer, span)
    if kind == "function" and node.get("config"):
        shown = printable(f"{module or 'builtins'}.{node['config']}")[:150]
    if (severity := judge_class(module, node["config"] if kind == "function" and node.get("config") else kind)) is not None:
        words = "runs, fetches or opens something" if severity is Severity.HIGH else "is none of Keras' own modules"
        sightings.add("keras.unsafe-class", severity, f"building the model imports what {words}: {shown}", pointer, span)
    elif ">" in node.get("registered_name", kind):
        message = (
            f"a class of the author's own, without which the model cannot be built: {printable(node.get('registered_name', kind))[:150]}"
        )
        sightings.add("keras.custom-class", Severity.LOW, message, pointer, span)
    _judge_texts(node, sightings, pointer, span)


def _judge_code(node: dict[str, str], sightings: Sightings, pointer: str, span: tuple[int, int]) -> None:
    """Tell code that is inside of the file from code that is only named."""
    inside = node["class_name"] == "__lambda__" or node.get("config/function_type") == "lambda" or node.get("config/function") == LISTED
    if inside:
        message = "Python's bytecode in the configuration: loading the model, or calling it, runs it"
        sightings.add("keras.code", Severity.HIGH, message, pointer, span)
    elif node.get("config/function") != SAID:
        sightings.add("keras.code", Severity.MEDIUM, "a Lambda layer: it runs a function that is not in the configuration", pointer, span)


def _judge_texts(node: dict[str, str], sightings: Sightings, pointer: str, span: tuple[int, int]) -> None:
    vocabulary, name = node.get("config/vocabulary", ""), node.get("config/name", "")
    if vocabulary.strip(LISTED):
        far = "://" in vocabulary or vocabulary.startswith(("/", "~", "\\")) or ".." in vocabulary
        message = "a vocabulary that is the name of a file: loading the model reads it"
        sightings.add("keras.reads-file", Severity.HIGH if far else Severity.MEDIUM, message, pointer, span)
    if ".." in name.split("/") or name.startswith("/") or "\\" in name:
        sightings.add("keras.unsafe-name", Severity.HIGH, "a layer's name leads out of the directory that it is saved in", pointer, span)


def judge_class(module: str, name: str) -> Severity | None:
    """Say how much a class or a function matters: `None` for Keras' own and for names without a module, high for what acts."""
    table, full = _table(), f"{module}.{name}"
    if not module:
        return None
    if _is_below(full, table.refused) or is_acting(module, name):
        return Severity.HIGH
    if module == "builtins" or _is_below(full, table.allowed):
        return None
    return Severity.MEDIUM


def _is_below(name: str, modules: tuple[str, ...]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)
