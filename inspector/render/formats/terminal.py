"""The report for a person at a terminal: the grade and its reason first, then where each answer was read, what is missing, what is wrong."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from inspector.judgement import ElementResult, Grade, Report, StandardResult, Verdict
from inspector.model import Inventory, Severity
from inspector.render.checklist import show_checklist
from inspector.render.contract import Page, ReportFormat
from inspector.render.data_sets import show_data_sets
from inspector.render.ladder import show_ladder
from inspector.render.next_steps import list_steps
from inspector.render.parts import (
    SEVERITY_STYLE,
    clean,
    draw,
    fold,
    heading,
    plural,
    show_issues,
    show_overview,
    show_problems,
    show_terms,
)
from inspector.render.policy import show_gate
from inspector.render.runs import show_runs
from inspector.render.tallies import spell_verdict, tally_element, tally_issues
from inspector.wording import spell_place

NARROW = 100
TITLE = 27  # the longest title of the standards that ship
VERDICT_STYLE = {
    Verdict.MET: "green",
    Verdict.NOT_APPLICABLE: "green",
    Verdict.TERMS: "yellow",
    Verdict.REFERENCED: "cyan",
    Verdict.PARTIAL: "yellow",
    Verdict.ABSENT: "red",
    Verdict.REVIEW: "magenta",
}
GRADE_STYLE = {Grade.CONFORMS: "bold green", Grade.TERMS_ONLY: "bold yellow", Grade.INCOMPLETE: "bold red"}


def render(report: Report, page: Page) -> str:
    """Write a report for a terminal."""
    return draw(_parts(report, page.verbose, stacked=page.width < NARROW), page.width, page.color)


def _parts(report: Report, verbose: bool, *, stacked: bool) -> Iterator[RenderableType]:
    inventory = report.inventory
    yield from show_gate(report.policy, report.baseline, verbose)
    for result in report.standards:
        yield Text.assemble(_badge(result), f"  {clean(inventory.name)}", "  ", (f"{result.title} {result.version}", "dim"))
        yield Padding(Text(_sentence(result.reason)), (0, 0, 0, 1))
        if result.ladder:
            titles = {finding.requirement: finding.title.lower() for finding in result.findings}
            yield ""
            yield from show_ladder(result.ladder, titles.__getitem__)
        yield ""
        yield _glance(result, inventory)
        yield ""
    yield from show_overview(inventory)
    for result in report.standards:
        for element in result.elements:
            yield from _element(element, result, stacked=stacked)
        yield from _settling(result)
    yield from show_issues(inventory.issues, verbose)
    yield from show_problems(inventory.problems, verbose)
    yield from show_checklist(report, stacked=stacked)
    yield from show_terms(report.terms, verbose)
    yield from show_data_sets(report.data_sets, verbose)
    yield from show_runs(inventory, verbose)
    yield from _unclaimed(inventory, verbose)
    if verbose:
        yield from _evidence(inventory)
    for result in report.standards:
        yield ""
        if any(finding.attested for finding in result.findings):
            yield Text(
                "* A person states it; nothing that was read does. Without --attest the report shows what reading alone gives.", "magenta"
            )
        yield Text(result.disclaimer, "dim")


def _badge(result: StandardResult) -> tuple[str, str]:
    """Write the grade; of a standard with a ladder the rung that is reached."""
    ladder = result.ladder
    style = GRADE_STYLE[result.grade] if ladder is None else "bold green" if ladder.reached else GRADE_STYLE[Grade.INCOMPLETE]
    return f" {(ladder.title if ladder else result.grade).upper()} ", f"{style} reverse"


def _element(element: ElementResult, result: StandardResult, *, stacked: bool) -> Iterator[RenderableType]:
    """Show the requirements of an element; where columns are few, title and reason share one."""
    yield heading(element.title, element.verdict, GRADE_STYLE[element.verdict])
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(width=max(len(spell_verdict(verdict)) for verdict in Verdict), no_wrap=True)
    if not stacked:
        table.add_column(width=TITLE)
    table.add_column(ratio=1, overflow="fold")
    for finding in result.findings:
        if finding.element == element.id:
            title = f"{finding.title} (optional)" if finding.optional else finding.title
            faded = finding.optional and finding.verdict is Verdict.ABSENT
            style = "magenta" if finding.attested else "dim" if faded else VERDICT_STYLE[finding.verdict]
            reason = clean(finding.reason)
            told = (Text.assemble((title, "bold"), ": ", reason),) if stacked else (Text(title), Text(reason))
            table.add_row(Text(spell_verdict(finding.verdict) + ("*" if finding.attested else ""), style), *told)
    yield Padding(table, (0, 0, 0, 1))


def _glance(result: StandardResult, inventory: Inventory) -> RenderableType:
    """Show in a row each what came of every element, and what else a person has to know before reading on."""
    table = Table.grid(padding=(0, 2))
    for element in () if result.ladder else result.elements:
        told = tally_element(element, result)
        table.add_row(Text(element.title), Text(element.verdict, GRADE_STYLE[element.verdict]), Text(told, "dim"))
    issues = tally_issues(inventory.issues)
    worst = issues[0][0] if issues else Severity.NOTE
    table.add_row(
        Text("Issues"), Text("none" if not issues else worst, SEVERITY_STYLE[worst]), Text(", ".join(f"{n} {name}" for name, n in issues))
    )
    if inventory.problems:
        table.add_row(
            Text("Could not be read"),
            Text(plural(len(inventory.problems), "place"), "yellow"),
            Text("what was not read is never called clean", "dim"),
        )
    return Padding(table, (0, 0, 0, 1))


def _settling(result: StandardResult) -> Iterator[RenderableType]:
    """List what to do next, with the requirements that each step is for."""
    steps = list_steps(result)
    if not steps:
        return
    yield heading("What to do next")
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right")
    table.add_column()
    for number, step in enumerate(steps, 1):
        table.add_row(Text(f"{number}."), Group(Text(clean(step.text)), Text(", ".join(step.settles), "dim")))
    yield Padding(table, (0, 0, 0, 1))


def _unclaimed(inventory: Inventory, verbose: bool) -> Iterator[RenderableType]:
    if not inventory.unclaimed:
        return
    yield heading(f"Not recognised ({plural(len(inventory.unclaimed), 'file')})")
    yield Padding(Text(clean(fold([spell_place(place) for place in inventory.unclaimed], verbose)), "dim"), (0, 0, 0, 1))


def _evidence(inventory: Inventory) -> Iterator[RenderableType]:
    yield heading(f"Evidence ({len(inventory.evidence)})")
    for item in inventory.evidence:
        told = Text.assemble(
            (f"{item.component} {item.claim} ", "bold"), clean(item.value), ("  " + clean(spell_place(item.location)), "cyan")
        )
        told.append(f"  {item.certainty} by {item.detector}", "dim")
        yield Padding(told, (0, 0, 0, 1))
        if item.excerpt:
            yield Padding(Text(clean(item.excerpt), "dim italic"), (0, 0, 0, 3))


def _sentence(text: str) -> str:
    words = clean(text)
    return f"{words[:1].upper()}{words[1:]}."


FORMAT = ReportFormat("report.txt", "a page for a person", render)
