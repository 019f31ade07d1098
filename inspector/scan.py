"""The loop: offer each file once to every detector that wants it, identify the statements of terms, run the crosschecks, give the inventory."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from inspector.bundle import Entry, File, Root, printable, walk
from inspector.detector import Crosscheck, Declared, Detector, Format, Found, Gathered, Passage, Said
from inspector.digest import Digester
from inspector.errors import Exhausted, Malformed, NothingToInspect
from inspector.memo import Memo
from inspector.model import DetectorVersion, Evidence, Inventory, Issue, Location, Problem, Severity
from inspector.reading import Reading, recall_reading
from inspector.registry import Registry
from inspector.statements import Statement, begin, resolve_statements
from inspector.uses import Use

Watch = Callable[[str, int, int], None]
ORDER = {severity: place for place, severity in enumerate(Severity)}


def unwatched(phase: str, done: int, total: int) -> None:
    """Watch nothing: what `scan` tells of its progress when nobody asks."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to scan: what was read before, whether to hash, in how many threads.

    `watch` hears of progress: a phase (`files`, `bytes`, `texts`), how much is done and how much there is.
    """

    memo: Memo
    digest: bool = True
    jobs: int = 4
    watch: Watch = unwatched


def scan(name: str, roots: tuple[Root, ...], registry: Registry, options: Options) -> Inventory:
    """Read every file of every root; those that the memo knows are not read again.

    Raises NothingToInspect when no file could be read.
    """
    memo, watch = options.memo, options.watch
    entries, others = _walk(roots)
    if not entries:
        reasons = "; ".join(f"{item.location.path}: {item.reason}" for item in others if isinstance(item, Problem))
        raise NothingToInspect(f"{', '.join(root.record.name for root in roots)}: no file to inspect{': ' if reasons else ''}{reasons}")
    total, hashed = sum(entry.size for entry in entries), [0]

    def advance(count: int) -> None:
        hashed[0] += count
        watch("bytes", hashed[0], total)

    readings: list[Reading] = []
    with Digester(options.jobs, advance) as digester:
        for number, entry in enumerate(entries):
            watch("files", number, len(entries))
            readings.append(_read(entry, registry, memo, digester if options.digest else None))
        for reading in readings:
            _finish_digest(reading)
    _resolve(readings, watch)
    for reading in readings:
        if reading.lasting and (reading.digest is not None or not reading.remembered):
            memo.keep(reading.entry, reading.record(), reading.sha256)
    return _inventory(name, roots, registry, readings, others)


def _walk(roots: tuple[Root, ...]) -> tuple[list[Entry], list[Problem | Issue]]:
    entries: list[Entry] = []
    others: list[Problem | Issue] = []
    for root in roots:
        for item in walk(root):
            if isinstance(item, Entry):
                entries.append(item)
            else:
                others.append(item)
    return entries, others


def _read(entry: Entry, registry: Registry, memo: Memo, digester: Digester | None) -> Reading:
    """Recall a file, or open it, once: offer it, then leave it to be hashed and closed."""
    known = memo.find_digest(entry)
    record = memo.recall(entry, known)
    reading = Reading(entry, entry.size) if record is None else recall_reading(entry, record, known if digester else None)
    if reading.remembered and (digester is None or known is not None):
        return reading
    try:
        file = entry.open()
    except (OSError, Malformed) as error:
        reading.lasting = False
        reading.problems.append(Problem(location=reading.place, reason=_reason(error)))
        return reading
    handed_over = False
    try:
        reading.size = file.size
        if not reading.remembered:
            _offer(file, registry, reading)
        if digester is not None:
            reading.digest = digester.submit(file)
            handed_over = True
    finally:
        if not handed_over:
            file.close()
    return reading


def _offer(file: File, registry: Registry, reading: Reading) -> None:
    place, forms = reading.place, list[str]()
    try:
        wanting = registry.wanting(file)
    except OSError as error:
        reading.lasting = False
        reading.problems.append(Problem(location=place, reason=_reason(error)))
        return
    for detector in wanting:
        try:
            for said in detector.look(file):
                if isinstance(said, Format):
                    forms.append(said.name)
                else:
                    _note(reading, detector, said)
        except (Malformed, OSError) as error:
            reading.lasting = reading.lasting and isinstance(error, Malformed) and not isinstance(error, Exhausted)
            reading.problems.append(Problem(location=place, reason=_reason(error), detector=detector.id))
        except (RecursionError, MemoryError) as error:
            reading.lasting = False
            reason = f"it asks for too much ({type(error).__name__})"
            reading.problems.append(Problem(location=place, reason=reason, detector=detector.id))
        except Exception as error:  # noqa: BLE001  one file of a hostile bundle must never cost the rest of the report
            reading.lasting = False
            reason = f"the detector failed ({type(error).__name__}: {error}); this is a bug of ours, please report it with the file"
            reading.problems.append(Problem(location=place, reason=printable(reason), detector=detector.id))
    reading.problems += [Problem(location=place, reason=flaw) for flaw in dict.fromkeys(file.flaws)]
    reading.format = forms[0] if forms else None


def _note(reading: Reading, detector: Detector, said: Said) -> None:
    place = reading.place
    match said:
        case Found():
            path = place.path if said.member is None else f"{place.path}!/{printable(said.member)}"
            at = said.at or Location(root=place.root, path=path, span=said.span, pointer=said.pointer)
            reading.evidence.append(_evidence(detector.id, said, at))
        case Passage() | Declared():
            reading.statements.append(Statement(place, detector.id, said))
            begin(said)
        case Issue():
            reading.issues.append(said)
        case Use():
            reading.uses.append(said)
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


def _finish_digest(reading: Reading) -> None:
    if reading.digest is not None:
        try:
            reading.sha256 = reading.digest.result()
        except OSError as error:
            reading.lasting = False
            reading.problems.append(Problem(location=reading.place, reason=f"no digest: {_reason(error)}"))


def _resolve(readings: list[Reading], watch: Watch) -> None:
    """Turn the statements of all files into evidence: each distinct text is identified once."""
    owners = {id(statement): reading for reading in readings for statement in reading.statements}
    statements = [statement for reading in readings for statement in reading.statements]
    for statement, found in resolve_statements(statements, lambda done, count: watch("texts", done, count)):
        reading = owners[id(statement)]
        if isinstance(found, Evidence):
            reading.evidence.append(found)
        else:
            reading.issues.append(found)


def _inventory(name: str, roots: tuple[Root, ...], registry: Registry, readings: list[Reading], others: list[Problem | Issue]) -> Inventory:
    """Run the crosschecks over what was read, and put everything in order."""
    files = tuple(sorted((reading.file for reading in readings), key=lambda record: (record.root, record.path)))
    evidence = [item for reading in readings for item in reading.evidence]
    issues = [*(item for reading in readings for item in reading.issues), *(item for item in others if isinstance(item, Issue))]
    problems = [*(item for reading in readings for item in reading.problems), *(item for item in others if isinstance(item, Problem))]
    used = tuple(reading.used for reading in readings if reading.uses)
    gathered = Gathered(files, tuple(sorted(evidence, key=evidence_order)), tuple(problems), used, tuple(root.record for root in roots))
    for check in registry.crosschecks:
        for told in check.compare(gathered):
            if isinstance(told, Issue):
                issues.append(told)
            else:
                evidence.append(_from_crosscheck(check, told))
    told_of = {(problem.location.root, problem.location.path) for problem in problems}
    unclaimed = (
        Location(root=item.root, path=item.path) for item in files if item.format is None and (item.root, item.path) not in told_of
    )
    return Inventory(
        name=name,
        roots=tuple(root.record for root in roots),
        files=files,
        evidence=tuple(sorted(set(evidence), key=evidence_order)),
        issues=tuple(sorted(set(issues), key=issue_order)),
        problems=tuple(sorted(set(problems), key=lambda item: (place_order(item.location), item.reason))),
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
