"""Issues and problems as a person reads them: issues by severity and rule, the severest first, each message once; problems by reason."""

from collections.abc import Iterable

from inspector.model import Frozen, Issue, Problem, Severity
from inspector.rule_catalogue import load_rules
from inspector.wording import spell_place

SEVEREST_FIRST = tuple(Severity)


class Message(Frozen, frozen=True):
    """What is said, and the places it is said of, each once."""

    text: str
    places: tuple[str, ...]


class IssueGroup(Frozen, frozen=True):
    """The issues of one rule and severity: what the catalogue says of the rule, what is said of this bundle, how to settle it."""

    severity: Severity
    rule: str
    title: str
    why: str
    references: tuple[str, ...]
    count: int
    messages: tuple[Message, ...]
    settle: tuple[str, ...]


def group_issues(issues: Iterable[Issue]) -> tuple[IssueGroup, ...]:
    """Group issues by severity and rule; a rule that the catalogue does not know has no title."""
    groups: dict[tuple[Severity, str], list[Issue]] = {}
    for issue in issues:
        groups.setdefault((issue.severity, issue.rule), []).append(issue)
    ordered = sorted(groups.items(), key=lambda item: SEVEREST_FIRST.index(item[0][0]))
    return tuple(_group(severity, rule, members) for (severity, rule), members in ordered)


def group_problems(problems: Iterable[Problem]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Group what could not be read by its reason, in the order of the first places: each reason with its places."""
    groups: dict[str, list[str]] = {}
    for problem in problems:
        groups.setdefault(problem.reason, []).append(spell_place(problem.location))
    return tuple((reason, tuple(places)) for reason, places in groups.items())


def _group(severity: Severity, rule: str, members: list[Issue]) -> IssueGroup:
    entry = load_rules().get(rule)
    places: dict[str, dict[str, None]] = {}
    for issue in members:
        places.setdefault(issue.message, {}).update(dict.fromkeys(spell_place(place) for place in issue.locations))
    return IssueGroup(
        severity=severity,
        rule=rule,
        title=entry.title if entry else "",
        why=entry.why if entry else "",
        references=entry.references if entry else (),
        count=len(members),
        messages=tuple(Message(text=text, places=tuple(named)) for text, named in places.items()),
        settle=tuple(dict.fromkeys(issue.settle for issue in members if issue.settle)),
    )
