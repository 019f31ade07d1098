"""What to do next: the steps that would settle what is missing, each once, with the requirements that it is for."""

from inspector.judgement import StandardResult
from inspector.model import Frozen


class NextStep(Frozen, frozen=True):
    """A step, and the ids of the requirements that it would settle."""

    text: str
    settles: tuple[str, ...]


def list_steps(result: StandardResult) -> tuple[NextStep, ...]:
    """Group what is missing, and not optional, by the step that would settle it."""
    steps: dict[str, list[str]] = {}
    for finding in result.findings:
        if finding.missing and not finding.optional:
            steps.setdefault(finding.missing, []).append(finding.requirement)
    return tuple(NextStep(text=text, settles=tuple(settles)) for text, settles in steps.items())
