"""The report for a person at a terminal: the grade and its reason first, then where each answer was read, what is missing, what is wrong."""

from collections.abc import Iterable, Iterator
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from inspector.bundle import printable
from inspector.judgement import ElementResult, Finding, Grade, Report, Resolution, StandardResult, Verdict
from inspector.model import Bucket, Inventory, Issue, Problem, Severity, Weights
from inspector.wording import spell_component, spell_place

FOLD = 8
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
SEVERITY_STYLE = {Severity.HIGH: "bold red", Severity.MEDIUM: "yellow", Severity.LOW: "cyan", Severity.NOTE: "dim"}
BUCKET_STYLE = {
    Bucket.OSI_APPROVED: "green",
    Bucket.FREE: "green",
    Bucket.RESTRICTED: "red",
    Bucket.UNKNOWN: "yellow",
    Bucket.UNSTATED: "yellow",
}


def render(report: Report, *, width: int, color: bool, verbose: bool = False) -> str:
    """Write a report for a terminal of `width` columns."""
    stream = StringIO()
    console = Console(
        file=stream, width=width, force_terminal=color, no_color=not color, highlight=False, emoji=False, markup=False, _environ={}
    )
    for part in _parts(report, verbose, stacked=width < NARROW):
        console.print(part)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def _parts(report: Report, verbose: bool, *, stacked: bool) -> Iterator[RenderableType]:
    inventory = report.inventory
    for result in report.standards:
        yield Text.assemble(
            (f" {result.grade.upper()} ", f"{GRADE_STYLE[result.grade]} reverse"),
            f"  {_clean(inventory.name)}",
            "  ",
            (f"{result.title} {result.version}", "dim"),
        )
        yield Padding(Text(_sentence(result.reason)), (0, 0, 0, 1))
        yield ""
    yield from _overview(inventory)
    for result in report.standards:
        for element in result.elements:
            yield from _element(element, result, stacked=stacked)
        yield from _settling(result)
    yield from _terms(report.terms)
    yield from _issues(inventory.issues, verbose)
    yield from _problems(inventory.problems, verbose)
    yield from _unclaimed(inventory, verbose)
    if verbose:
        yield from _evidence(inventory)
    for result in report.standards:
        yield ""
        yield Text(result.disclaimer, "dim")


def _overview(inventory: Inventory) -> Iterator[RenderableType]:
    table = Table.grid(padding=(0, 2))
    for root in inventory.roots:
        records = [record for record in inventory.files if record.root == root.name]
        kind = ", ".join(filter(None, (root.role, root.layout, root.revision and root.revision[:12])))
        table.add_row(
            Text(_clean(root.name), "bold"),
            Text(kind),
            Text(f"{_plural(len(records), 'file')}, {_bytes(sum(record.size for record in records))}"),
        )
    yield Padding(table, (0, 0, 0, 1))
    weights = [item.details for item in inventory.evidence if isinstance(item.details, Weights)]
    if weights:
        by_format: dict[str, tuple[int, int]] = {}
        for item in weights:
            count, parameters = by_format.get(item.format, (0, 0))
            by_format[item.format] = (count + 1, parameters + (item.parameters or 0))
        told = "; ".join(
            f"{_parameters(parameters)} in {_plural(count, 'file')} of {_clean(form)}"
            for form, (count, parameters) in sorted(by_format.items())
        )
        yield Padding(Text(f"Weights: {told}"), (0, 0, 0, 1))


def _element(element: ElementResult, result: StandardResult, *, stacked: bool) -> Iterator[RenderableType]:
    """Show the requirements of an element; where columns are few, title and reason share one."""
    yield _heading(element.title, element.verdict, GRADE_STYLE[element.verdict])
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(width=max(len(_word(verdict)) for verdict in Verdict), no_wrap=True)
    if not stacked:
        table.add_column(width=TITLE)
    table.add_column(ratio=1, overflow="fold")
    for finding in result.findings:
        if finding.element == element.id:
            title = f"{finding.title} (optional)" if finding.optional else finding.title
            style = "dim" if finding.optional and finding.verdict is Verdict.ABSENT else VERDICT_STYLE[finding.verdict]
            reason = _clean(finding.reason)
            told = (Text.assemble((title, "bold"), ": ", reason),) if stacked else (Text(title), Text(reason))
            table.add_row(Text(_word(finding.verdict), style), *told)
    yield Padding(table, (0, 0, 0, 1))


def _settling(result: StandardResult) -> Iterator[RenderableType]:
    """Group what is missing by the step that would settle it."""
    steps: dict[str, list[Finding]] = {}
    for finding in result.findings:
        if finding.missing and not finding.optional:
            steps.setdefault(finding.missing, []).append(finding)
    if not steps:
        return
    yield _heading("What would settle it")
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right")
    table.add_column()
    for number, (step, findings) in enumerate(steps.items(), 1):
        names = Text(", ".join(finding.requirement for finding in findings), "dim")
        table.add_row(Text(f"{number}."), Group(Text(_clean(step)), names))
    yield Padding(table, (0, 0, 0, 1))


