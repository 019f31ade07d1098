"""Parts that pages for a terminal share: headings, the overview of roots, terms, statements, issues and problems."""

from collections.abc import Iterable, Iterator
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from inspector.bundle import printable
from inspector.judgement import Resolution
from inspector.model import (
    CODE,
    Bucket,
    Claim,
    Component,
    Evidence,
    Inventory,
    Issue,
    Location,
    Problem,
    Quantization,
    Severity,
    Source,
    Terms,
    Weights,
)
from inspector.wording import spell_component, spell_place

FOLD = 8
SOURCES = {
    Source.TEXT: "licence file",
    Source.HEADER: "header",
    Source.DECLARED: "declared",
    Source.PROSE: "sentence",
    Source.POLICY: "restriction",
    Source.NOTICE: "notice",
    Source.INHERITED: "upstream",
}
SEVERITY_STYLE = {Severity.HIGH: "bold red", Severity.MEDIUM: "yellow", Severity.LOW: "cyan", Severity.NOTE: "dim"}
BUCKET_STYLE = {
    Bucket.OSI_APPROVED: "green",
    Bucket.FREE: "green",
    Bucket.RESTRICTED: "red",
    Bucket.UNKNOWN: "yellow",
    Bucket.UNSTATED: "yellow",
}


def draw(parts: Iterable[RenderableType], width: int, color: bool) -> str:
    """Write parts for a terminal of `width` columns, without white space at the ends of lines."""
    stream = StringIO()
    console = Console(
        file=stream, width=width, force_terminal=color, no_color=not color, highlight=False, emoji=False, markup=False, _environ={}
    )
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def show_overview(inventory: Inventory) -> Iterator[RenderableType]:
    """Show the roots with their sizes, and what weights there are."""
    table = Table.grid(padding=(0, 2))
    for root in inventory.roots:
        records = [record for record in inventory.files if record.root == root.name]
        kind = ", ".join(filter(None, (root.role, root.layout, root.revision and root.revision[:12])))
        table.add_row(
            Text(clean(root.name), "bold"),
            Text(kind),
            Text(f"{plural(len(records), 'file')}, {_bytes(sum(record.size for record in records))}"),
        )
    yield Padding(table, (0, 0, 0, 1))
    yield from (Padding(Text(f"Note: {clean(note)}", "yellow"), (0, 0, 0, 1)) for note in inventory.notes)
    for title, component in (("Weights", Component.PARAMETERS), ("Checkpoints and training state", Component.CHECKPOINTS)):
        if told := _count_weights(inventory, component):
            yield Padding(Text(f"{title}: {told}"), (0, 0, 0, 1))
    if told := _tell_quantization(inventory):
        yield Padding(Text(f"Quantization: {told}"), (0, 0, 0, 1))


def _tell_quantization(inventory: Inventory) -> str:
    """Name how weights are quantized, and how many parameters packed numbers stand for, each once."""
    found = (item for item in inventory.evidence if item.component is Component.PARAMETERS and item.claim is Claim.DESCRIBED)
    told = dict.fromkeys(
        item.value.removeprefix("quantization ")
        for item in found
        if (isinstance(item.details, Quantization) and item.details.bits) or item.detector == "quantization"
    )
    more = f"; and {len(told) - FOLD} more" if len(told) > FOLD else ""
    return clean("; ".join(list(told)[:FOLD]) + more)


def _count_weights(inventory: Inventory, component: Component) -> str:
    """Sum up what the weights of a component hold, by format."""
    by_format: dict[str, tuple[int, int]] = {}
    packed: set[str] = set()
    for item in inventory.evidence:
        if item.component is component and isinstance(item.details, Weights):
            count, parameters = by_format.get(item.details.format, (0, 0))
            by_format[item.details.format] = (count + 1, parameters + (item.details.parameters or 0))
            packed |= {item.details.format} if item.details.packed else set()
    told = []
    for form, (count, parameters) in sorted(by_format.items()):
        amount = _parameters(parameters, "element" if form in packed else "parameter")
        told.append(f"{amount} in {plural(count, 'file')} of {clean(form)}")
    return "; ".join(told)


def show_terms(terms: tuple[Resolution, ...]) -> Iterator[RenderableType]:
    """Show each statement once, with all the components that it governs."""
    if not terms:
        return
    yield heading("Terms")
    groups: dict[tuple[str, str | None, Bucket, bool, str], list[Resolution]] = {}
    for item in terms:
        groups.setdefault((item.root, item.expression, item.bucket, item.conflict, item.reason), []).append(item)
    table = Table.grid(padding=(0, 2))
    for (root, expression, bucket, conflict, reason), group in groups.items():
        names = ", ".join(spell_component(item.component) for item in group)
        word = Text("conflict", "bold red") if conflict else Text(bucket, BUCKET_STYLE[bucket])
        body = (
            Text(clean(f"{names} in {root} ({plural(sum(item.files for item in group), 'file')})")),
            Text(clean(expression or "none stated"), "bold"),
            Text(clean(reason), "dim"),
            *([Text(clean(f"restricts: {', '.join(group[0].restricts)}"))] if group[0].restricts else []),
        )
        table.add_row(word, Group(*body))
    yield Padding(table, (0, 0, 0, 1))


