"""Offer a file to the detectors that want it, and gather what they say."""

from inspector.bundle import Entry, File, printable
from inspector.detector import Declared, Detector, Format, Found, Passage, Said
from inspector.errors import Exhausted, Malformed
from inspector.isolation import take_cuts
from inspector.licensing.statements import Statement
from inspector.model import Evidence, Issue, Location, Problem, Severity
from inspector.reading import Reading
from inspector.registry import Registry
from inspector.uses import Use


def read_entry(entry: Entry, registry: Registry) -> tuple[Reading, File | None]:
    """Open a file and offer it; the file stays open for whoever hashes it, and is None where it could not be opened."""
    reading = Reading(entry, entry.size)
    file = open_entry(entry, reading)
    if file is not None:
        reading.size = file.size
        try:
            offer(file, registry, reading)
        except BaseException:
            file.close()
            raise
    return reading, file


def open_entry(entry: Entry, reading: Reading) -> File | None:
    """Open a file; where that fails, note the problem and give None."""
    try:
        return entry.open()
    except (OSError, Malformed) as error:
        reading.lasting = False
        reading.problems.append(Problem(location=reading.place, reason=name_reason(error)))
        return None


def hash_entry(entry: Entry) -> str | None:
    """Give the SHA-256 of a file before it is read; None where that fails, which is told when it is read."""
    try:
        with entry.open() as file:
            return file.sha256()
    except (OSError, Malformed):
        return None


def offer(file: File, registry: Registry, reading: Reading) -> None:
    """Offer an open file to every detector that wants it; what one of them raises is a problem of this file only."""
    place, forms = reading.place, list[str]()
    try:
        wanting = registry.wanting(file)
    except OSError as error:
        reading.lasting = False
        reading.problems.append(Problem(location=place, reason=name_reason(error)))
        return
    take_cuts()
    for detector in wanting:
        try:
            for said in detector.look(file):
                if isinstance(said, Format):
                    forms.append(said.name)
                else:
                    _note(reading, detector, said)
        except (Malformed, OSError) as error:
            reading.lasting = reading.lasting and isinstance(error, Malformed) and not isinstance(error, Exhausted)
            reading.problems.append(Problem(location=place, reason=name_reason(error), detector=detector.id))
        except (RecursionError, MemoryError) as error:
            reading.lasting = False
            reason = f"it asks for too much ({type(error).__name__})"
            reading.problems.append(Problem(location=place, reason=reason, detector=detector.id))
        except Exception as error:  # noqa: BLE001  one file of a hostile bundle must never cost the rest of the report
            reading.lasting = False
            reason = f"the detector failed ({type(error).__name__}: {error}); this is a bug of ours, please report it with the file"
            reading.problems.append(Problem(location=place, reason=printable(reason), detector=detector.id))
        _note_cuts(reading, detector)
    reading.problems += [Problem(location=place, reason=flaw) for flaw in dict.fromkeys(file.flaws)]
    reading.issues += [
        Issue(rule="files.other-encoding", severity=Severity.NOTE, message=remark, locations=(place,), settle="Save the text as UTF-8.")
        for remark in dict.fromkeys(file.remarks)
    ]
    reading.format = forms[0] if forms else None


def _note_cuts(reading: Reading, detector: Detector) -> None:
    """Tell what a limit cut, also where the detector went on without it: another time more may be read, so this reading is not remembered."""
    for reason in map(printable, take_cuts()):
        reading.lasting = False
        problem = Problem(location=reading.place, reason=reason, detector=detector.id)
        if problem not in reading.problems:
            reading.problems.append(problem)


def _note(reading: Reading, detector: Detector, said: Said) -> None:
    place = reading.place
    match said:
        case Found():
            path = place.path if said.member is None else f"{place.path}!/{printable(said.member)}"
            at = said.at or Location(root=place.root, path=path, span=said.span, pointer=said.pointer)
            reading.evidence.append(make_evidence(detector.id, said, at))
        case Passage() | Declared():
            reading.statements.append(Statement(place, detector.id, said))
        case Issue():
            reading.issues.append(said)
        case Use():
            reading.uses.append(said)
        case Format():
            pass


def make_evidence(name: str, found: Found, location: Location) -> Evidence:
    """Make evidence of what a detector found at a place."""
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


def name_reason(error: Exception) -> str:
    """Say in a line why something could not be read."""
    if isinstance(error, OSError):
        return f"it cannot be read: {error.strerror or type(error).__name__}"
    return printable(str(error))
