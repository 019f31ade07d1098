"""Is a bundle what its records say: all records of each root are read, every file that one speaks of is hashed, and both are held together."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from inspector import __version__
from inspector.bundle import Entry, Root, Survey, open_root, survey
from inspector.errors import Malformed, UsageError
from inspector.judgement import Tool
from inspector.layouts import open_layout
from inspector.model import Issue, Location, Problem, Severity, printable
from inspector.saved import ReportView
from inspector.store import find_bundles, load_rules, open_place
from inspector.verification.hashing import Hasher, Watch, unwatched
from inspector.verification.integrity import (
    BAD,
    SCHEMA,
    Answer,
    Check,
    Complete,
    Expected,
    FileAnswer,
    Ledger,
    LedgerUse,
    Note,
    Own,
    Proven,
    Said,
    State,
    Trust,
    Verification,
)
from inspector.verification.issues import list_issues
from inspector.verification.kept_reports import make_ledger
from inspector.verification.ledgers import load_ledgers
from inspector.verification.weighing import Held, Scales

MOST_PLACES = 8
NO_TRUST = Trust()
DIFFERENT = frozenset({State.CHANGED, State.SWAPPED, State.TRUNCATED})
SURPLUS = frozenset({State.EXTRA, State.NOT_RECORDED})


@dataclass(frozen=True, slots=True)
class Weighed:
    """What came of one root: the answer for each path, which records there are, and what was said beside."""

    root: Root
    files: tuple[FileAnswer, ...]
    records: tuple[LedgerUse, ...]
    issues: tuple[Issue, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


def verify(
    paths: Sequence[Path], *, trust: Trust = NO_TRUST, against: ReportView | None = None, jobs: int | None = None, watch: Watch = unwatched
) -> Verification:
    """Hold every root against all that is recorded of it; nothing is run, and nothing is fetched.

    Args:
        paths: The roots. A store of several bundles is taken apart.
        trust: A public key, or certificates, to verify signatures with.
        against: A report that was kept; its roots are the paths, in the same order.
        jobs: How many threads hash; as many as there are processors when it is left out.
        watch: Hears of progress: `bytes`, how many are hashed, how many there are.

    Raises:
        UsageError: There is nothing at one of the paths; the report is of another number of roots; a key cannot be used.
    """
    roots = _open_roots(paths) if against is None else _open_reported(paths, against)
    ledgers = [load_ledgers() if against is None else (make_ledger(against, number),) for number in range(len(roots))]
    surveys = [survey(root) for root in roots]
    with Hasher(jobs or os.cpu_count() or 1, watch) as hasher:
        weighed = [_weigh(each, kinds, trust, hasher) for each, kinds in zip(surveys, ledgers, strict=True)]
    files = tuple(item for each in weighed for item in each.files)
    issues = tuple(item for each in weighed for item in each.issues)
    problems = tuple(item for each in weighed for item in each.problems)
    return Verification(
        schema=SCHEMA,
        tool=Tool(name="inspector", version=__version__, detectors=()),
        name=roots[0].record.name,
        roots=tuple(root.record for root in roots),
        answer=_answer(files, issues, problems),
        records=tuple(item for each in weighed for item in each.records),
        files=files,
        issues=issues,
        problems=problems,
        notes=tuple(dict.fromkeys(note for each in weighed for note in each.notes)),
    )


def _answer(files: Iterable[FileAnswer], issues: Iterable[Issue], problems: Sequence[Problem]) -> Answer:
    states = {item.state for item in files}
    if states & BAD or any(issue.severity is Severity.HIGH for issue in issues):
        return Answer.NOT_INTACT
    if State.NOT_DOWNLOADED in states:
        return Answer.INCOMPLETE
    if problems or State.NOT_READ in states:
        return Answer.NOT_ALL_READ
    if State.INTACT not in states:
        return Answer.NOTHING_RECORDED
    return Answer.PARTLY if State.NOT_RECORDED in states else Answer.INTACT


def _open_roots(paths: Sequence[Path]) -> list[Root]:
    """Open what lies at each path. Ollama's stores and image layouts are read as the directories they are: their records speak of blobs."""
    roots = [root for path in paths for root in _open_each(path)]
    if not roots:
        raise UsageError("no path was given")
    named: list[Root] = []
    for root in roots:
        taken, name, number = {other.record.name for other in named}, root.record.name, 2
        while name in taken:
            name, number = f"{root.record.name}-{number}", number + 1
        named.append(rename(root, name))
    return named


def _open_each(path: Path) -> Iterator[Root]:
    if path.is_dir() and not (path / "oci-layout").is_file() and not ((path / "manifests").is_dir() and (path / "blobs").is_dir()):
        places = [place for place in find_bundles(path).places if load_rules()[place.rule].certain and place.layout == "hub-cache"]
        if places and all(place.where != path for place in places):
            yield from (open_root(place.where) for place in places)
            return
    yield _spell_blobs(open_layout(path)) if path.is_file() else open_root(path)


def _spell_blobs(root: Root) -> Root:
    """Show the blobs of one model of Ollama's under the names that its records give them; what is lacking its manifest tells."""
    if root.record.layout != "ollama" or root.mapped is None:
        return root
    mapped = tuple(replace(item, path=item.real.relative_to(root.top).as_posix()) for item in root.mapped)
    return replace(root, mapped=tuple({item.path: item for item in mapped}.values()), flaws=())


