"""Turn the roles that a file's facts give it into evidence, one for each component and value."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from inspector.bundle import printable
from inspector.detector import Found
from inspector.model import Certainty, Claim, Component, Constructs, Count, Span
from inspector.sources.rules import Rules, fulfilled
from inspector.sources.signals import path_facts, python_rules, refine_value, word_facts
from inspector.sources.source import Fact

MOST_SEEN = 40


def found_roles(
    facts: Iterable[Fact], lines: Sequence[str], path: str, rules: Rules | None = None, *, whole: bool = True
) -> Iterator[Found]:
    """Give the evidence of each role by some rules, or by those for Python: the line that shows it first, and all constructs with their lines.

    A role that rests on names which the file gives itself is matched, and so is each of a file that could not be read as a `whole`.
    """
    roles: dict[tuple[Component, str], dict[str, int]] = {}
    read: set[tuple[Component, str]] = set()
    for hit in fulfilled(python_rules() if rules is None else rules, (*facts, *path_facts(path), *word_facts(path))):
        role = (hit.rule.component, refine_value(hit.rule.component, hit.rule.value, path))
        seen = roles.setdefault(role, {})
        for fact in hit.facts:
            seen.setdefault(f"{fact.kind}:{fact.name}", fact.line)
        if whole and hit.certainty is Certainty.READ:
            read.add(role)
    for role, seen in roles.items():
        found = found_constructs(*role, seen, lines)
        yield found if role in read else replace(found, certainty=Certainty.MATCHED)


def found_constructs(component: Component, value: str, seen: dict[str, int], lines: Sequence[str]) -> Found:
    """Make evidence of constructs and their lines; facts of the path are named, but stand at no line."""
    places = [line for name, line in seen.items() if not name.startswith(("path:", "word:", "stem:"))] or [1]
    first, excerpt = places[0], lines[places[0] - 1].strip() if places[0] <= len(lines) else ""
    return Found(
        component,
        Claim.PRESENT,
        value,
        span=Span(first, first),
        details=Constructs(seen=tuple(Count(printable(name[:120]), line) for name, line in list(seen.items())[:MOST_SEEN])),
        excerpt=printable(excerpt)[:200] or None,
    )
