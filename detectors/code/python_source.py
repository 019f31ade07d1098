"""Python source: what each file is for.

What it sees: `.py` files, parsed and never executed; names are resolved through imports and simple assignments.
What it says: the roles of a file (training, fine-tuning, data processing, inference, evaluation, architecture, supporting) with the lines of the
calls and classes that show it; data sets that code which trains or processes loads by name; settings of a run that are constants of the module or
fields of a configuration; the terms at its top. A modeling file that holds nothing but imports refers to the package that it imports. Tests and
packaging have no role. A role that rests on names which the file gives itself is matched. A file that is not Python 3 is reported, and its roles are
those that imports, calls and definitions on single lines show, all matched.
What it cannot know: whether this code made the model, and whether it runs.
Source: the public interfaces of the frameworks named in inspector/standards/code-signals.toml.
"""

import re
import sys
from collections.abc import Iterator
from itertools import islice

from inspector.bundle import File
from inspector.data_information.loaded_sets import sets_of_module
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.licensing.headers import read_header
from inspector.model import Claim, Component, Reference, Span
from inspector.sources.loose_source import scan_facts
from inspector.sources.named_files import uses_of_module, uses_of_program
from inspector.sources.roles import found_roles
from inspector.sources.settings import Setting, judge_settings, settings_found
from inspector.sources.signals import has_role
from inspector.sources.source import Module, read_module, source_lines
from inspector.sources.touches import uses_of_touches

MOST_CALLS = 200
MODELING = re.compile(r"(modeling|modelling|configuration)_\w+\.py")


@detector(
    "python-source",
    wants=Wants(suffixes=(".py",)),
    formats=("python",),
    emits={
        (Component.TRAINING, Claim.PRESENT),
        (Component.PREPROCESSING, Claim.PRESENT),
        (Component.INFERENCE, Claim.PRESENT),
        (Component.EVALUATION, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.REFERENCED),
        (Component.SUPPORTING, Claim.PRESENT),
        (Component.DATASETS, Claim.NAMED),
        (Component.UNSPECIFIED, Claim.LICENSED),
    },
)
def python_source(file: File) -> Iterator[Said]:
    """Parse the module, look up its facts in the table of signals, and read the comments at its top."""
    if b"\0" in file.head:
        return
    lines = source_lines(file.text)
    yield Format("python")
    yield from read_header(lines, ".py")
    try:
        module = read_module(file.text)
    except TooLarge:
        raise
    except Malformed:
        yield from _loose(file, lines)
        raise
    yield from uses_of_module(module.facts)
    yield from uses_of_touches(module.facts)
    if has_role(file.path):
        yield from _of_module(file, module, lines)


def _of_module(file: File, module: Module, lines: tuple[str, ...]) -> Iterator[Said]:
    """Say what a module is for, and what it starts when it has no role of its own."""
    roles = tuple(found_roles(module.facts, lines, file.path))
    yield from roles
    if not roles and (module.is_program or file.name == "__main__.py"):
        yield from islice(uses_of_program(module.facts), MOST_CALLS)
    yield from sets_of_module(module.facts, roles, file.path)
    yield from _constants(module, lines, file.path)
    yield from _reference(file, module)


def _loose(file: File, lines: tuple[str, ...]) -> Iterator[Said]:
    """Say what single lines show of a file that cannot be parsed."""
    facts = scan_facts(lines)
    yield from uses_of_module(facts)
    yield from uses_of_touches(facts)
    if has_role(file.path):
        yield from found_roles(facts, lines, file.path, whole=False)


def _constants(module: Module, lines: tuple[str, ...], path: str) -> Iterator[Found]:
    """Say that the constants of a module, or what it gives to the fields of a configuration, are the settings of a run."""
    judged = None
    for held in (module.constants, module.configured):
        judged = judged or judge_settings((Setting(item.name, item.value, item.line) for item in held), path)
    if judged is not None:
        yield settings_found(judged, lines)


def _reference(file: File, module: Module) -> Iterator[Found]:
    """Say that a modeling file only names the package in which the model is written."""
    if not module.only_imports or not MODELING.fullmatch(file.name.casefold()):
        return
    for fact in module.facts:
        package = fact.name.partition(".")[0]
        if fact.kind == "import" and package not in {"~", "torch", "transformers", "typing"} and package not in sys.stdlib_module_names:
            details = Reference(kind="package", target=package)
            yield Found(Component.ARCHITECTURE, Claim.REFERENCED, "package", span=Span(fact.line, fact.line), details=details)
            return