def show_statements(evidence: tuple[Evidence, ...], verbose: bool) -> Iterator[RenderableType]:
    """Show every statement of terms once, with all the places where it stands."""
    groups: dict[tuple[str, str, str, str], list[Evidence]] = {}
    parts: dict[tuple[str, str, Location], list[Component]] = {}
    for item in evidence:
        if item.claim is Claim.LICENSED and isinstance(item.details, Terms):
            parts.setdefault((item.value, item.details.source, item.location), []).append(item.component)
    for item in evidence:
        if item.claim is Claim.LICENSED and isinstance(item.details, Terms):
            quoted = item.excerpt or "" if item.details.source is Source.POLICY else ""
            of = _name_parts(parts[item.value, item.details.source, item.location])
            groups.setdefault((item.value, of, item.details.source, quoted), []).append(item)
    if not groups:
        return
    yield heading(f"Statements ({len(parts)})")
    table = Table.grid(padding=(0, 2))
    for (expression, of, source, quoted), group in sorted(groups.items()):
        places = fold([spell_place(item.location) for item in group], verbose)
        body = [Text.assemble((clean(expression), "bold"), of), Text(clean(places), "dim")]
        table.add_row(Text(SOURCES[Source(source)]), Group(*body, *([Text(clean(quoted), "italic")] if quoted else [])))
    yield Padding(table, (0, 0, 0, 1))


def _name_parts(parts: list[Component]) -> str:
    """Name what one statement is about; one on all kinds of code is on code."""
    names = ["code"] if set(CODE) <= set(parts) else []
    names += [part for part in dict.fromkeys(parts) if part is not Component.UNSPECIFIED and not (names and part in CODE)]
    return f" of {', '.join(names)}" if names else ""


def show_issues(issues: tuple[Issue, ...], verbose: bool) -> Iterator[RenderableType]:
    """Show issues, those of one cause in one row."""
    if not issues:
        return
    yield heading(f"Issues ({len(issues)})")
    table = Table.grid(padding=(0, 2))
    groups: dict[tuple[Severity, str, str], list[Issue]] = {}
    for issue in issues:
        groups.setdefault((issue.severity, issue.rule, issue.message), []).append(issue)
    for (severity, rule, message), group in groups.items():
        places = [spell_place(place) for issue in group for place in issue.locations]
        body = [Text.assemble((rule, "bold"), "  ", clean(message)), Text(clean(fold(places, verbose)), "dim")]
        body += [Text(clean(settle)) for settle in dict.fromkeys(issue.settle for issue in group) if settle]
        table.add_row(Text(severity, SEVERITY_STYLE[severity]), Group(*body))
    yield Padding(table, (0, 0, 0, 1))


def show_problems(problems: tuple[Problem, ...], verbose: bool) -> Iterator[RenderableType]:
    """Show what could not be read."""
    if not problems:
        return
    yield heading(f"Could not be read ({len(problems)})", "what was not read is never called clean", "yellow")
    shown = problems if verbose else problems[: 3 * FOLD]
    for problem in shown:
        yield Padding(Text(clean(f"{spell_place(problem.location)}: {problem.reason}")), (0, 0, 0, 1))
    if len(shown) < len(problems):
        yield Padding(Text(f"and {len(problems) - len(shown)} more (--verbose shows them)", "dim"), (0, 0, 0, 1))


def heading(title: str, note: str = "", style: str = "") -> RenderableType:
    """Draw a heading over the whole width, with a note beside it."""
    text = Text(title, "bold")
    if note:
        text.append("  ")
        text.append(note, style)
    return Padding(Rule(text, align="left", style="dim"), (1, 0, 0, 0))


def fold(places: Iterable[str], verbose: bool) -> str:
    """List places once each; more than eight are counted."""
    unique = list(dict.fromkeys(places))
    shown = unique if verbose else unique[:FOLD]
    more = len(unique) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def clean(text: str) -> str:
    """Make text of a bundle fit for a terminal."""
    return printable(text)


def plural(count: int, noun: str) -> str:
    """Count a noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _bytes(count: int) -> str:
    size, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":
            break
        size /= 1000
    return f"{count} B" if unit == "B" else f"{size:.1f} {unit}"


def _parameters(count: int, noun: str) -> str:
    for limit, unit in ((10**12, "T"), (10**9, "B"), (10**6, "M")):
        if count >= limit:
            return f"{count / limit:.2f} {unit} {noun}s"
    return plural(count, noun)
