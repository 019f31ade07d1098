"""What a run comes to: counts of what became of its bundles, gathered from the rows of its tables."""

from collections import Counter
from dataclasses import dataclass, field

from inspector.fleet.news_rows import ADDED, NO_REPORT, NewsRow
from inspector.fleet.order import Status
from inspector.fleet.policy_rows import EXCUSED, ViolationRow
from inspector.fleet.rows import BundleRow, GradeRow, Row, TermRow
from inspector.model import Component


@dataclass(slots=True)
class Tally:
    """Counts of bundles: by grade and standard, by the worst severity, by the terms of the weights, by the reason why there is no report.

    `policy` counts them by what a policy says, `rules` those that violate it by the rule. `added` are those that the baseline does not have, `worse`
    those in which something is new that fails, `lost` those that have no report and had one or are new, `news` counts by the kind of what is new.
    """

    bundles: int = 0
    failed: int = 0
    unread: int = 0
    files: int = 0
    bytes: int = 0
    grades: Counter[tuple[str, str]] = field(default_factory=Counter)
    worst: Counter[str] = field(default_factory=Counter)
    terms: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    policy: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    added: int = 0
    worse: int = 0
    lost: int = 0
    news: Counter[str] = field(default_factory=Counter)
    _told: dict[str, str] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Count a row."""
        if isinstance(row, GradeRow):
            self.grades[row.standard, row.grade] += 1
        elif isinstance(row, TermRow) and row.component == Component.PARAMETERS:
            self.terms[row.bucket] += 1
        elif isinstance(row, ViolationRow):
            if row.standing != EXCUSED and self._told.get(row.rule) != row.bundle:
                self._told[row.rule] = row.bundle
                self.rules[row.rule] += 1
        elif isinstance(row, NewsRow):
            self.news[row.kind] += row.fails
            self.lost += row.kind == NO_REPORT
        elif isinstance(row, BundleRow):
            self.added += row.known == ADDED
            self.worse += row.news > 0
            self.policy[row.policy] += bool(row.policy)
            self.bundles += 1
            self.files += row.files
            self.bytes += row.bytes
            self.unread += row.problems > 0
            if row.status == Status.FAILED:
                reason = row.reason.replace(row.path, "...")
                self.failed += 1
                self.reasons[reason] += 1
                self.examples.setdefault(reason, row.path)
            else:
                self.worst[row.worst] += 1
