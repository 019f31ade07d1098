"""What the run's policy says: by its answer and by rule, of every bundle, and for the page of each. Gathered from the tables alone."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping

from inspector.fleet.plan import Plan
from inspector.fleet.policy_rows import EXCUSED, HOLDS, LAPSED, UNJUDGED, VIOLATED, ViolationRow
from inspector.fleet.query import Tables
from inspector.fleet.site.split import Split, split
from inspector.fleet.site.values import ask_records
from inspector.fleet.site.words import Word
from inspector.gate import Excused, Exemption, PolicyResult, Standing, Violation
from inspector.model import Component, Frozen, Location, Severity, Span, Unit
from inspector.render.html.tones import tone_of
from inspector.render.rule_help import BREACHES, explain_breach
from inspector.rule_catalogue import load_rules

WORDS = {HOLDS: HOLDS, VIOLATED: VIOLATED, UNJUDGED: "not judged"}


class Held(Frozen, frozen=True):
    """What the policy says of a bundle: the answer, how many violations, and their rules."""

    bundle: str
    standing: str
    violations: int
    rules: tuple[str, ...]

    @property
    def word(self) -> Word:
        """Give the answer as a word."""
        text = WORDS.get(self.standing, self.standing)
        return Word(text=text, tone=tone_of(text))


class BrokenCount(Frozen, frozen=True):
    """A rule of the policy: bundles that break it, violations, those that an exception covered until it expired, and what is covered now."""

    rule: str
    bundles: int
    violations: int
    lapsed: int
    excused: int

    @property
    def title(self) -> str:
        """Say what it means to break the rule."""
        known = load_rules().get(self.rule)
        return explain_breach(self.rule).title if self.rule in BREACHES else known.title if known else self.rule


class PolicyView(Frozen, frozen=True):
    """All of it: the policy's digest, bundles by the answer, how many violations, and the rules."""

    sha256: str
    split: Split
    violations: int
    broken: tuple[BrokenCount, ...]


def gather_held(tables: Tables) -> dict[str, Held]:
    """Give what the policy says of every bundle, by id; nothing where the run had none, or was made by a program that knew of none."""
    if not tables.has_policy:
        return {}
    return {item.bundle: item for item in ask_records(tables, "policy", Held)}


def gather_policy(tables: Tables, held: Mapping[str, Held], total: int, plan: Plan | None) -> PolicyView | None:
    """Count what the policy says; nothing where the run had none."""
    if not held:
        return None
    counts = Counter(item.word for item in held.values())
    words = sorted(counts, key=lambda word: [*WORDS.values()].index(word.text) if word.text in WORDS.values() else len(WORDS))
    broken = ask_records(tables, "broken", BrokenCount)
    return PolicyView(
        sha256=plan.policy if plan else "",
        split=split({word: counts[word] for word in words}, total, "policy"),
        violations=sum(item.violations for item in held.values()),
        broken=broken,
    )


def gather_results(tables: Tables, held: Mapping[str, Held], plan: Plan | None) -> dict[str, PolicyResult]:
    """Give what the policy says of each bundle with a report as its page shows it: each violation at the first of its places."""
    rows: dict[str, list[ViolationRow]] = {}
    for row in ask_records(tables, "violations", ViolationRow) if held else ():
        rows.setdefault(row.bundle, []).append(row)
    day = dt.date.fromisoformat(plan.started[:10]) if plan else dt.date.min
    sha256 = plan.policy if plan else ""
    return {
        bundle: PolicyResult(
            title=f"of the run (SHA-256 {sha256[:12]})" if sha256 else "of the run",
            file="",
            sha256=sha256,
            day=day,
            violations=tuple(_restore(row) for row in rows.get(bundle, ()) if row.standing != EXCUSED),
            exceptions=tuple(_excuse(rows.get(bundle, ()))),
        )
        for bundle, item in held.items()
        if item.standing != UNJUDGED
    }


def _excuse(rows: list[ViolationRow] | tuple[()]) -> Iterator[Excused]:
    covered: dict[tuple[str, str], list[Violation]] = {}
    for row in rows:
        if row.standing == EXCUSED:
            covered.setdefault((row.owner, row.expires), []).append(_restore(row))
    for (owner, expires), found in covered.items():
        exemption = Exemption(reason="", owner=owner, expires=dt.date.fromisoformat(expires))
        yield Excused(exemption=exemption, standing=Standing.HOLDS, violations=tuple(found))


def _restore(row: ViolationRow) -> Violation:
    span = Span(unit=Unit.LINES, start=row.first_line, end=row.first_line) if row.first_line is not None else None
    more = f" (and {row.places - 1:,} more places)" if row.places > 1 else ""
    return Violation(
        rule=row.rule,
        asked=row.asked,
        subject=row.subject,
        message=f"{row.message}{more}",
        settle=row.settle,
        locations=(Location(root=row.root, path=row.path, span=span, pointer=row.pointer),) if row.places else (),
        requirement=row.requirement,
        component=Component(row.component) if row.component in set(Component) else None,
        severity=Severity(row.severity) if row.severity in set(Severity) else None,
        lapsed=row.standing == LAPSED,
    )
