"""How far up a ladder of cumulative rungs something stands, and what would be needed for the next one. Pure.

Progress is counted as the Model Openness Tool does: what is included of what is required, everything below counted in, and nothing for a rung
whose lower rung is not complete. Source: github.com/lfai/model_openness_tool, ModelEvaluator.php.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from inspector.judgement import Finding, Grade, Ladder, Rung, StandardResult, Verdict
from inspector.requirement import Standard

THERE = (Verdict.MET, Verdict.NOT_APPLICABLE)


class Step(NamedTuple):
    """What one rung requires of its own."""

    id: str
    title: str
    asked: tuple[str, ...]


class Held(NamedTuple):
    """What is there under terms that fit, and what is there under others; what can stand in for what."""

    good: frozenset[str]
    unfit: frozenset[str]
    instead: Mapping[str, str]


def climb(steps: Sequence[Step], held: Held, nothing: str) -> Ladder:
    """Count every rung, the lowest first; `nothing` is the title of standing on none."""
    rungs: list[Rung] = []
    asked: tuple[str, ...] = ()
    for step in steps:
        asked = (*asked, *step.asked)
        rungs.append(_count(step, asked, held, below=all(rung.complete for rung in rungs)))
    complete = [rung for rung in rungs if rung.complete]
    return Ladder(reached=complete[-1].id if complete else None, title=complete[-1].title if complete else nothing, rungs=tuple(rungs))


def _count(step: Step, asked: tuple[str, ...], held: Held, *, below: bool) -> Rung:
    """Count one rung. What is only stood in for by something that is asked for here as well is not asked for twice."""
    stood = {name: held.instead.get(name, "") for name in asked if name not in held.good}
    required = [name for name in asked if not (stood.get(name, "") in held.good and stood[name] in asked)]
    good = [name for name in required if name in held.good or stood.get(name, "") in held.good]
    left = [name for name in required if name not in good]
    unfit = [name for name in left if name in held.unfit or stood.get(name, "") in held.unfit]
    return Rung(
        id=step.id,
        title=step.title,
        included=len(good),
        required=len(required),
        percent=round(100 * len(good) / len(required), 1) if below else 0.0,
        complete=below and not left,
        missing=tuple(name for name in left if name not in unfit),
        unfit=tuple(unfit),
    )


def climb_standard(standard: Standard, findings: Sequence[Finding]) -> Ladder:
    """Count the rungs of a standard by its findings, before anything stands in for anything."""
    steps = [
        Step(part.id, part.title, tuple(rule.id for rule in standard.requirements if rule.element == part.id and not rule.optional))
        for part in standard.elements
    ]
    good = frozenset(item.requirement for item in findings if item.verdict in THERE)
    unfit = frozenset(item.requirement for item in findings if item.verdict is Verdict.TERMS)
    instead = {rule.id: rule.instead for rule in standard.requirements if rule.instead}
    return climb(steps, Held(good, unfit, instead), standard.no_rung)


def explain_ladder(ladder: Ladder) -> str:
    """Say in one sentence how far up, and what is left to the next rung."""
    following = next((rung for rung in ladder.rungs if not rung.complete), None)
    if following is None:
        return f"{ladder.title}: all {ladder.rungs[-1].required} components that it requires are here under terms that fit"
    here = f"{ladder.title}; of" if ladder.reached else "no class is reached: of"
    return f"{here} what {following.title} requires, {following.included} of {following.required} are here under terms that fit"


def satisfies(result: StandardResult, rung: str | None = None) -> bool:
    """Say whether a result is what was required: a rung at least, or any where none is named; without a ladder, that the system conforms."""
    if result.ladder is None:
        return result.grade is Grade.CONFORMS
    complete = [item.id for item in result.ladder.rungs if item.complete]
    return rung in complete if rung else bool(complete)
