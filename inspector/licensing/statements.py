"""Turn what detectors saw of terms, texts and declared ids, into evidence: every distinct text is identified once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from inspector.detector import Declared, Passage
from inspector.licensing.expressions import join_expressions
from inspector.licensing.known_texts import find_credit
from inspector.licensing.license_texts import MOST_SECONDS, Answer
from inspector.licensing.licenses import VAGUE, load_licenses
from inspector.licensing.text_worker import load_worker
from inspector.model import Bucket, Certainty, Claim, Evidence, Issue, Location, Problem, Severity, Source, Span, Terms, printable

TITLE_LINES = 6
LONGEST_TITLE = 120
UNKNOWN = "LicenseRef-unknown"
UNEXPLAINED = "LicenseRef-unexplained-text"
POLICY = "LicenseRef-use-policy"
STATED = "LicenseRef-stated-restriction"
CUT = f"its terms were not held against all known texts within {MOST_SECONDS:g} seconds of processor time"


@dataclass(frozen=True, slots=True)
class Statement:
    """A passage or a declared id, with the file and the detector it came from."""

    location: Location
    detector: str
    said: Passage | Declared


def resolve_statements(
    statements: Iterable[Statement], step: Callable[[int, int], None]
) -> "Iterator[tuple[Statement, Evidence | Issue | Problem]]":
    """Give the evidence for each statement, beside it. Texts that are equal are identified once; `step` hears how many of how many are done.

    A problem says that a limit cut the work on a text.
    """
    waiting: dict[tuple[str, bool], list[Statement]] = {}
    for statement in statements:
        if isinstance(statement.said, Declared):
            yield from ((statement, found) for found in declared_evidence(statement, statement.said))
        elif statement.said.source is Source.POLICY:
            yield from ((statement, found) for found in passage_evidence(statement, Answer()))
        else:
            waiting.setdefault((statement.said.text, statement.said.whole), []).append(statement)
    for done, ((text, whole), group) in enumerate(waiting.items()):
        step(done, len(waiting))
        answer = load_worker().answer(text, whole)
        for statement in group:
            yield from ((statement, found) for found in passage_evidence(statement, answer))
            if answer.cut:
                yield statement, Problem(location=statement.location, reason=CUT, detector=statement.detector)


def begin(said: Passage | Declared) -> None:
    """Begin to identify a passage while other files are read."""
    if isinstance(said, Passage) and said.source is not Source.POLICY:
        load_worker().offer(said.text, said.whole)


def declared_evidence(statement: Statement, said: Declared) -> Iterator[Evidence]:
    """Resolve a declared id with the table of licences; an id that names nothing known is kept as unknown terms, with its words.

    A sentence that grants nothing for certain is kept only for what it restricts.
    """
    source, expression = said.source, STATED
    if source is not Source.POLICY:
        expression = load_licenses().canonical(said.text, said.name, said.link) or UNKNOWN
    if said.hedged:
        if load_licenses().bucket(expression) is not Bucket.RESTRICTED:
            return
        source = Source.POLICY
    yield Evidence(
        component=said.component,
        claim=Claim.LICENSED,
        value=expression,
        location=Location(root=statement.location.root, path=statement.location.path, span=said.span, pointer=said.pointer),
        certainty=Certainty.MATCHED if source in (Source.POLICY, Source.PROSE) else Certainty.READ,
        detector=statement.detector,
        details=Terms(
            expression=expression, scope=said.scope, source=source, rule=said.name or said.text, link=said.link, about=said.about
        ),
        excerpt=said.excerpt or said.text[:200],
    )


def passage_evidence(statement: Statement, answer: Answer) -> Iterator[Evidence | Issue]:
    """Turn what was recognised in a passage into one statement of terms; a licence file in which nothing was recognised has unknown terms."""
    said = statement.said
    if not isinstance(said, Passage) or not (answer.matches or answer.unexplained or said.whole):
        return
    offset = said.first_line - 1
    expression = _expression(said, answer)
    lines = [match.start for match in answer.matches] + [match.end for match in answer.matches]
    span = Span(min(lines) + offset, max(lines) + offset) if lines else Span(said.first_line, offset + max(1, said.text.count("\n")))
    location = Location(root=statement.location.root, path=statement.location.path, span=span, pointer=said.pointer)
    loose = tuple(Span(part.start + offset, part.end + offset) for part in answer.unexplained)
    rules = ", ".join(sorted({match.rule for match in answer.matches}))
    full, credit = any(match.full for match in answer.matches), find_credit(said.text)
    terms = Terms(
        expression=expression, scope=said.scope, source=said.source, rule=rules, unexplained=loose, full=full, credit=printable(credit)
    )
    yield Evidence(
        component=said.component,
        claim=Claim.LICENSED,
        value=expression,
        location=location,
        certainty=Certainty.MATCHED,
        detector=statement.detector,
        details=terms,
    )
    if loose and answer.matches and said.source is Source.TEXT:
        yield _unexplained(statement, answer, loose)


def _expression(said: Passage, answer: Answer) -> str:
    if said.source is Source.POLICY:
        return POLICY
    if answer.expression is None:
        return _titled(said) or UNKNOWN
    if not answer.unexplained or said.source is Source.NOTICE:
        return answer.expression
    return join_expressions(answer.expression, UNEXPLAINED)


def _titled(said: Passage) -> str | None:
    """Name a text that no rule knows by its title, where the licence of that name is known to grant too little: a title alone grants nothing."""
    licenses, lines = load_licenses(), [line.strip(" #*=-_>\t") for line in said.text.splitlines() if line.strip(" #*=-_>\t")][:TITLE_LINES]
    for title in (*lines, *(f"{one} {other}" for one, other in pairwise(lines))):
        found = licenses.get(title) if said.whole and len(title) <= LONGEST_TITLE else None
        if found is not None and not found.id.startswith(VAGUE) and licenses.bucket(found.id) in (Bucket.RESTRICTED, Bucket.UNKNOWN):
            return found.id
    return None


def _unexplained(statement: Statement, answer: Answer, loose: tuple[Span, ...]) -> Issue:
    places = tuple(Location(root=statement.location.root, path=statement.location.path, span=span) for span in loose)
    return Issue(
        rule="terms.unexplained-text",
        severity=Severity.MEDIUM,
        message=f"the file holds {answer.expression}, and lines beside it that speak of terms and belong to no known licence",
        locations=places,
        settle="Read the lines: they may add a restriction to the licence they stand beside.",
    )
