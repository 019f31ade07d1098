"""What a policy does not allow, for the page: violations that one answer would settle stand together."""

from inspector.gate import Breach, PolicyResult, Violation
from inspector.model import Frozen
from inspector.wording import spell_place


class Told(Frozen, frozen=True):
    """What is said of a violation, and the places."""

    text: str
    places: tuple[str, ...]


class ViolationGroup(Frozen, frozen=True):
    """Violations of one rule, asked for by one key of the policy, with one answer."""

    rule: str
    asked: str
    settle: str
    lapsed: bool
    messages: tuple[Told, ...]


def group_violations(policy: PolicyResult | None) -> tuple[ViolationGroup, ...]:
    """Group violations in the order in which the policy finds them; one message with several places stands once."""
    groups: dict[tuple[str, str, str, bool], dict[str, list[str]]] = {}
    for item in policy.violations if policy else ():
        messages = groups.setdefault((item.rule, item.asked, item.settle, item.lapsed), {})
        messages.setdefault(_tell(item), []).extend(spell_place(place) for place in item.locations if item.rule != Breach.FILE)
    return tuple(
        ViolationGroup(
            rule=rule,
            asked=asked,
            settle=settle,
            lapsed=lapsed,
            messages=tuple(Told(text=text, places=tuple(places)) for text, places in messages.items()),
        )
        for (rule, asked, settle, lapsed), messages in groups.items()
    )


def _tell(item: Violation) -> str:
    if item.rule == Breach.STANDARD:
        return f"{item.subject}: {item.message}"
    return f"{item.severity or ''} {item.message}".lstrip()
