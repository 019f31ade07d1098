"""What a policy's exceptions accept of a report: for formats that keep a finding and say that somebody answers for it."""

from collections.abc import Iterable

from inspector.gate import Exemption, Standing
from inspector.judgement import Report
from inspector.model import Location


class Accepted:
    """Exceptions that hold, by the issues' rules and places and by requirements."""

    def __init__(self, report: Report) -> None:
        self._places: dict[tuple[str, Location], str] = {}
        self._requirements: dict[str, str] = {}
        for excused in report.policy.exceptions if report.policy else ():
            if excused.standing is Standing.HOLDS:
                told = spell_exemption(excused.exemption)
                for violation in excused.violations:
                    self._places |= {(violation.rule, place): told for place in violation.locations}
                    self._requirements |= {violation.requirement: told} if violation.requirement else {}

    def of_issue(self, rule: str, places: Iterable[Location]) -> str:
        """Say why an issue is accepted; nothing where a place of it is not."""
        told = [self._places.get((rule, place), "") for place in places]
        return told[0] if told and all(told) else ""

    def of_requirement(self, requirement: str) -> str:
        """Say why a requirement that is not met is accepted; nothing where it is not."""
        return self._requirements.get(requirement, "")


def spell_exemption(exemption: Exemption) -> str:
    """Say why something is accepted, until when, and who answers for it."""
    return f"{exemption.reason} (until {exemption.expires}, {exemption.owner})"
