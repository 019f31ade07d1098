"""Write docs/python.md: the functions that other programs use, and every noun in what they give, from signatures and docstrings."""

import enum
import inspect as python
import re
import types
import typing
from collections.abc import Callable, Iterator
from importlib import import_module

import msgspec

INTRODUCTION = (
    "Generated from signatures and docstrings by `make schema`; [Python](api.md) shows them at work. What is not here is no promise: "
    "it can change with any version."
)
FUNCTIONS = (
    *("inspector.inspect", "inspector.judge", "inspector.load_policy", "inspector.hold_against"),
    *("inspector.render.render", "inspector.render.list_formats"),
    *("inspector.saved.view_report", "inspector.saved.read_report", "inspector.comparison.compare_reports"),
    *("inspector.wording.spell_place", "inspector.wording.spell_component"),
)
VALUES = ("inspector.audit.Attestation", "inspector.memo.Memo", "inspector.policies.novelty.Earlier")
ERRORS = ("InspectorError", "UsageError", "NothingToInspect", "DataError")
ROOTS = ("inspector.judgement.Report", "inspector.policies.policy.Policy", "inspector.saved.ReportView", "inspector.comparison.Change")
SECTIONS = {"Args:", "Raises:"}
MODULE = re.compile(r"\b(?:[a-z_]+\.)+(?=[A-Z])")


def python_page() -> str:
    """Describe the functions, then what they raise, then the nouns by name."""
    parts = ["# Python reference", INTRODUCTION, "## Functions"]
    parts += [part for name in FUNCTIONS for part in _describe_function(name)]
    parts += ["## Values to pass", *(part for name in VALUES for part in _describe_function(name))]
    errors = import_module("inspector.errors")
    parts += ["## Errors", "They are in `inspector.errors`, and each says in one line what is wrong.", *_describe_errors(errors)]
    parts += ["## Nouns", "All are frozen. Those that a report holds are in `inspector.model`, `details`, `judgement` and `gate`."]
    found = dict[str, type]()
    for name in ROOTS:
        _gather(_find(name), found)
    return "\n\n".join([*parts, *(part for name in sorted(found) for part in _describe_noun(found[name]))]) + "\n"


def _find(name: str) -> object:
    module, _, last = name.rpartition(".")
    return getattr(import_module(module), last)


def _describe_function(name: str) -> Iterator[str]:
    item = _find(name)
    if not callable(item):
        raise TypeError(f"{name} cannot be called")
    yield f"### {name}"
    yield f"```python\n{name.rpartition('.')[2]}{_spell_signature(item)}\n```"
    yield _text(item)


def _spell_signature(item: Callable[..., object]) -> str:
    signature = python.signature(item)
    words = list[str]()
    for part in signature.parameters.values():
        if part.kind is part.KEYWORD_ONLY and "*" not in words:
            words.append("*")
        words.append(f"{part.name}: {_spell(part.annotation)}" + ("" if part.default is part.empty else f" = {_spell_value(part.default)}"))
    rows = "".join(f"    {word},\n" for word in words)
    gives = "" if signature.return_annotation in {signature.empty, None} else f" -> {_spell(signature.return_annotation)}"
    return f"(\n{rows}){gives}" if words else f"(){gives}"


def _spell(annotation: object) -> str:
    return MODULE.sub("", python.formatannotation(annotation).replace("'", ""))


def _spell_value(value: object) -> str:
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    return str(getattr(value, "__name__", repr(value)))


def _describe_errors(errors: types.ModuleType) -> Iterator[str]:
    for name in ERRORS:
        yield f"**{name}**: {_text(getattr(errors, name))}"


def _gather(item: object, found: dict[str, type]) -> None:
    """Take a class of this program, and every class that its fields name."""
    for part in typing.get_args(item):
        _gather(part, found)
    if not isinstance(item, type) or not item.__module__.startswith("inspector.") or item.__name__ in found:
        return
    found[item.__name__] = item
    if issubclass(item, msgspec.Struct):
        for hint in typing.get_type_hints(item).values():
            _gather(hint, found)


def _describe_noun(item: type) -> Iterator[str]:
    yield f"### {item.__name__}"
    yield _text(item)
    if issubclass(item, enum.Enum):
        yield "Values: " + ", ".join(f"`{member.value}`" for member in item) + "."
    elif issubclass(item, msgspec.Struct):
        rows = [f"| `{field.name}` | `{_spell_type(field.type)}` | {_spell_default(field)} |" for field in msgspec.structs.fields(item)]
        yield "\n".join(["| field | type | without it |", "| --- | --- | --- |", *rows])


def _spell_type(hint: object) -> str:
    return _spell(hint).replace("|", "\\|")


def _spell_default(field: msgspec.structs.FieldInfo) -> str:
    if field.default is not msgspec.NODEFAULT:
        return f"`{_spell_value(field.default)}`"
    return "" if field.required else "empty"


def _text(item: object) -> str:
    """Give a docstring as Markdown: arguments and errors as lists."""
    lines = (python.getdoc(item) or "").splitlines()
    shown = [
        f"- `{line.strip().replace(': ', '`: ', 1)}" if line.startswith("    ") else f"{line}\n" if line in SECTIONS else line
        for line in lines
    ]
    return "\n".join(shown)
