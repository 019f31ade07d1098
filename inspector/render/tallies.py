"""A report in numbers, for the first look: how much of each element is answered, and how many issues there are of each severity."""

from collections import Counter
from collections.abc import Iterable

from inspector.judgement import ElementResult, StandardResult, Verdict
from inspector.model import Issue, Severity

ANSWERED = (Verdict.MET, Verdict.NOT_APPLICABLE)


def spell_verdict(verdict: Verdict) -> str:
    """Write a verdict as people read it."""
    return "n/a" if verdict is Verdict.NOT_APPLICABLE else verdict


def tally_element(element: ElementResult, result: StandardResult) -> str:
    """Count what an element asks for, what of it is answered, and the verdicts on the rest: `5 of 8 answered; 2 partial, 1 absent`."""
    verdicts = Counter(finding.verdict for finding in result.findings if finding.element == element.id and not finding.optional)
    answered = sum(verdicts[verdict] for verdict in ANSWERED)
    rest = [f"{verdicts[verdict]} {spell_verdict(verdict)}" for verdict in Verdict if verdicts[verdict] and verdict not in ANSWERED]
    return f"{answered} of {verdicts.total()} answered" + (f"; {', '.join(rest)}" if rest else "")


def tally_issues(issues: Iterable[Issue]) -> tuple[tuple[Severity, int], ...]:
    """Count issues by severity, the severest first; severities that do not occur are left out."""
    counts = Counter(issue.severity for issue in issues)
    return tuple((severity, counts[severity]) for severity in Severity if counts[severity])