def _open_reported(paths: Sequence[Path], against: ReportView) -> list[Root]:
    if len(paths) != len(against.system.roots):
        names = ", ".join(printable(root.name) for root in against.system.roots)
        raise UsageError(f"the report is of {len(against.system.roots)} roots ({names}), {len(paths)} paths were given")
    opened = [open_place(path, root.role)[0] for path, root in zip(paths, against.system.roots, strict=True)]
    return [rename(root, printable(was.name)) for root, was in zip(opened, against.system.roots, strict=True)]


def rename(root: Root, name: str) -> Root:
    """Give a root another name."""
    return replace(root, record=msgspec.structs.replace(root.record, name=name))


def _weigh(held: Survey, ledgers: Iterable[Ledger], trust: Trust, hasher: Hasher) -> Weighed:
    said = [(kind, item) for kind in ledgers for item in _hear(kind, held, trust)]
    expected = [item for _, item in said if isinstance(item, Expected)]
    scales = Scales(expected, (item for _, item in said if isinstance(item, Complete)))
    own = {item.path: item for _, item in said if isinstance(item, Own)}
    root, absent = held.root.record.name, [path for path in scales.by_path if path not in held.entries and path not in held.links]
    found = _hold_all(held, scales, hasher)
    answers = [_mark(scales.weigh(root, path, here), own.get(path), held) for path, here in found.items()]
    elsewhere = {path for path in absent if scales.is_elsewhere(path)}
    answers += [scales.weigh(root, path, None) for path in absent if path not in elsewhere]
    files = tuple(sorted((answer for answer in answers if answer.checks or answer.size is not None), key=lambda answer: answer.path))
    issues = [item for _, item in said if isinstance(item, Issue)]
    issues += list_issues(files, scales, [scales.by_path[path][0].record for path in sorted(elsewhere)])
    return Weighed(
        held.root,
        files,
        tuple(_list_uses(root, said)),
        tuple(issues),
        (*held.problems, *(item for _, item in said if isinstance(item, Problem)), *_list_unread(files, held.problems)),
        tuple(printable(item.text) for _, item in said if isinstance(item, Note)),
    )


def _hear(kind: Ledger, held: Survey, trust: Trust) -> Iterator[Said]:
    """Read the records of one kind; what its reader did not foresee ends that kind, and is a problem."""
    try:
        yield from kind.read(held, trust)
    except (Malformed, OSError) as error:
        yield Problem(location=_whole(held), reason=f"{kind.title}: {printable(str(error))}")


def _whole(held: Survey) -> Location:
    return Location(root=held.root.record.name, path=".")


def _hold_all(held: Survey, scales: Scales, hasher: Hasher) -> dict[str, Held]:
    """Hash what is recorded, and what differs once more by all algorithms: it can be what another path should hold."""
    wanted = {path: scales.needs(path) for path in held.entries}
    found = hasher.hold(held, wanted)
    root = held.root.record.name
    missing = any(path not in found for path in scales.by_path)
    again: dict[str, tuple[str, ...]] = {}
    for path, here in found.items():
        states = {check.state for check in scales.weigh(root, path, here).checks} or {State.NOT_RECORDED}
        if path in held.entries and scales.algorithms and (states & DIFFERENT or (missing and states <= SURPLUS)):
            again[path] = tuple(sorted({*scales.algorithms, "sha256"}))
    return {**found, **hasher.hold(held, again, fold=True)}


def _mark(answer: FileAnswer, own: Own | None, held: Survey) -> FileAnswer:
    """Say of a record that it is one, where nothing else is said of it."""
    entry: Entry | None = held.entries.get(answer.path)
    if own is None or answer.checks or entry is None:
        return answer
    reason = "it is a record itself, and nothing is recorded of it"
    check = Check(ledger=own.ledger, record=Location(root=answer.root, path=answer.path), state=State.NOT_RECORDED, reason=reason)
    return msgspec.structs.replace(answer, checks=(check,))


def _list_unread(files: Iterable[FileAnswer], known: Iterable[Problem]) -> Iterator[Problem]:
    told = {item.location.path for item in known}
    for answer in files:
        reason = next((check.reason for check in answer.checks if check.state is State.NOT_READ), "it could not be read")
        if answer.state is State.NOT_READ and answer.path not in told:
            yield Problem(location=Location(root=answer.root, path=answer.path), reason=reason)


def _list_uses(root: str, said: list[tuple[Ledger, Said]]) -> Iterator[LedgerUse]:
    """List the records by kind, those apart whose signature was verified."""
    proven = {(item.ledger, item.record.path): item for _, item in said if isinstance(item, Proven)}
    groups: dict[tuple[str, bool], tuple[Ledger, list[Expected | Complete]]] = {}
    for kind, item in said:
        if isinstance(item, Expected | Complete):
            groups.setdefault((kind.id, (kind.id, item.record.path) in proven), (kind, []))[1].append(item)
    for (name, good), (kind, items) in groups.items():
        proof = next(proven[name, item.record.path] for item in items) if good else None
        whole = {item.record.path: item.record for item in items if isinstance(item, Complete)}
        yield LedgerUse(
            ledger=name,
            title=kind.title,
            root=root,
            places=tuple(
                whole.get(path) or Location(root=root, path=path) for path in sorted({item.record.path for item in items})[:MOST_PLACES]
            ),
            files=len({item.path for item in items if isinstance(item, Expected)}),
            complete=bool(whole),
            strength=proof.strength if proof else kind.strength,
            proves=proof.reason if proof else kind.proves,
        )
