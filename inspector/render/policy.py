"""What a policy and an earlier report say of this one: the answer first, then each violation with its place, who asks, and what to do."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from inspector.gate import BaselineResult, Breach, Excused, PolicyResult, Standing, Violation
from inspector.model import Location
from inspector.policies.policy import Policy
from inspector.render.parts import clean, fold, heading, plural
from inspector.wording import spell_place

GOOD, BAD, KNOWN = "bold green reverse", "bold red reverse", "bold yellow reverse"
LINES = 10
KNOWN_WORD = "known"  # what was there before is told in short
STANDING = {Standing.HOLDS: "green", Standing.EXPIRED: "bold red", Standing.UNUSED: "dim"}


def show_gate(policy: PolicyResult | None, baseline: BaselineResult | None, verbose: bool) -> Iterator[RenderableType]:
    """Show both answers, and what they rest on; nothing where the report was not held against anything."""
    if policy is not None:
        yield from _policy(policy, baseline, verbose)
    if baseline is not None:
        yield from _baseline(baseline, verbose)
    if policy is not None or baseline is not None:
        yield ""


def _policy(policy: PolicyResult, baseline: BaselineResult | None, verbose: bool) -> Iterator[RenderableType]:
    badge, style = (" HOLDS ", GOOD) if policy.holds else (" VIOLATED ", BAD)
    if baseline is not None and baseline.holds and not policy.holds:
        badge, style = " NOTHING NEW ", KNOWN
    yield Text.assemble((badge, style), f"  policy {clean(policy.title)}", f"  {clean(policy.file)}, on {policy.day}", style="")
    known = f", {len(policy.violations) - len(baseline.violations)} of them known" if baseline is not None and policy.violations else ""
    yield Padding(Text(f"{plural(len(policy.violations), 'violation')}{known}; {_count_exceptions(policy)}."), (0, 0, 0, 1))
    if policy.violations:
        new = {item.violation for item in baseline.violations} if baseline is not None else set(policy.violations)
        yield heading("Violations of the policy")
        yield from _violations([item for item in policy.violations if item in new], "violated", verbose)
        yield from _violations([item for item in policy.violations if item not in new], KNOWN_WORD, verbose)
    if policy.exceptions:
        yield heading("Exceptions of the policy")
        yield Padding(_exceptions(policy.exceptions, verbose), (0, 0, 0, 1))


def _count_exceptions(policy: PolicyResult) -> str:
    counts = [(sum(item.standing is standing for item in policy.exceptions), standing) for standing in Standing]
    words = {Standing.HOLDS: "in force", Standing.EXPIRED: "expired", Standing.UNUSED: "covering nothing"}
    told = [f"{count} {words[standing]}" for count, standing in counts if count]
    return f"exceptions: {', '.join(told)}" if told else "no exceptions"


def _violations(found: Sequence[Violation], word: str, verbose: bool) -> Iterator[RenderableType]:
    """Show violations, those with one answer in one row: of a standard all requirements that one step would settle."""
    groups: dict[tuple[str, ...], list[Violation]] = {}
    for item in found:
        told = "" if item.rule == Breach.STANDARD else f"{item.severity or ''} {item.message}".lstrip()
        groups.setdefault((item.rule, told, item.settle, item.asked, "lapsed" if item.lapsed else ""), []).append(item)
    table = Table.grid(padding=(0, 2))
    for (rule, told, settle, asked, lapsed), group in groups.items():
        if rule == Breach.STANDARD:
            body = [Text.assemble((clean(item.subject), "bold"), f"  {clean(item.message)}") for item in group]
        else:
            places = [spell_place(place) for item in group for place in item.locations if rule != Breach.FILE]
            body = [Text.assemble((clean(rule), "bold"), f"  {clean(told)}")]
            body += [Text(clean(fold(places, verbose)), "dim")] if places else []
        body += [Text("an exception covered it until it expired", "bold red")] if lapsed else []
        if word != KNOWN_WORD or verbose:
            body += [Text.assemble(("asked by ", "dim"), (clean(asked), "cyan"))]
            body += [Text(clean(settle))] if settle else []
        table.add_row(Text(word, "bold red" if word == "violated" else "yellow"), Group(*body))
    if groups:
        yield Padding(table, (0, 0, 0, 1))


def _exceptions(exceptions: Iterable[Excused], verbose: bool) -> Table:
    table = Table.grid(padding=(0, 2))
    for item in exceptions:
        exemption = item.exemption
        narrowed = (exemption.rule, exemption.requirement, exemption.component or "", exemption.path)
        covers = Text(clean(" ".join(part for part in narrowed if part)), "bold")
        until = {
            Standing.HOLDS: f"until {exemption.expires}",
            Standing.EXPIRED: f"since {exemption.expires}: it does not hold any more; settle what it covered, or renew it",
            Standing.UNUSED: f"until {exemption.expires}: it covers nothing; remove it",
        }[item.standing]
        body = [covers, Text(f"{until}, {clean(exemption.owner)}: {clean(exemption.reason)}")]
        places = [spell_place(place) for violation in item.violations for place in violation.locations]
        body += [Text(clean(fold(places, verbose)), "dim")] if places else []
        table.add_row(Text(item.standing, STANDING[item.standing]), Group(*body))
    return table


def _baseline(baseline: BaselineResult, verbose: bool) -> Iterator[RenderableType]:
    badge, style = (" NOTHING WORSE ", GOOD) if baseline.holds else (" NEW ", BAD)
    yield Text.assemble((badge, style), f"  against {clean(baseline.file)}")
    told = (
        (len(baseline.violations), "new violation"),
        (len(baseline.worse), "worse answer"),
        (len(baseline.issues), "new issue"),
        (len(baseline.problems), "new thing that could not be read"),
    )
    counts = "; ".join(plural(count, noun) for count, noun in told if count) or "nothing new"
    yield Padding(Text(f"{counts}; {baseline.known} known, {baseline.gone} gone."), (0, 0, 0, 1))
    if baseline.worse:
        yield heading("Worse than before")
        table = Table.grid(padding=(0, 2))
        for item in baseline.worse:
            table.add_row(Text(item.kind, "bold red"), Text(clean(f"{item.subject}: was {item.before}, is {item.after}")))
        yield Padding(table, (0, 0, 0, 1))
    if baseline.issues:
        yield heading("New issues")
        table = Table.grid(padding=(0, 2))
        for new in baseline.issues if verbose else baseline.issues[:30]:
            places = fold([spell_place(place) for place in new.issue.locations], verbose)
            body = [Text.assemble((clean(new.issue.rule), "bold"), f"  {clean(new.issue.message)}"), Text(clean(places), "dim")]
            body += [Text(clean(new.issue.settle))] if new.issue.settle else []
            table.add_row(Text(new.issue.severity, "bold red" if new.fails else "dim"), Group(*body))
        yield Padding(table, (0, 0, 0, 1))
        if len(baseline.issues) > 30 and not verbose:
            yield Padding(Text(f"and {len(baseline.issues) - 30} more (--verbose shows them)", "dim"), (0, 0, 0, 1))


def list_failures(policy: PolicyResult | None, baseline: BaselineResult | None) -> Iterator[str]:
    """Write a line for what fails, at most ten and how many more, so that the end of a build's log says what to do."""
    lines = list(_failures(policy, baseline))
    yield from lines[:LINES]
    if len(lines) > LINES:
        yield f"and {len(lines) - LINES} more; the report has all of them"


