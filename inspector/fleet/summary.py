"""What a run comes to: for a terminal, and as JSON."""

from collections.abc import Iterator

import msgspec
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from inspector.fleet.policy_rows import HOLDS, UNJUDGED, VIOLATED
from inspector.fleet.run import Result
from inspector.model import Bucket, Severity
from inspector.render.json_text import write_json
from inspector.render.parts import BUCKET_STYLE, SEVERITY_STYLE, clean, draw, plural

SCHEMA = "preferred-form/fleet/1"
MOST_REASONS = 12
QUESTIONS = ("terms", "pickles", "laundering", "duplicates")


class Reason(msgspec.Struct, frozen=True):
    """Why there is no report of some bundles: how many, and one of them."""

    reason: str
    bundles: int
    example: str


class PolicyView(msgspec.Struct, frozen=True):
    """What a policy says: how many bundles it holds for, how many violate it (and by which rule), of how many there is no report to judge."""

    title: str
    file: str
    sha256: str
    day: str
    holds: int
    violated: int
    unjudged: int
    rules: dict[str, int]


class BaselineView(msgspec.Struct, frozen=True):
    """What is new against an earlier run: in how many bundles something fails, how many the earlier run does not have or newly have no report.

    `news` counts what fails by its kind.
    """

    run: str
    worse: int
    added: int
    without_report: int
    news: dict[str, int]


class FleetView(msgspec.Struct, frozen=True):
    """A run as others parse it; counts are bundles where nothing else is said. `terms` are those of weights, by bundle and root."""

    schema: str
    run: str
    results: str
    bundles: int
    audited: int
    failed: int
    partly_unread: int
    files: int
    bytes: int
    complete: bool
    partial_stores: tuple[str, ...]
    grades: dict[str, dict[str, int]]
    worst_issue: dict[str, int]
    terms: dict[str, int]
    reasons: tuple[Reason, ...]
    policy: PolicyView | msgspec.UnsetType = msgspec.UNSET
    baseline: BaselineView | msgspec.UnsetType = msgspec.UNSET


def fleet_json(result: Result, results: str) -> str:
    """Write what a run comes to as JSON, with a newline at its end."""
    tally = result.tally
    grades: dict[str, dict[str, int]] = {}
    for (standard, grade), count in sorted(tally.grades.items()):
        grades.setdefault(standard, {})[grade] = count
    view = FleetView(
        SCHEMA,
        result.run,
        clean(results),
        tally.bundles,
        tally.bundles - tally.failed,
        tally.failed,
        tally.unread,
        tally.files,
        tally.bytes,
        not result.partial,
        tuple(map(clean, result.partial)),
        grades,
        {name or "none": count for name, count in sorted(tally.worst.items())},
        dict(sorted(tally.terms.items())),
        tuple(Reason(clean(reason), count, clean(tally.examples[reason])) for reason, count in tally.reasons.most_common()),
        _view_policy(result),
        _view_baseline(result),
    )
    return write_json(view)


def _view_policy(result: Result) -> PolicyView | msgspec.UnsetType:
    if result.demand is None or result.demand.policy is None:
        return msgspec.UNSET
    policy, counts = result.demand.policy, result.tally.policy
    told = (policy.title, policy.file, policy.sha256, result.demand.day.isoformat(), counts[HOLDS], counts[VIOLATED], counts[UNJUDGED])
    return PolicyView(*told, dict(sorted(result.tally.rules.items())))


def _view_baseline(result: Result) -> BaselineView | msgspec.UnsetType:
    if result.demand is None or result.demand.earlier is None:
        return msgspec.UNSET
    tally = result.tally
    news = {kind: count for kind, count in sorted(tally.news.items()) if count}
    return BaselineView(result.demand.earlier.name, tally.worse, tally.added, tally.lost, news)


def render_summary(result: Result, results: str, *, width: int, color: bool) -> str:
    """Write what a run comes to for a terminal."""
    return draw(_parts(result, results), width, color)


