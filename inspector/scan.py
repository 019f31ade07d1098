"""The loop: offer each file once to every detector that wants it, identify the statements of terms, run the crosschecks, give the inventory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from inspector.bundle import Entry, Root, walk
from inspector.detector import Crosscheck, Detector, Found, Gathered
from inspector.digest import Digester
from inspector.errors import NothingToInspect
from inspector.licensing.statements import begin, resolve_statements
from inspector.memo import Memo
from inspector.model import DetectorVersion, Evidence, Inventory, Issue, Location, Problem, Severity, Stored
from inspector.offering import hash_entry, make_evidence, name_reason, open_entry, read_entry
from inspector.readers import is_worth, read_apart
from inspector.reading import Reading, recall_reading
from inspector.registry import Registry
from inspector.weights.checkpoints import find_checkpoints

Watch = Callable[[str, int, int], None]
ORDER = {severity: place for place, severity in enumerate(Severity)}


def unwatched(phase: str, done: int, total: int) -> None:
    """Watch nothing: what `scan` tells of its progress when nobody asks."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to scan: what was read before, whether to hash, in how many threads, whether to identify statements of terms.

    `watch` hears of progress: a phase (`files`, `bytes`, `texts`), how much is done and how much there is.
    """

    memo: Memo
    digest: bool = True
    jobs: int = 4
    watch: Watch = unwatched
    terms: bool = True


def scan(name: str, roots: tuple[Root, ...], registry: Registry, options: Options) -> Inventory:
    """Read every file of every root; those that the memo knows are not read again.

    Raises NothingToInspect when no file could be read.
    """
    entries, others = _walk(roots)
    if not entries:
        reasons = "; ".join(f"{item.location.path}: {item.reason}" for item in others if isinstance(item, Problem))
        raise NothingToInspect(f"{', '.join(root.record.name for root in roots)}: no file to inspect{': ' if reasons else ''}{reasons}")
    readings = _read_all(entries, registry, options)
    if options.terms:
        _resolve(readings, options.watch)
    for reading in readings:
        if reading.lasting and (reading.hashed or not reading.remembered) and (options.terms or not reading.statements):
            options.memo.keep(reading.entry, reading.record(), reading.sha256)
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


def _read_all(entries: Sequence[Entry], registry: Registry, options: Options) -> list[Reading]:
    """Recall what is known and read the rest: in processes of their own where there is much of it."""
    recalled = {place: reading for place, entry in enumerate(entries) if (reading := _recall(entry, options)) is not None}
    fresh = [entry for place, entry in enumerate(entries) if place not in recalled]
    steps = _Steps(len(entries), sum(entry.size for entry in entries), options)
    apart = is_worth(fresh, registry, options.jobs)
    read = iter(read_apart(fresh, options.jobs, digest=options.digest, done=steps.finish) if apart else ())
    readings: list[Reading] = []
    with Digester(options.jobs, steps.hash) as digester:
        for place, entry in enumerate(entries):
            known = recalled.get(place)
            if known is None and apart:
                reading = next(read)
            elif known is None or (options.digest and known.sha256 is None):
                reading = _read(entry, registry, known, digester if options.digest else None)
                steps.begin(reading)
            else:
                reading = known
            readings.append(reading)
        for reading in readings:
            _finish_digest(reading)
    return readings


class _Steps:
    """What is told of progress, and what begins when a file has been read."""

    def __init__(self, files: int, size: int, options: Options) -> None:
        self._totals, self._watch, self._terms = (files, size), options.watch, options.terms
        self._files = self._bytes = 0

    def begin(self, reading: Reading) -> None:
        """Count a file, and begin to identify its texts while others are read."""
        self._files += 1
        self._watch("files", self._files, self._totals[0])
        for statement in reading.statements if self._terms else ():
            begin(statement.said)

    def hash(self, count: int) -> None:
        """Count bytes that were hashed."""
        self._bytes += count
        self._watch("bytes", self._bytes, self._totals[1])

    def finish(self, reading: Reading) -> None:
        """Count a file that was read and hashed elsewhere."""
        self.hash(reading.size)
        self.begin(reading)


def _recall(entry: Entry, options: Options) -> Reading | None:
    """Recall what was read in a file that did not change, or in another of the same content at the same path."""
    known = options.memo.find_digest(entry)
    hashed = known is None and options.digest and options.memo.may_know(entry)
    if hashed:
        known = hash_entry(entry)
    record = options.memo.recall(entry, known)
    if record is None:
        return None
    reading = recall_reading(entry, record, known if options.digest else None)
    reading.hashed = hashed
    return reading


def _read(entry: Entry, registry: Registry, known: Reading | None, digester: Digester | None) -> Reading:
    """Open a file once: offer it unless what it says is known, then leave it to be hashed and closed."""
    if known is None:
        reading, file = read_entry(entry, registry)
    else:
        reading, file = known, open_entry(entry, known)
    if file is not None and digester is not None:
        reading.digest, reading.hashed = digester.submit(file), True
    elif file is not None:
        file.close()
    return reading


def _from_crosscheck(check: Crosscheck, found: Found) -> Evidence:
    if found.at is None:
        raise ValueError(f"the crosscheck {check.id} gave evidence without a place")
    return make_evidence(check.id, found, found.at)


def _finish_digest(reading: Reading) -> None:
    if reading.digest is not None:
        try:
            reading.sha256 = reading.digest.result()
        except OSError as error:
            reading.lasting = False
            reading.problems.append(Problem(location=reading.place, reason=f"no digest: {name_reason(error)}"))


def _resolve(readings: list[Reading], watch: Watch) -> None:
    """Turn the statements of all files into evidence: each distinct text is identified once."""
    owners = {id(statement): reading for reading in readings for statement in reading.statements}
    statements = [statement for reading in readings for statement in reading.statements]
    for statement, found in resolve_statements(statements, lambda done, count: watch("texts", done, count)):
        reading = owners[id(statement)]
        if isinstance(found, Problem):
            reading.lasting = False
            reading.problems.append(found)
        elif isinstance(found, Evidence):
            reading.evidence.append(found)
        else:
            reading.issues.append(found)


def _inventory(name: str, roots: tuple[Root, ...], registry: Registry, readings: list[Reading], others: list[Problem | Issue]) -> Inventory:
    """Run the crosschecks over what was read, and put everything in order."""
    files = tuple(sorted((reading.file for reading in readings), key=lambda record: (record.root, record.path)))
    evidence = [item for reading in readings for item in reading.evidence]
    checkpoints = find_checkpoints(evidence)
    evidence = [checkpoints.settle(item) for item in evidence]
    issues = [*(item for reading in readings for item in reading.issues), *(item for item in others if isinstance(item, Issue))]
    problems = [*(item for reading in readings for item in reading.problems), *(item for item in others if isinstance(item, Problem))]
    used = tuple(reading.used for reading in readings if reading.uses)
    gathered = Gathered(files, tuple(sorted(evidence, key=evidence_order)), tuple(problems), used, tuple(root.record for root in roots))
    for check in registry.crosschecks:
        for told in check.compare(gathered):
            if isinstance(told, Issue):
                issues.append(told)
            else:
                evidence.append(checkpoints.settle(_from_crosscheck(check, told)))
    told_of = {(problem.location.root, problem.location.path) for problem in problems}
    told_of |= {(item.location.root, path) for item in evidence if isinstance(item.details, Stored) for path in item.details.files}
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
