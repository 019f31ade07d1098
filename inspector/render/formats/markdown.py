"""The report as a short comment on a pull request: the grade, a table of elements, what is missing, terms, and issues folded by severity.

Everything that a bundle says stays text (`markup.py`), and the whole is shorter than a comment may be. The JSON report has what is left out.
"""

from collections.abc import Iterable, Iterator

from inspector.judgement import Grade, Report, Resolution, StandardResult, Verdict
from inspector.model import Bucket, Issue, Severity
from inspector.render.contract import Page, ReportFormat
from inspector.render.markup import code, plain
from inspector.wording import join_sentences, spell_component, spell_place

LIMIT = 60_000  # GitHub takes 65,536 characters, GitLab more
FOLD, ROWS, ROOM = 5, 25, 9_000
MARKS = {Grade.CONFORMS: "✅", Grade.TERMS_ONLY: "⚠️", Grade.INCOMPLETE: "❌"}
GOOD = (Verdict.MET, Verdict.NOT_APPLICABLE)
FREE = (Bucket.OSI_APPROVED, Bucket.FREE)


def render(report: Report, _: Page) -> str:
    """Write a report as Markdown, always the same bytes for the same report."""
    blocks = [*_head(report), *_policy(report)]
    for result in report.standards:
        blocks += _elements(result)
        blocks += _missing(result)
    blocks += _terms(report.terms)
    blocks += _issues(report)
    blocks += _unread(report)
    return "\n\n".join(_fit(blocks, (*_foot(report),))) + "\n"


def _head(report: Report) -> Iterator[str]:
    for result in report.standards:
        word = result.ladder.title if result.ladder else result.grade
        good = result.ladder.reached if result.ladder else None
        mark = MARKS[Grade.CONFORMS if good else result.grade]
        yield f"### {mark} {plain(word)}: {code(report.inventory.name, 100)}, {plain(result.title)} {plain(result.version)}"
        yield plain(join_sentences(result.reason))
    if not report.standards:
        yield f"### {code(report.inventory.name, 100)}"


def _policy(report: Report) -> Iterator[str]:
    """Say whether the policy holds, and what violates it with what to do."""
    held = report.policy
    if held is None:
        return
    if held.holds:
        yield f"**✅ Policy {plain(held.title)} holds**"
        return
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for item in held.violations:
        groups.setdefault((item.rule, item.message, item.asked, item.settle), []).extend(map(spell_place, item.locations))
    lines = []
    for (rule, message, asked, settle), places in groups.items():
        shown = ", ".join(code(place, 200) for place in places[:FOLD])
        more = f" and {len(places) - FOLD} more" if len(places) > FOLD else ""
        told = join_sentences(f"{message} (asked by {asked})", settle)
        lines.append(f"- {code(rule)}: {plain(told, 400)} {shown}{more}".rstrip())
    count = len(held.violations)
    title = f"**❌ Policy {plain(held.title)}: {count} violation{'' if count == 1 else 's'}**"
    yield "\n".join([title, "", *_some(lines, "violation")])


def _elements(result: StandardResult) -> Iterator[str]:
    rows = []
    for element in result.elements:
        asked = [finding for finding in result.findings if finding.element == element.id and not finding.optional]
        met = sum(finding.verdict in GOOD for finding in asked)
        rows.append(f"| {plain(element.title)} | {MARKS[element.verdict]} {element.verdict} | {met} of {len(asked)} |")
    yield "\n".join(["| Element | Grade | Met |", "| --- | --- | --- |", *rows])


def _missing(result: StandardResult) -> Iterator[str]:
    """List what is asked for and not met; the steps that would settle it, each once."""
    lacking = [finding for finding in result.findings if finding.verdict not in GOOD and not finding.optional]
    if not lacking:
        return
    groups: dict[tuple[str, str], list[str]] = {}
    for finding in lacking:
        groups.setdefault((finding.verdict, finding.reason), []).append(plain(finding.title))
    lines = [f"- **{verdict}**: {', '.join(titles)}: {plain(reason, 300)}" for (verdict, reason), titles in groups.items()]
    yield "\n".join(["**Missing or not settled**", "", *_some(lines, "requirement")])
    steps = list(dict.fromkeys(finding.missing for finding in lacking if finding.missing))
    yield _folded(f"What would settle it ({len(steps)})", [f"{number}. {plain(step)}" for number, step in enumerate(steps, 1)])


def _terms(terms: tuple[Resolution, ...]) -> Iterator[str]:
    groups: dict[tuple[str, str, Bucket, bool], list[str]] = {}
    for item in terms:
        key = (item.root, item.expression or "", item.bucket, item.conflict)
        groups.setdefault(key, []).append(spell_component(item.component))
    lines = []
    for (root, expression, bucket, conflict), names in groups.items():
        good = bucket in FREE and not conflict
        told = "they contradict each other" if conflict else bucket
        lines.append(
            f"- {'✅' if good else '⚠️'} {', '.join(names)} in {code(root, 100)}: {code(expression or 'none stated', 300)} ({told})"
        )
    if lines:
        yield "\n".join(["**Terms**", "", *_some(lines, "statement")])


def _issues(report: Report) -> Iterator[str]:
    for severity in Severity:
        issues = [item for item in report.inventory.issues if item.severity is severity]
        if issues:
            yield _folded(f"Issues of severity {severity}: {len(issues)}", [*_some([_issue(item) for item in issues], "issue")])


def _issue(issue: Issue) -> str:
    places = list(dict.fromkeys(spell_place(place) for place in issue.locations))
    more = f" and {len(places) - FOLD} more" if len(places) > FOLD else ""
    shown = ", ".join(code(place, 200) for place in places[:FOLD])
    return f"- {code(issue.rule)}: {plain(join_sentences(issue.message))} {shown}{more}".rstrip()


def _unread(report: Report) -> Iterator[str]:
    problems = report.inventory.problems
    if problems:
        lines = [f"- {code(spell_place(item.location), 200)}: {plain(item.reason, 300)}" for item in problems]
        yield _folded(f"Could not be read, and is not called clean: {len(problems)}", [*_some(lines, "thing")])


def _foot(report: Report) -> Iterator[str]:
    disclaimers = dict.fromkeys(result.disclaimer for result in report.standards)
    yield f"<sub>{plain(' '.join(disclaimers))} {report.tool.name} {report.tool.version}; nothing was run.</sub>"


def _folded(title: str, lines: list[str]) -> str:
    return "\n".join([f"<details><summary>{title}</summary>", "", *lines, "", "</details>"])


def _some(lines: list[str], noun: str) -> Iterator[str]:
    """Give the first lines, as many as one part has room for, and count the rest."""
    room, shown = ROOM, 0
    for line in lines[:ROWS]:
        room -= len(line)
        if room < 0:
            break
        shown += 1
        yield line
    more = len(lines) - shown
    if more > 0:
        yield f"- and {more} more {noun}{'' if more == 1 else 's'}"


def _fit(blocks: Iterable[str], foot: tuple[str, ...]) -> Iterator[str]:
    """Give as many blocks as a comment has room for, each of them whole; say so where some are left out."""
    room, left_out = LIMIT - sum(len(text) + 2 for text in foot), 0
    for block in blocks:
        if left_out or len(block) + 2 > room:
            left_out += 1
            continue
        room -= len(block) + 2
        yield block
    if left_out:
        yield f"**{left_out} part{'' if left_out == 1 else 's'} of this report did not fit into a comment.**"
    yield from foot


FORMAT = ReportFormat("report.md", "a short comment for a pull request (Markdown)", render)
