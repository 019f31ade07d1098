"""The nouns: what detectors say, what standards ask, what reports show. Frozen values that know nothing else.

No clock and no absolute path is kept here, so that equal bundles give equal bytes.
"""

from enum import StrEnum

from inspector.details import Chain as Chain
from inspector.details import Constructs as Constructs
from inspector.details import Count as Count
from inspector.details import Details as Details
from inspector.details import Fit as Fit
from inspector.details import Frozen as Frozen
from inspector.details import Grid as Grid
from inspector.details import Location as Location
from inspector.details import NamedSet as NamedSet
from inspector.details import Packed as Packed
from inspector.details import Pointer as Pointer
from inspector.details import Quantization as Quantization
from inspector.details import Reference as Reference
from inspector.details import Scope as Scope
from inspector.details import Sizes as Sizes
from inspector.details import Source as Source
from inspector.details import Span as Span
from inspector.details import Step as Step
from inspector.details import Stored as Stored
from inspector.details import TemplateText as TemplateText
from inspector.details import Terms as Terms
from inspector.details import Unit as Unit
from inspector.details import Vocabulary as Vocabulary
from inspector.details import Weights as Weights


class Role(StrEnum):
    """What the user says a root is for (`--with ROLE=PATH`)."""

    WEIGHTS = "weights"
    CODE = "code"
    DATA = "data"
    DOCS = "docs"


class Component(StrEnum):
    """The parts of a system, in the words of the Model Openness Framework 1.1; `unspecified` is for statements that name no part."""

    PARAMETERS = "parameters-final"
    CHECKPOINTS = "parameters-intermediate"
    ARCHITECTURE = "architecture"
    TRAINING = "training-code"
    PREPROCESSING = "preprocessing-code"
    INFERENCE = "inference-code"
    EVALUATION = "evaluation-code"
    SUPPORTING = "supporting-code"
    DATASETS = "datasets"
    DATA_CARD = "data-card"
    MODEL_CARD = "model-card"
    TECHNICAL_REPORT = "technical-report"
    RESEARCH_PAPER = "research-paper"
    EVALUATION_DATA = "evaluation-data"
    EVALUATION_RESULTS = "evaluation-results"
    MODEL_METADATA = "model-metadata"
    SAMPLE_OUTPUTS = "sample-outputs"
    TOKENIZER = "tokenizer"
    UNSPECIFIED = "unspecified"


CODE = (
    Component.ARCHITECTURE,
    Component.TRAINING,
    Component.PREPROCESSING,
    Component.INFERENCE,
    Component.EVALUATION,
    Component.SUPPORTING,
)


class Claim(StrEnum):
    """What is said of a component.

    `described` is specific enough to act on, `mentioned` is not ("publicly available data"), `withheld` is a refusal ("we do not disclose"). What is
    `named` is a row of the report's table of data sets; no requirement of a standard that ships asks for it, so that a name satisfies nothing.
    """

    PRESENT = "present"
    LICENSED = "licensed"
    REFERENCED = "referenced"
    DESCRIBED = "described"
    MENTIONED = "mentioned"
    WITHHELD = "withheld"
    MISSING = "missing"
    DERIVED = "derived"
    NAMED = "named"


class Certainty(StrEnum):
    """How it is known: parsed from structure, a pattern in text, or only the name of a file says so."""

    READ = "read"
    MATCHED = "matched"
    NAMED = "named"


class Evidence(Frozen, frozen=True):
    """One thing that was read: what is claimed of which component, where, how it is known, and by which detector.

    `value` is the claim's object: a format, a licence expression, an aspect of the data, a kind of code. `excerpt` is at most 200 characters.
    """

    component: Component
    claim: Claim
    value: str
    location: Location
    certainty: Certainty
    detector: str
    details: Details | None = None
    excerpt: str | None = None


class Severity(StrEnum):
    """How much an issue matters to somebody who has to decide."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NOTE = "note"


class Issue(Frozen, frozen=True):
    """A finding about terms, integrity or safety, with every place it rests on and how to settle it."""

    rule: str
    severity: Severity
    message: str
    locations: tuple[Location, ...]
    settle: str = ""


class Problem(Frozen, frozen=True):
    """Something that could not be read. It is a result: what was not read is never called clean."""

    location: Location
    reason: str
    detector: str = ""


class FileRecord(Frozen, frozen=True):
    """A regular file: its size in bytes, its SHA-256 unless digests were switched off, its format where a detector recognised it."""

    root: str
    path: str
    size: int
    sha256: str | None = None
    format: str | None = None


class RootRecord(Frozen, frozen=True):
    """A directory (or single file) of the system, by the name its locations use.

    `origin` is where it came from, as far as its own records tell: `github.com/owner/name` of a clone, `owner/name` of a hub's cache.
    """

    name: str
    role: Role | None = None
    layout: str = "directory"
    revision: str | None = None
    origin: str | None = None


class DetectorVersion(Frozen, frozen=True):
    """A detector by id; its version changes when its answers do."""

    id: str
    version: int


class Inventory(Frozen, frozen=True):
    """Everything that was read in all roots of one system, sorted, before anybody judges it."""

    name: str
    roots: tuple[RootRecord, ...]
    files: tuple[FileRecord, ...]
    evidence: tuple[Evidence, ...]
    issues: tuple[Issue, ...]
    problems: tuple[Problem, ...]
    unclaimed: tuple[Location, ...]
    detectors: tuple[DetectorVersion, ...]
    notes: tuple[str, ...] = ()


class Bucket(StrEnum):
    """What terms allow: an OSI-approved licence; free terms for data, documents and models; a known restriction; not known; not stated."""

    OSI_APPROVED = "osi-approved"
    FREE = "free"
    RESTRICTED = "restricted"
    UNKNOWN = "unknown"
    UNSTATED = "unstated"


def printable(text: str) -> str:
    """Write control, bidirectional and undecodable characters as escapes, so that a name cannot act on a terminal or a page."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode("ascii") for char in text)
