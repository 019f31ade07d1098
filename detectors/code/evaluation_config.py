"""Evaluation settings: files that list the tasks of a benchmark, with their examples and measures.

What it sees: YAML and JSON files that state at least two of the settings by which harnesses describe tasks, such as the number of examples shown.
What it says: that the tasks of an evaluation are listed, each setting with its line.
What it cannot know: whether the evaluation was run, and on which parameters.
Source: the task files of lm-evaluation-harness and LLM Foundry; inspector/standards/evaluation-settings.toml.
"""

from collections.abc import Iterator
from functools import cache
from itertools import islice

from inspector.bundle import File
from inspector.detector import Format, Said, Wants, detector
from inspector.model import Claim, Component, Frozen
from inspector.sources.roles import found_constructs
from inspector.sources.setting_files import read_settings
from inspector.sources.settings import normal
from inspector.sources.signals import has_role
from inspector.sources.source import source_lines
from inspector.tables import load_table

LARGEST = 4 * 2**20
MOST_SETTINGS = 20_000
FORMATS = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}
# Keys of results: they repeat the settings of the run that gave them.
RESULTS = frozenset({"results", "versions", "config_general"})


class TaskNames(Frozen, frozen=True):
    """The table: how many settings list tasks, and their names."""

    least: int
    keys: tuple[str, ...]


@cache
def load_task_names() -> TaskNames:
    """Read the table."""
    return load_table("evaluation-settings.toml", TaskNames)


@detector(
    "evaluation-config",
    wants=Wants(suffixes=tuple(FORMATS)),
    formats=tuple(sorted(set(FORMATS.values()))),
    emits={(Component.EVALUATION, Claim.PRESENT)},
)
def evaluation_config(file: File) -> Iterator[Said]:
    """Look for the words of tasks, and only then parse."""
    if file.size > LARGEST or b"\0" in file.head or not has_role(file.path):
        return
    text, table = file.text, load_task_names()
    if sum(key in text for key in table.keys) < table.least:
        return
    seen: dict[str, int] = {}
    for item in islice(read_settings(text, file.suffix), MOST_SETTINGS):
        key = normal(item.key)
        if key in RESULTS:
            return
        if key in table.keys:
            seen.setdefault(key, item.line)
    if len(seen) >= table.least:
        yield Format(FORMATS[file.suffix])
        yield found_constructs(Component.EVALUATION, "tasks", seen, source_lines(text))
