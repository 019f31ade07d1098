"""Is it safe to open: the issues of an inventory that are about safety or integrity, and what could not be looked into.

What was not looked into is never called clean: it has an answer of its own, beside what was found.
"""

from enum import StrEnum

from inspector.judgement import Tool
from inspector.model import Frozen, Inventory, Issue, Location, Problem, RootRecord, Severity
from inspector.rule_catalogue import SEVEREST_FIRST, RuleEntry, Subject, load_rules

SCHEMA = "preferred-form/safety/1"
POINTER = "git-lfs-pointer"
ASKED = frozenset({Subject.SAFETY, Subject.INTEGRITY})


class Answer(StrEnum):
    """What a reader is told first."""

    FOUND = "found"  # something of the severity that was asked for, or worse
    NOT_ALL_READ = "not-all-read"  # nothing of it, but something could not be looked into
    NOTHING_FOUND = "nothing-found"  # everything was looked into, and nothing of it was found


class Concern(Frozen, frozen=True):
    """An issue with what its rule says: what it is about, its title, and why it matters."""

    issue: Issue
    about: Subject
    title: str
    why: str


class SafetyReport(Frozen, frozen=True):
    """The answer for one system: what was found, the worst first, and what could not be looked into.

    `unread` are files that break their format or could not be opened, `closed` those of
    the issues that say that a part was not looked into, `not_here` files that were not downloaded, `unrecognised`
    files whose format nobody knows: only what can stand in any file was looked for in these.
    """

    schema: str
    tool: Tool
    name: str
    roots: tuple[RootRecord, ...]
    files: int
    threshold: Severity
    answer: Answer
    concerns: tuple[Concern, ...]
    closed: tuple[Concern, ...]
    unread: tuple[Problem, ...]
    not_here: tuple[Location, ...]
    unrecognised: tuple[Location, ...]

    @property
    def missed(self) -> int:
        """Count what could not be looked into."""
        return len(self.unread) + len(self.closed) + len(self.not_here)


def judge_safety(inventory: Inventory, threshold: Severity, tool: Tool) -> SafetyReport:
    """Choose what is about safety or integrity. An issue of a rule that the catalogue does not know counts as one of safety."""
    rules = load_rules()
    asked = [concern for issue in inventory.issues if (concern := _concern(issue, rules.get(issue.rule))).about in ASKED]
    closed = tuple(concern for concern in asked if _is_closed(rules.get(concern.issue.rule)))
    bad = any(SEVEREST_FIRST.index(concern.issue.severity) <= SEVEREST_FIRST.index(threshold) for concern in asked)
    not_here = tuple(Location(root=record.root, path=record.path) for record in inventory.files if record.format == POINTER)
    return SafetyReport(
        schema=SCHEMA,
        tool=tool,
        name=inventory.name,
        roots=inventory.roots,
        files=len(inventory.files),
        threshold=threshold,
        answer=Answer.FOUND if bad else Answer.NOT_ALL_READ if inventory.problems or closed or not_here else Answer.NOTHING_FOUND,
        concerns=tuple(asked),
        closed=closed,
        unread=inventory.problems,
        not_here=not_here,
        unrecognised=inventory.unclaimed,
    )


def _concern(issue: Issue, rule: RuleEntry | None) -> Concern:
    if rule is None:
        return Concern(issue=issue, about=Subject.SAFETY, title="", why="")
    return Concern(issue=issue, about=rule.about, title=rule.title, why=rule.why)


def _is_closed(rule: RuleEntry | None) -> bool:
    return rule is not None and rule.unread