def _failures(policy: PolicyResult | None, baseline: BaselineResult | None) -> Iterator[str]:
    found = tuple(item.violation for item in baseline.violations) if baseline is not None else policy.violations if policy else ()
    of_standards: dict[str, list[Violation]] = {}
    for item in found:
        if item.rule == Breach.STANDARD:
            of_standards.setdefault(item.asked, []).append(item)
        else:
            lapsed = " (its exception has expired)" if item.lapsed else ""
            places = () if item.rule == Breach.FILE else item.locations
            yield _line("policy", places, f"{item.rule}: {item.message}{lapsed}")
    for asked, group in of_standards.items():
        yield clean(f"policy: {asked}, and these are open: {fold([item.subject for item in group], verbose=False)}")
    if baseline is not None:
        for new in baseline.issues:
            if new.fails:
                yield _line("new", new.issue.locations, f"{new.issue.rule}: {new.issue.severity}: {new.issue.message}")
        for worse in baseline.worse:
            yield clean(f"worse: {worse.subject}: was {worse.before}, is {worse.after}")


def _line(word: str, places: tuple[Location, ...], told: str) -> str:
    where = f"{spell_place(places[0])}: " if places else ""
    more = f" (and {len(places) - 1} more places)" if len(places) > 1 else ""
    return clean(f"{word}: {where}{told}{more}")


def describe_policy(policy: Policy, today: dt.date) -> str:
    """Say in a few lines what a policy asks for."""
    lines = [f"{PurePath(policy.file).name}: {policy.title}"]
    lines += [f"  standard {item.id}: {item.wanted}" for item in policy.standards]
    for demand in policy.terms:
        allowed = ", ".join((*demand.fitness.accept, *demand.fitness.licenses)) or "nothing"
        refused = f"; never {', '.join(demand.fitness.refuse)}" if demand.fitness.refuse else ""
        lines.append(f"  terms of {', '.join(demand.components) or 'all other components'}: {allowed}{refused}")
    lines += [f"  formats: no {', '.join(item.name for item in policy.formats)}"] if policy.formats else []
    lines += [f"  issues about {subject}: at most {limit}" for subject, limit in policy.about]
    lines += [f"  issues{' about anything else' if policy.about else ''}: at most {policy.worst}"] if policy.worst else []
    lines += [f"  files in {item.role or 'any root'}: {', '.join(item.require)}" for item in policy.files]
    lines += ["  nothing may be unread"] if policy.unread == "forbid" else []
    lines += [f"  {plural(len(policy.exemptions), 'exception')}"]
    for item in policy.exemptions:
        covers = " ".join(filter(None, (item.rule, item.requirement, item.component or "", item.path)))
        until = f"expired on {item.expires}, it does not hold" if item.expires < today else f"until {item.expires}"
        lines.append(f"    {covers}: {until}, {item.owner}: {item.reason}")
    return "\n".join(clean(line) for line in lines) + "\n"