def _parts(result: Result, results: str) -> Iterator[RenderableType]:
    tally = result.tally
    told = f"{tally.bundles - tally.failed:,} audited, {tally.failed:,} failed" if tally.failed else "all audited"
    yield Text(f"{_many(tally.bundles, 'bundle')}: {told}; {_many(tally.files, 'file')}, {_size(tally.bytes)}; run {result.run}", "bold")
    table = Table.grid(padding=(0, 2))
    for standard in sorted({standard for standard, _ in tally.grades}):
        grades = [(grade, count) for (other, grade), count in sorted(tally.grades.items()) if other == standard]
        table.add_row(Text(f"grade ({standard})"), Text(", ".join(f"{grade} {count:,}" for grade, count in grades)))
    if tally.bundles > tally.failed:
        table.add_row("worst issue", Text(", ").join(_severities(result)))
    if tally.terms:
        table.add_row("terms of weights", Text(", ").join(_terms(result)))
    for title, words in _demanded(result):
        table.add_row(title, Text(", ").join(words))
    if tally.unread:
        table.add_row(
            "not read whole", Text(f"{_many(tally.unread, 'bundle')}: something in them could not be read (table problems)", "yellow")
        )
    yield Padding(table, (0, 0, 0, 1))
    for reason, count in tally.reasons.most_common(MOST_REASONS):
        yield Padding(
            Text.assemble((f"failed {count:,}: ", "red"), clean(reason), (f"  {clean(tally.examples[reason])}", "dim")), (0, 0, 0, 1)
        )
    if (rest := len(tally.reasons) - MOST_REASONS) > 0:
        yield Padding(Text(f"and {plural(rest, 'other reason')} (table bundles, column reason)", "dim"), (0, 0, 0, 1))
    if result.loose:
        told = f"{_many(result.loose, 'file')} beside the bundles, in none of them; a directory that is one bundle can be given as a STORE"
        yield Padding(Text(told, "dim"), (0, 0, 0, 1))
    for store in result.partial:
        yield Padding(Text(f"{clean(store)}: not every directory could be looked into; there may be more bundles", "yellow"), (0, 0, 0, 1))
    others = (*(("violations",) if result.demand else ()), *QUESTIONS)
    told = ", ".join(f"--{question}" for question in others)
    yield Padding(Text(f"ask: inspector query {clean(results)} --grades ({told})", "dim"), (0, 0, 0, 1))


def _severities(result: Result) -> Iterator[Text]:
    worst = result.tally.worst
    yield from (Text(f"{severity} {worst[severity]:,}", SEVERITY_STYLE[severity]) for severity in Severity if worst[severity])
    if worst[""]:
        yield Text(f"none {worst['']:,}")


def _terms(result: Result) -> Iterator[Text]:
    terms = result.tally.terms
    yield from (Text(f"{bucket} {terms[bucket]:,}", BUCKET_STYLE[bucket]) for bucket in Bucket if terms[bucket])


def _demanded(result: Result) -> Iterator[tuple[str, Iterator[Text]]]:
    """Give a row for the policy and one for the earlier run, where there are any."""
    if result.demand is not None and result.demand.policy is not None:
        yield f"policy {clean(result.demand.policy.title)}", _policy(result)
    if result.demand is not None and result.demand.earlier is not None:
        yield f"against {clean(result.demand.earlier.name)}", _news(result)


def _policy(result: Result) -> Iterator[Text]:
    styles = {HOLDS: "green", VIOLATED: "bold red", UNJUDGED: "yellow"}
    yield from (Text(f"{word} {count:,}", styles[word]) for word in styles if (count := result.tally.policy[word]))
    yield from (Text(f"{clean(rule)} {count:,}") for rule, count in result.tally.rules.most_common(MOST_REASONS))


def _news(result: Result) -> Iterator[Text]:
    tally = result.tally
    if tally.worse:
        told = ", ".join(f"{kind} {count:,}" for kind, count in sorted(tally.news.items()) if count)
        yield Text(f"{_many(tally.worse, 'bundle')} with something new that fails ({told})", "bold red")
    else:
        yield Text("nothing new that fails", "green")
    yield from (
        Text(f"{_many(count, 'bundle')} {what}")
        for count, what in ((tally.added, "added"), (tally.lost, "newly without a report"))
        if count
    )


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _size(size: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if size < 1000:
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} PB"
