"""What commands launch, as evidence: by role, with the settings that they give as options, and the files that they name."""

from collections.abc import Iterator, Sequence
from itertools import islice

from inspector.detector import Found
from inspector.launches import expand, find_launches, read_commands, read_options
from inspector.model import Component
from inspector.named_files import uses_of_commands
from inspector.roles import found_constructs
from inspector.settings import FINE_TUNING, judge_settings, names_fine_tuning, normal, settings_found, with_sizes
from inspector.signals import refine_value
from inspector.sizes import pick_sizes
from inspector.uses import Use

MOST_LAUNCHES = 1_000


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
    if judged is not None:
        yield settings_found(judged if "launch" in trainings else judged.as_fine_tuning(), lines)