def _terms(terms: tuple[Resolution, ...]) -> Iterator[RenderableType]:
    """Show each statement once, with all the components that it governs."""
    if not terms:
        return
    yield _heading("Terms")
    groups: dict[tuple[str, str | None, Bucket, bool, str], list[Resolution]] = {}
    for item in terms:
        groups.setdefault((item.root, item.expression, item.bucket, item.conflict, item.reason), []).append(item)
    table = Table.grid(padding=(0, 2))
    for (root, expression, bucket, conflict, reason), group in groups.items():
        names = ", ".join(spell_component(item.component) for item in group)
        word = Text("conflict", "bold red") if conflict else Text(bucket, BUCKET_STYLE[bucket])
        body = (
            Text(_clean(f"{names} in {root} ({_plural(sum(item.files for item in group), 'file')})")),
            Text(_clean(expression or "none stated"), "bold"),
            Text(_clean(reason), "dim"),
        )
        table.add_row(word, Group(*body))
    yield Padding(table, (0, 0, 0, 1))


def _issues(issues: tuple[Issue, ...], verbose: bool) -> Iterator[RenderableType]:
    if not issues:
        return
    yield _heading(f"Issues ({len(issues)})")
    table = Table.grid(padding=(0, 2))
    groups: dict[tuple[Severity, str, str], list[Issue]] = {}
    for issue in issues:
        groups.setdefault((issue.severity, issue.rule, issue.message), []).append(issue)
    for (severity, rule, message), group in groups.items():
        places = [spell_place(place) for issue in group for place in issue.locations]
        body = [Text.assemble((rule, "bold"), "  ", _clean(message)), Text(_clean(_fold(places, verbose)), "dim")]
        body += [Text(_clean(settle)) for settle in dict.fromkeys(issue.settle for issue in group) if settle]
        table.add_row(Text(severity, SEVERITY_STYLE[severity]), Group(*body))
    yield Padding(table, (0, 0, 0, 1))


def _problems(problems: tuple[Problem, ...], verbose: bool) -> Iterator[RenderableType]:
    if not problems:
        return
    yield _heading(f"Could not be read ({len(problems)})", "what was not read is never called clean", "yellow")
    shown = problems if verbose else problems[: 3 * FOLD]
    for problem in shown:
        yield Padding(Text(_clean(f"{spell_place(problem.location)}: {problem.reason}")), (0, 0, 0, 1))
    if len(shown) < len(problems):
        yield Padding(Text(f"and {len(problems) - len(shown)} more (--verbose shows them)", "dim"), (0, 0, 0, 1))


def _unclaimed(inventory: Inventory, verbose: bool) -> Iterator[RenderableType]:
    if not inventory.unclaimed:
        return
    yield _heading(f"Not recognised ({_plural(len(inventory.unclaimed), 'file')})")
    yield Padding(Text(_clean(_fold([spell_place(place) for place in inventory.unclaimed], verbose)), "dim"), (0, 0, 0, 1))


def _evidence(inventory: Inventory) -> Iterator[RenderableType]:
    yield _heading(f"Evidence ({len(inventory.evidence)})")
    for item in inventory.evidence:
        told = Text.assemble(
            (f"{item.component} {item.claim} ", "bold"), _clean(item.value), ("  " + _clean(spell_place(item.location)), "cyan")
        )
        told.append(f"  {item.certainty} by {item.detector}", "dim")
        yield Padding(told, (0, 0, 0, 1))
        if item.excerpt:
            yield Padding(Text(_clean(item.excerpt), "dim italic"), (0, 0, 0, 3))


def _heading(title: str, note: str = "", style: str = "") -> RenderableType:
    text = Text(title, "bold")
    if note:
        text.append("  ")
        text.append(note, style)
    return Padding(Rule(text, align="left", style="dim"), (1, 0, 0, 0))


def _fold(places: Iterable[str], verbose: bool) -> str:
    unique = list(dict.fromkeys(places))
    shown = unique if verbose else unique[:FOLD]
    more = len(unique) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _word(verdict: Verdict) -> str:
    return "n/a" if verdict is Verdict.NOT_APPLICABLE else verdict


def _sentence(text: str) -> str:
    clean = _clean(text)
    return f"{clean[:1].upper()}{clean[1:]}."


def _clean(text: str) -> str:
    return printable(text)


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _bytes(count: int) -> str:
    size, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":
            break
        size /= 1000
    return f"{count} B" if unit == "B" else f"{size:.1f} {unit}"


def _parameters(count: int) -> str:
    for limit, unit in ((10**12, "T"), (10**9, "B"), (10**6, "M")):
        if count >= limit:
            return f"{count / limit:.2f} {unit} parameters"
    return _plural(count, "parameter")
