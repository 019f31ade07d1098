"""The nouns of judging: verdicts, grades, resolved terms, findings, and the report. Frozen values that know the model only."""

from enum import StrEnum

from inspector.gate import BaselineResult, PolicyResult
from inspector.model import Bucket, Component, Count, DetectorVersion, Frozen, Inventory, Location


class Verdict(StrEnum):
    """What is said of one requirement; see docs/verdicts.md."""

    MET = "met"
    TERMS = "terms"
    REFERENCED = "referenced"
    PARTIAL = "partial"
    ABSENT = "absent"
    NOT_APPLICABLE = "not_applicable"
    REVIEW = "review"


class Grade(StrEnum):
    """What is said of an element or of the system: the three groups of the Open Source Initiative's own validation."""

    CONFORMS = "conforms"
    TERMS_ONLY = "terms-only"
    INCOMPLETE = "incomplete"


class Tool(Frozen, frozen=True):
    """Who says so: name and version of the program, and of each detector that ran."""

    name: str
    version: str
    detectors: tuple[DetectorVersion, ...] = ()


class Resolution(Frozen, frozen=True):
    """The terms of one component in one root: which statements govern it, and the bucket they fall in.

    `because` holds indices into the inventory's evidence. `reason` says in a sentence how the answer was reached. Terms under which only some
    files lie give one resolution each. `restricts` names what known licences in the expression restrict, with the clause that says so.
    """

    component: Component
    root: str
    expression: str | None
    bucket: Bucket
    conflict: bool
    files: int
    because: tuple[int, ...]
    reason: str
    restricts: tuple[str, ...] = ()


class Allowance(StrEnum):
    """What terms say of one freedom, the strictest last; `nothing` where there is nothing that terms could be of."""

    NOTHING = "nothing"
    ALLOWED = "allowed"
    UNSTATED = "unstated"
    UNKNOWN = "unknown"
    RESTRICTED = "restricted"


class ChecklistRow(Frozen, frozen=True):
    """A row of the Initiative's checklist: a component, the evidence of it (indices), the expressions it lies under, and what these allow."""

    group: str
    title: str
    because: tuple[int, ...]
    terms: tuple[str, ...]
    use: Allowance
    study: Allowance
    modify: Allowance
    share: Allowance


class Finding(Frozen, frozen=True):
    """The verdict on one requirement: `because` holds indices into the inventory's evidence, `missing` says what would settle it.

    `attested` says that a person states it; nothing that was read does.
    """

    requirement: str
    element: str
    title: str
    verdict: Verdict
    reason: str
    because: tuple[int, ...] = ()
    missing: str = ""
    optional: bool = False
    attested: bool = False


class ElementResult(Frozen, frozen=True):
    """The grade of one element of a standard."""

    id: str
    title: str
    verdict: Grade


class Rung(Frozen, frozen=True):
    """A rung with everything below it: how much of what is required is held, and the ids of what is missing or under terms that do not fit.

    `percent` is 0 while the rung below is not complete.
    """

    id: str
    title: str
    included: int
    required: int
    percent: float
    complete: bool
    missing: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()


class Ladder(Frozen, frozen=True):
    """How far up a ladder of cumulative rungs something stands: the id and title of the highest complete rung, and all rungs, the lowest first."""

    reached: str | None
    title: str
    rungs: tuple[Rung, ...]


class StandardResult(Frozen, frozen=True):
    """One standard's answer: its grade, elements, findings, and how many findings rest on which certainty.

    A standard whose elements form a ladder says how far up the system stands; its grade is that of the whole ladder.
    """

    id: str
    version: str
    title: str
    grade: Grade
    reason: str
    elements: tuple[ElementResult, ...]
    findings: tuple[Finding, ...]
    disclaimer: str
    rests_on: tuple[Count, ...] = ()
    ladder: Ladder | None = None


class Access(StrEnum):
    """The classes of data in the frequently asked questions on the Open Source AI Definition, what nobody can get first; `unknown` is not guessed."""

    UNSHAREABLE = "unshareable"
    UNKNOWN = "unknown"
    OBTAINABLE = "obtainable"
    PUBLIC = "public"
    OPEN = "open"


class DataSet(Frozen, frozen=True):
    """A data set that is named, all its mentions in one row: the ways it is written, hub ids, addresses, and what is said of it, as it is written.

    `reason` says in a sentence how its class was reached. `usual_license` and `usual_place` are what the table of well-known sets knows of it, not
    what was read. `locations` are all places that name it, `cards` those of its own card, if that is among the roots.
    """

    name: str
    access: Access
    reason: str
    ids: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    usual_license: str = ""
    usual_place: str = ""
    locations: tuple[Location, ...] = ()
    cards: tuple[Location, ...] = ()


class Report(Frozen, frozen=True):
    """The one thing that renderers are given. `policy` and `baseline` are there when the report was held against one."""

    tool: Tool
    inventory: Inventory
    terms: tuple[Resolution, ...]
    standards: tuple[StandardResult, ...]
    checklist: tuple[ChecklistRow, ...] = ()
    data_sets: tuple[DataSet, ...] = ()
    policy: PolicyResult | None = None
    baseline: BaselineResult | None = None
