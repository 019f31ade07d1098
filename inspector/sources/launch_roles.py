"""What commands launch, as evidence: by role, with the settings that they give as options, and the files that they name."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from inspector.detector import Found
from inspector.model import Component
from inspector.sources.launches import Command, expand, find_launches, read_commands, read_options
from inspector.sources.named_files import uses_of_commands
from inspector.sources.roles import found_constructs
from inspector.sources.settings import FINE_TUNING, family_of, judge_settings, names_fine_tuning, normal, settings_found, with_sizes
from inspector.sources.signals import refine_value
from inspector.uses import Use
from inspector.weights.sizes import pick_sizes

MOST_LAUNCHES = 1_000
LOOP = re.compile(r"\bfor\s+(\w{1,40})\s+in\s")


def tell_launches(lines: Sequence[str], path: str) -> Iterator[Found | Use]:
    """Say what a shell script launches; its options are settings only beside the launch of a training."""
    commands = expand(read_commands(lines))
    yield from uses_of_commands(commands)
    seen: dict[tuple[Component, str], dict[str, int]] = {}
    for launch in islice(find_launches(commands), MOST_LAUNCHES):
        value = refine_value(launch.role.component, launch.role.value, path)
        seen.setdefault((launch.role.component, value), {}).setdefault(launch.script, launch.line)
    trainings = {value for component, value in seen if component is Component.TRAINING}
    options = tuple(read_options(commands)) if trainings else ()
    judged = judge_settings(options, path) if options else None
    tunes = (judged is not None and judged.value == FINE_TUNING) or names_fine_tuning(options)
    sizes = pick_sizes((normal(item.key), item.value) for item in options)
    for (component, value), scripts in seen.items():
        if component is Component.TRAINING:
            yield with_sizes(found_constructs(component, "fine-tuning" if tunes else value, scripts, lines), sizes)
        else:
            yield found_constructs(component, value, scripts, lines)
    swept = dict(swept_settings(commands)) if trainings else {}
    if swept:
        yield found_constructs(Component.SUPPORTING, "hyperparameter-search", swept, lines)
    if judged is not None:
        yield settings_found(judged if "launch" in trainings else judged.as_fine_tuning(), lines)


def swept_settings(commands: Sequence[Command]) -> Iterator[tuple[str, int]]:
    """List the settings of training over whose values a loop goes, each with the line of the loop; going over seeds or data is no search."""
    text = "\n".join(command.text for command in commands)
    for command in commands:
        for match in LOOP.finditer(command.text):
            family = family_of(match[1])
            if family is not None and family.strong and re.search(rf"\$\{{?{match[1]}\b", text):
                yield match[1], command.line
