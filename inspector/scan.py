"""The loop: offer each file once to every detector that wants it, identify the statements of terms, run the crosschecks, give the inventory."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field

from inspector.bundle import Entry, File, Root, printable, walk
from inspector.detector import Crosscheck, Declared, Detector, Format, Found, Gathered, Passage, Said
from inspector.digest import Digester
from inspector.errors import Malformed, NothingToInspect
from inspector.model import DetectorVersion, Evidence, FileRecord, Inventory, Issue, Location, Problem, RootRecord, Severity
from inspector.registry import Registry
from inspector.statements import Statement, begin, resolve_statements

Watch = Callable[[str, int, int], None]
ORDER = {severity: place for place, severity in enumerate(Severity)}


def unwatched(phase: str, done: int, total: int) -> None:
    """Watch nothing: what `scan` tells of its progress when nobody asks."""


@dataclass(slots=True)
class Draft:
    """What a scan has gathered so far; it never leaves this module."""

    files: list[FileRecord] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    digests: dict[int, Future[str]] = field(default_factory=dict)


def scan(
    name: str, roots: tuple[Root, ...], registry: Registry, *, digest: bool = True, jobs: int = 4, watch: Watch = unwatched
) -> Inventory:
    """Read every file of every root.

    `watch` hears of progress: a phase (`files`, `bytes`, `texts`), how much is done and how much there is.

    Raises NothingToInspect when no file could be read.
    """
    draft = Draft()
    entries: list[Entry] = []
    for root in roots:
        for item in walk(root):
            if isinstance(item, Entry):
                entries.append(item)
            else:
                _keep(draft, item)
    if not entries:
        reasons = "; ".join(f"{problem.location.path}: {problem.reason}" for problem in draft.problems)
        raise NothingToInspect(f"{', '.join(root.record.name for root in roots)}: no file to inspect{': ' if reasons else ''}{reasons}")
    total, hashed = sum(entry.size for entry in entries), [0]

    def advance(count: int) -> None:
        hashed[0] += count
        watch("bytes", hashed[0], total)

    with Digester(jobs, advance) as digester:
        for number, entry in enumerate(entries):
            watch("files", number, len(entries))
            _examine(entry, registry, draft, digester if digest else None)
        _finish_digests(draft)
    for found in resolve_statements(draft.statements, lambda done, count: watch("texts", done, count)):
        _keep(draft, found)
    gathered = Gathered(tuple(draft.files), tuple(sorted(draft.evidence, key=evidence_order)), tuple(draft.problems))
    for check in registry.crosschecks:
        for told in check.compare(gathered):
            _keep(draft, told if isinstance(told, Issue) else _from_crosscheck(check, told))
    return _inventory(name, tuple(root.record for root in roots), draft, registry)


def _examine(entry: Entry, registry: Registry, draft: Draft, digester: Digester | None) -> None:
    """Open one file, once: offer it, then leave it to be hashed and closed."""
    place = Location(root=entry.root.name, path=entry.path)
    try:
        file = entry.open()
    except (OSError, Malformed) as error:
        draft.problems.append(Problem(location=place, reason=_reason(error)))
        draft.files.append(FileRecord(root=entry.root.name, path=entry.path, size=entry.size))
        return
    handed_over = False
    try:
        form = _offer(file, place, registry, draft)
        draft.files.append(FileRecord(root=entry.root.name, path=entry.path, size=file.size, format=form))
        if digester is not None:
            draft.digests[len(draft.files) - 1] = digester.submit(file)
            handed_over = True
    finally:
        if not handed_over:
            file.close()


def _offer(file: File, place: Location, registry: Registry, draft: Draft) -> str | None:
    forms: list[str] = []
    try:
        wanting = registry.wanting(file)
    except OSError as error:
        draft.problems.append(Problem(location=place, reason=_reason(error)))
        return None
    for detector in wanting:
        try:
            for said in detector.look(file):
                if isinstance(said, Format):
                    forms.append(said.name)
                else:
                    _note(draft, detector, place, said)
        except (Malformed, OSError) as error:
            draft.problems.append(Problem(location=place, reason=_reason(error), detector=detector.id))
        except (RecursionError, MemoryError) as error:
            draft.problems.append(Problem(location=place, reason=f"it asks for too much ({type(error).__name__})", detector=detector.id))
        except Exception as error:  # noqa: BLE001  one file of a hostile bundle must never cost the rest of the report
            reason = f"the detector failed ({type(error).__name__}: {error}); this is a bug of ours, please report it with the file"
            draft.problems.append(Problem(location=place, reason=printable(reason), detector=detector.id))
    draft.problems += [Problem(location=place, reason=flaw) for flaw in dict.fromkeys(file.flaws)]
    return forms[0] if forms else None


def _note(draft: Draft, detector: Detector, place: Location, said: Said) -> None:
    match said:
        case Found():
            path = place.path if said.member is None else f"{place.path}!/{printable(said.member)}"
            _keep(
                draft, _evidence(detector.id, said, said.at or Location(root=place.root, path=path, span=said.span, pointer=said.pointer))
            )
        case Passage() | Declared():
            draft.statements.append(Statement(place, detector.id, said))
            begin(said)
        case Issue():
            draft.issues.append(said)
        case Format():
            pass


def _evidence(name: str, found: Found, location: Location) -> Evidence:
    return Evidence(
        component=found.component,
        claim=found.claim,
        value=found.value,
        location=location,
        certainty=found.certainty,
        detector=name,
        details=found.details,
        excerpt=None if found.excerpt is None else printable(found.excerpt)[:200],
    )


def _from_crosscheck(check: Crosscheck, found: Found) -> Evidence:
    if found.at is None:
        raise ValueError(f"the crosscheck {check.id} gave evidence without a place")
    return _evidence(check.id, found, found.at)


def _keep(draft: Draft, item: Evidence | Issue | Problem) -> None:
    match item:
        case Evidence():
            draft.evidence.append(item)
        case Issue():
            draft.issues.append(item)
        case Problem():
            draft.problems.append(item)


def _finish_digests(draft: Draft) -> None:
    for index, future in draft.digests.items():
        record = draft.files[index]
        try:
            draft.files[index] = FileRecord(
                root=record.root, path=record.path, size=record.size, sha256=future.result(), format=record.format
            )
        except OSError as error:
            place = Location(root=record.root, path=record.path)
            draft.problems.append(Problem(location=place, reason=f"no digest: {_reason(error)}"))


def _inventory(name: str, roots: tuple[RootRecord, ...], draft: Draft, registry: Registry) -> Inventory:
    told = {(problem.location.root, problem.location.path) for problem in draft.problems}
    unclaimed = (
        Location(root=record.root, path=record.path)
        for record in draft.files
        if record.format is None and (record.root, record.path) not in told
    )
    return Inventory(
        name=name,
        roots=roots,
        files=tuple(sorted(draft.files, key=lambda record: (record.root, record.path))),
        evidence=tuple(sorted(set(draft.evidence), key=evidence_order)),
        issues=tuple(sorted(set(draft.issues), key=issue_order)),
        problems=tuple(sorted(set(draft.problems), key=lambda item: (place_order(item.location), item.reason))),
        unclaimed=tuple(sorted(unclaimed, key=place_order)),
        detectors=tuple(DetectorVersion(id=item.id, version=item.version) for item in _all_detectors(registry)),
    )


def _all_detectors(registry: Registry) -> Iterator[Detector | Crosscheck]:
    both: Iterable[Detector | Crosscheck] = (*registry.detectors, *registry.crosschecks)
    yield from sorted(both, key=lambda item: item.id)


def place_order(place: Location) -> tuple[str, str, str, int, int, str]:
    """Order locations by root, path, span and pointer."""
    span = place.span
    return (place.root, place.path, span.unit if span else "", span.start if span else -1, span.end if span else -1, place.pointer or "")


def evidence_order(item: Evidence) -> tuple[str, ...] | tuple[object, ...]:
    """Order evidence by component, claim, place, value and what else tells it apart."""
    return (
        item.component,
        item.claim,
        place_order(item.location),
        item.value,
        item.detector,
        item.certainty,
        repr(item.details),
        item.excerpt or "",
    )


def issue_order(item: Issue) -> tuple[object, ...]:
    """Order issues by severity, rule and place."""
    return (ORDER[item.severity], item.rule, tuple(place_order(place) for place in item.locations), item.message)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"it cannot be read: {error.strerror or type(error).__name__}"
    return printable(str(error))
