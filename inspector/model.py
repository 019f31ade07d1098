"""The nouns: what detectors say, what standards ask, what reports show. Frozen values that know nothing else.

No clock and no absolute path is kept here, so that equal bundles give equal bytes.
"""

from enum import StrEnum

import msgspec


class Frozen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False, forbid_unknown_fields=True):
    """What every noun is: immutable, named fields only, unknown fields refused."""


class Role(StrEnum):
    """What the user says a root is for (`--with ROLE=PATH`)."""

    WEIGHTS = "weights"
    CODE = "code"
    DATA = "data"
    DOCS = "docs"


class Unit(StrEnum):
    """What a span counts."""

    BYTES = "bytes"
    LINES = "lines"


class Span(msgspec.Struct, frozen=True, order=True):
    """A part of a file: bytes from `start` up to, not including, `end`; or lines `start` to `end`, both counted from 1."""

    start: int
    end: int
    unit: Unit = Unit.LINES


class Location(Frozen, frozen=True):
    """Where something was read: a root, a POSIX path in it, and the part of the file.

    `path` is `.` for the root itself and `weights.pt!/data.pkl` for a member of an archive. `pointer` names a place in a structure: `/license`,
    `general.license`, a tensor's name.
    """

    root: str
    path: str
    span: Span | None = None
    pointer: str | None = None


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

    `described` is specific enough to act on, `mentioned` is not ("publicly available data"), `withheld` is a refusal ("we do not disclose").
    """

    PRESENT = "present"
    LICENSED = "licensed"
    REFERENCED = "referenced"
    DESCRIBED = "described"
    MENTIONED = "mentioned"
    WITHHELD = "withheld"
    MISSING = "missing"
    DERIVED = "derived"


class Certainty(StrEnum):
    """How it is known: parsed from structure, a pattern in text, or only the name of a file says so."""

    READ = "read"
    MATCHED = "matched"
    NAMED = "named"


class Count(msgspec.Struct, frozen=True, order=True):
    """How many of something: elements of a dtype, tensors of a shape."""

    name: str
    number: int


class Weights(Frozen, frozen=True, tag="weights"):
    """What a weights header says: tensors and parameters (elements) by dtype, the commonest shapes, the keys of its metadata."""

    format: str
    tensors: int
    parameters: int | None = None
    dtypes: tuple[Count, ...] = ()
    shapes: tuple[Count, ...] = ()
    metadata: tuple[str, ...] = ()


class Scope(StrEnum):
    """What a statement of terms reaches: its own file, its directory and below, its whole root, or what it names wherever that is."""

    FILE = "file"
    TREE = "tree"
    ROOT = "root"
    SYSTEM = "system"


class Source(StrEnum):
    """What kind of text a statement of terms is."""

    TEXT = "text"  # a licence text in a file of its own
    HEADER = "header"  # a notice or SPDX tag at the top of a file
    DECLARED = "declared"  # an id in front matter or other metadata
    PROSE = "prose"  # a sentence that names what it covers
    POLICY = "policy"  # a use policy beside a licence: it restricts, it never grants
    NOTICE = "notice"  # a notice file: it names what others own, it never grants
    INHERITED = "inherited"  # the terms of what it was made from: they restrict, they never grant


class Terms(Frozen, frozen=True, tag="terms"):
    """A statement of terms: an SPDX expression (with `LicenseRef-` ids), what it reaches, and how it was recognised.

    `link` is the `license_link` of a declared id. `unexplained` are the lines of a licence file that no known text explains. `about` is the
    model that a sentence names, where that is another than the one its document is about. `full` says that a licence's whole text stands
    there, and `credit` is the first copyright line beside it.
    """

    expression: str
    scope: Scope
    source: Source
    rule: str = ""
    link: str | None = None
    unexplained: tuple[Span, ...] = ()
    about: str = ""
    full: bool = False
    credit: str = ""


class Constructs(Frozen, frozen=True, tag="constructs"):
    """What was seen in source, settings or prose: each with the line it was seen at, as `number`; and the sizes of a model in settings."""

    seen: tuple[Count, ...]
    sizes: tuple[Count, ...] = ()


class Reference(Frozen, frozen=True, tag="reference"):
    """Something that is named but is not in this file: `kind` is `model`, `dataset`, `repository`, `package`, `file`, `paper`, `url` or `name`."""

    kind: str
    target: str


class Pointer(Frozen, frozen=True, tag="pointer"):
    """A stand-in for content that was not downloaded: its SHA-256 and its size in bytes."""

    sha256: str
    size: int


class Sizes(Frozen, frozen=True, tag="sizes"):
    """The sizes that settings give a model: `hidden_size`, `layers`, `heads`, `vocabulary`, as far as they are there."""

    sizes: tuple[Count, ...]


Details = Weights | Terms | Constructs | Reference | Pointer | Sizes


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
    """A directory (or single file) of the system, by the name its locations use."""

    name: str
    role: Role | None = None
    layout: str = "directory"
    revision: str | None = None


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
    return "".join(char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode("ascii") for char in text)
