"""What changed between two reports: files, evidence, terms, verdicts and issues, each with what was and what is. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from inspector.judgement import Grade, Verdict
from inspector.model import Bucket, Frozen, Location, Severity
from inspector.saved import FileView, ReportView
from inspector.wording import spell_component, spell_place


class Kind(StrEnum):
    """What a change is about, the gravest first."""

    GRADE = "grade"
    VERDICT = "verdict"
    TERMS = "terms"
    ISSUE = "issue"
    FILE = "file"
    EVIDENCE = "evidence"
    PROBLEM = "problem"
    PROGRAM = "program"


class Change(Frozen, frozen=True):
    """One thing that is not as it was: what it is, before and after (empty where it was not or is no more), and whether it got worse."""

    kind: Kind
    subject: str
    before: str
    after: str
    worse: bool


K = TypeVar("K")
V = TypeVar("V")
GRADES = (Grade.CONFORMS, Grade.TERMS_ONLY, Grade.INCOMPLETE)
VERDICTS = (Verdict.MET, Verdict.NOT_APPLICABLE, Verdict.REVIEW, Verdict.TERMS, Verdict.PARTIAL, Verdict.REFERENCED, Verdict.ABSENT)
BUCKETS = (Bucket.OSI_APPROVED, Bucket.FREE, Bucket.UNKNOWN, Bucket.UNSTATED, Bucket.RESTRICTED)


def compare_reports(old: ReportView, new: ReportView) -> tuple[Change, ...]:
    """List what is not in the new report as it is in the old one."""
    return (
        *_grades(old, new),
        *_verdicts(old, new),
        *_terms(old, new),
        *_issues(old, new),
        *_files(old, new),
        *_evidence(old, new),
        *_rest(old, new),
    )


def _grades(old: ReportView, new: ReportView) -> Iterator[Change]:
    before, after = ({item.id: item.grade for item in report.standards} for report in (old, new))
    for name, was, is_ in _pairs(before, after):
        worse = was is not None and is_ is not None and GRADES.index(is_) > GRADES.index(was)
        yield Change(kind=Kind.GRADE, subject=name, before=was or "", after=is_ or "", worse=worse)
    yield from _classes(old, new)


def _classes(old: ReportView, new: ReportView) -> Iterator[Change]:
    before, after = ({item.id: item.ladder for item in report.standards if item.ladder} for report in (old, new))
    for name, was, is_ in _pairs(before, after):
        heights = [sum(rung.complete for rung in ladder.rungs) if ladder else 0 for ladder in (was, is_)]
        titles = [ladder.title if ladder else "" for ladder in (was, is_)]
        if titles[0] != titles[1]:
            worse = was is not None and is_ is not None and heights[1] < heights[0]
            yield Change(kind=Kind.GRADE, subject=f"{name} class", before=titles[0], after=titles[1], worse=worse)


def _verdicts(old: ReportView, new: ReportView) -> Iterator[Change]:
    before, after = (
        {finding.requirement: finding.verdict for item in report.standards for finding in item.findings} for report in (old, new)
    )
    for name, was, is_ in _pairs(before, after):
        worse = was is not None and is_ is not None and VERDICTS.index(is_) > VERDICTS.index(was)
        yield Change(kind=Kind.VERDICT, subject=name, before=was or "", after=is_ or "", worse=worse)


def _terms(old: ReportView, new: ReportView) -> Iterator[Change]:
    before, after = (_terms_of(report) for report in (old, new))
    for (component, root), was, is_ in _pairs(before, after):
        ranks = [max((BUCKETS.index(bucket) for _, bucket in terms), default=0) for terms in (was or (), is_ or ())]
        spelled = [" / ".join(f"{expression} ({bucket})" for expression, bucket in terms) for terms in (was or (), is_ or ())]
        subject = f"{component} in {root}"
        yield Change(kind=Kind.TERMS, subject=subject, before=spelled[0], after=spelled[1], worse=bool(was and is_) and ranks[1] > ranks[0])


def _terms_of(report: ReportView) -> dict[tuple[str, str], tuple[tuple[str, Bucket], ...]]:
    found: dict[tuple[str, str], list[tuple[str, Bucket]]] = {}
    for item in report.terms:
        shown = f"{item.expression or 'none stated'}{', contradictory' if item.conflict else ''}"
        found.setdefault((spell_component(item.component), item.root), []).append((shown, item.bucket))
    return {key: tuple(sorted(terms)) for key, terms in found.items()}


def _issues(old: ReportView, new: ReportView) -> Iterator[Change]:
    before, after = ({f"{item.rule} {_places(item.locations)}": item for item in report.issues} for report in (old, new))
    for name in sorted(before.keys() ^ after.keys()):
        was, is_ = before.get(name), after.get(name)
        worse = is_ is not None and is_.severity in (Severity.HIGH, Severity.MEDIUM)
        yield Change(kind=Kind.ISSUE, subject=name, before=was.message if was else "", after=is_.message if is_ else "", worse=worse)


def _places(places: Iterable[Location]) -> str:
    return ", ".join(spell_place(place) for place in places)


def _files(old: ReportView, new: ReportView) -> Iterator[Change]:
    before, after = ({f"{item.root}/{item.path}": item for item in report.files} for report in (old, new))
    for name in sorted(before.keys() | after.keys()):
        was, is_ = before.get(name), after.get(name)
        if was is None or is_ is None or ((was.size, was.sha256) != (is_.size, is_.sha256) and _is_comparable(was, is_)):
            yield Change(kind=Kind.FILE, subject=name, before=_file(was), after=_file(is_), worse=is_ is None)


def _is_comparable(was: FileView, is_: FileView) -> bool:
    """Say whether two files differ for certain: a report without digests says less, not something else."""
    return was.size != is_.size or (was.sha256 is not None and is_.sha256 is not None)


def _file(item: FileView | None) -> str:
    return "" if item is None else f"{item.size} bytes" + (f", sha256 {item.sha256[:16]}" if item.sha256 else "")


def _evidence(old: ReportView, new: ReportView) -> Iterator[Change]:
    before, after = (_told(report) for report in (old, new))
    for key in sorted(before ^ after):
        component, claim, value, place = key
        told = f"{component} {claim} {value}".strip()
        gone = key in before
        yield Change(kind=Kind.EVIDENCE, subject=place, before=told if gone else "", after="" if gone else told, worse=gone)


def _told(report: ReportView) -> set[tuple[str, str, str, str]]:
    return {(item.component, item.claim, item.value, spell_place(item.location)) for item in report.evidence}


def _rest(old: ReportView, new: ReportView) -> Iterator[Change]:
    before, after = ({spell_place(item.location): item.reason for item in report.problems} for report in (old, new))
    for name, was, is_ in _pairs(before, after):
        yield Change(kind=Kind.PROBLEM, subject=name, before=was or "", after=is_ or "", worse=was is None)
    if old.tool.version != new.tool.version:
        yield Change(kind=Kind.PROGRAM, subject=new.tool.name, before=old.tool.version, after=new.tool.version, worse=False)


def _pairs(before: Mapping[K, V], after: Mapping[K, V]) -> Iterator[tuple[K, V | None, V | None]]:
    keys = (*before, *(key for key in after if key not in before))
    yield from ((key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key))
