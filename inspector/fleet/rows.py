"""The rows of a fleet's tables, made of reports: one frozen type a table, whose fields are its columns. Pure.

Every table has the columns `bundle`, the id of the bundle's report, and `run`, which is the name of the directory that holds a part.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256

import msgspec

from inspector.fleet.demand import Demand
from inspector.fleet.journal import Entry
from inspector.fleet.news_rows import NewsRow, make_news_rows, tell_known
from inspector.fleet.places import first_place, tell_lines
from inspector.fleet.policy_rows import ViolationRow, judge_bundle, make_violation_rows, tell_standing
from inspector.model import Claim, Component, Issue, Severity, Terms
from inspector.saved import ReportView

WORST = tuple(Severity)


class BundleRow(msgspec.Struct, frozen=True):
    """A bundle: where it lies (`place` is its path from its store on), what came of it, how much there is, and the worst severity of its issues.

    `policy` says whether the run's policy holds (`holds`, `violated`, `unjudged`; empty without one), `violations` counts what it does not allow.
    `known` says whether the run's baseline has it (`known`, `added`; empty without one), `news` counts what is new and fails.
    `content` is a digest over the paths and digests of all files, `weights` one over the digests of the files with weights; empty where not all files
    were hashed. `parameters` are those of the format that holds most: a model is often kept in several.
    """

    bundle: str
    path: str
    store: str
    place: str
    name: str
    layout: str
    rule: str
    status: str
    reason: str
    origin: str
    revision: str
    files: int
    bytes: int
    parameters: int | None
    content: str
    weights: str
    issues: int
    worst: str
    problems: int
    policy: str
    violations: int
    known: str = ""
    news: int = 0


class FileRow(msgspec.Struct, frozen=True):
    """A file of a bundle; `weights` says that it holds tensors."""

    bundle: str
    root: str
    path: str
    size: int
    sha256: str | None
    format: str | None
    weights: bool
    parameters: int | None


class EvidenceRow(msgspec.Struct, frozen=True):
    """A piece of evidence; `number` is its index in the report. Statements of terms have their expression and source."""

    bundle: str
    number: int
    component: str
    claim: str
    value: str
    root: str
    path: str
    first_line: int | None
    last_line: int | None
    pointer: str | None
    certainty: str
    detector: str
    expression: str | None
    source: str | None
    excerpt: str | None


class IssueRow(msgspec.Struct, frozen=True):
    """An issue at the first of its places; `places` counts them."""

    bundle: str
    rule: str
    severity: str
    message: str
    settle: str
    root: str
    path: str
    first_line: int | None
    pointer: str | None
    places: int


class FindingRow(msgspec.Struct, frozen=True):
    """The verdict on one requirement of a standard."""

    bundle: str
    standard: str
    requirement: str
    element: str
    title: str
    verdict: str
    reason: str
    missing: str
    optional: bool


class GradeRow(msgspec.Struct, frozen=True):
    """The grade by one standard, and the rung that is reached of one with a ladder."""

    bundle: str
    standard: str
    version: str
    grade: str
    reached: str | None
    reason: str


class TermRow(msgspec.Struct, frozen=True):
    """The terms of a component."""

    bundle: str
    component: str
    root: str
    expression: str | None
    bucket: str
    conflict: bool
    files: int
    reason: str


class ProblemRow(msgspec.Struct, frozen=True):
    """Something that could not be read."""

    bundle: str
    root: str
    path: str
    reason: str
    detector: str


class CostRow(msgspec.Struct, frozen=True):
    """What a bundle cost: seconds, and the most memory (MiB) of the process that read it until then.

    The only table that differs between equal runs.
    """

    bundle: str
    path: str
    seconds: float
    peak: int


Row = BundleRow | FileRow | EvidenceRow | IssueRow | FindingRow | GradeRow | TermRow | ProblemRow | ViolationRow | NewsRow | CostRow
TABLES: dict[str, type[Row]] = {
    "bundles": BundleRow, "files": FileRow, "evidence": EvidenceRow, "issues": IssueRow, "findings": FindingRow, "grades": GradeRow,
    "terms": TermRow, "problems": ProblemRow, "violations": ViolationRow, "news": NewsRow, "costs": CostRow,
}  # fmt: skip


def make_rows(entry: Entry, view: ReportView | None, demand: Demand | None = None) -> Iterator[tuple[str, Row]]:
    """Give the rows of a bundle, each with the name of its table; of one without a report that it failed, and why."""
    yield from _judged(entry, view, demand)
    yield "costs", CostRow(entry.id, entry.order.path, entry.seconds, entry.peak)
    if view is None:
        return
    key = entry.id
    weights = _weights(view)
    for file in view.files:
        is_weights = (file.root, file.path) in weights
        yield "files", FileRow(key, file.root, file.path, file.size, file.sha256, file.format, is_weights, file.parameters)
    yield from (("evidence", row) for row in _evidence(key, view))
    yield from (("issues", _issue(key, issue)) for issue in view.issues)
    for problem in view.problems:
        yield "problems", ProblemRow(key, problem.location.root, problem.location.path, problem.reason, problem.detector)
    for term in view.terms:
        terms = TermRow(key, term.component, term.root, term.expression, term.bucket, term.conflict, term.files, term.reason)
        yield "terms", terms
    for standard in view.standards:
        reached = standard.ladder.reached if standard.ladder else None
        yield "grades", GradeRow(key, standard.id, standard.version, standard.grade, reached, standard.reason)
        for item in standard.findings:
            told = (item.requirement, item.element, item.title, item.verdict, item.reason, item.missing, item.optional)
            yield "findings", FindingRow(key, standard.id, *told)


def _judged(entry: Entry, view: ReportView | None, demand: Demand | None) -> Iterator[tuple[str, Row]]:
    """Give the row of a bundle, and those of what it was held against."""
    row = _bundle(entry, view)
    if demand is None:
        yield "bundles", row
        return
    held, news = judge_bundle(demand, view, entry.status, entry.reason), tuple(make_news_rows(demand, entry, view))
    yield (
        "bundles",
        msgspec.structs.replace(
            row,
            policy=tell_standing(demand, held),
            violations=len(held.violations) if held else 0,
            known=tell_known(demand, entry),
            news=sum(item.fails for item in news),
        ),
    )
    yield from (("violations", item) for item in make_violation_rows(entry.id, held))
    yield from (("news", item) for item in news)


def _bundle(entry: Entry, view: ReportView | None) -> BundleRow:
    order, files, issues = entry.order, view.files if view else (), view.issues if view else ()
    root = view.system.roots[0] if view and view.system.roots else None
    counts = Counter[str]()
    for file in files:
        counts[file.format or ""] += file.parameters or 0
    digests = {(file.root, file.path): file.sha256 for file in files}
    held = _weights(view) if view else frozenset()
    return BundleRow(
        bundle=entry.id,
        path=order.path,
        store=order.store,
        place=order.place,
        name=order.name,
        layout=order.layout,
        rule=order.rule,
        status=entry.status,
        reason=entry.reason,
        origin=(root.origin or "") if root else "",
        revision=(root.revision or "") if root else "",
        files=len(files),
        bytes=sum(file.size for file in files),
        parameters=max(counts.values(), default=0) if any(file.parameters is not None for file in files) else None,
        content=_join({f"{path}\0{digest}": digest for (_, path), digest in digests.items()}),
        weights=_join({digests.get(place) or "": digests.get(place) for place in held}),
        issues=len(issues),
        worst=min((issue.severity for issue in issues), key=WORST.index, default=""),
        problems=len(view.problems) if view else 0,
        policy="",
        violations=0,
    )


def _join(lines: Mapping[str, str | None]) -> str:
    """Digest lines in their order, each beside the digest that it speaks of; nothing where one of these is not known."""
    return sha256("\n".join(sorted(lines)).encode("utf-8", "surrogatepass")).hexdigest() if lines and all(lines.values()) else ""


def _weights(view: ReportView) -> frozenset[tuple[str, str]]:
    """Find the files that hold weights."""
    parts = (Component.PARAMETERS, Component.CHECKPOINTS)
    said = (item.location for item in view.evidence if item.component in parts and item.claim is Claim.PRESENT)
    return frozenset((place.root, place.path.partition("!/")[0]) for place in said)


def _evidence(key: str, view: ReportView) -> Iterator[EvidenceRow]:
    for number, item in enumerate(view.evidence):
        first, last = tell_lines(item.location)
        terms = item.details if isinstance(item.details, Terms) else None
        yield EvidenceRow(
            bundle=key,
            number=number,
            component=item.component,
            claim=item.claim,
            value=item.value,
            root=item.location.root,
            path=item.location.path,
            first_line=first,
            last_line=last,
            pointer=item.location.pointer,
            certainty=item.certainty,
            detector=item.detector,
            expression=terms.expression if terms else None,
            source=terms.source if terms else None,
            excerpt=item.excerpt,
        )


def _issue(key: str, issue: Issue) -> IssueRow:
    place = first_place(issue.locations)
    first, _ = tell_lines(place)
    told = (issue.rule, issue.severity, issue.message, issue.settle)
    return IssueRow(key, *told, place.root, place.path, first, place.pointer, len(issue.locations))
