"""The nouns of a standard: selectors, requirements, which terms fit, elements, and the ladder that elements can form. Frozen values."""

from enum import StrEnum

from inspector.model import Bucket, Certainty, Claim, Component, Evidence, Frozen


class Selector(Frozen, frozen=True):
    """Which evidence counts: a component and a claim, and, where they are given, one of some values and of some certainties."""

    component: Component
    claim: Claim
    values: tuple[str, ...] = ()
    certainties: tuple[Certainty, ...] = ()

    def accepts(self, item: Evidence) -> bool:
        """Say whether a piece of evidence counts."""
        return (
            item.component is self.component
            and item.claim is self.claim
            and (not self.values or item.value in self.values)
            and (not self.certainties or item.certainty in self.certainties)
        )


class Each(StrEnum):
    """What must lie under accepted terms: every file; one file for every value (what one document says, another may say again); or any one file."""

    FILE = "file"
    VALUE = "value"
    ONE = "one"


class Fitness(Frozen, frozen=True):
    """Which terms fit one kind of content: whole buckets, and ids beside them; never an id that is refused.

    Terms that fit and are none of `prefer` are said to be so; terms that do not fit and are among `wider` satisfy a wider test (`wider_test`
    names it), which is said and changes nothing. `settle` is the step that helps when terms alone are in the way.
    """

    id: str
    accept: tuple[Bucket, ...] = ()
    licenses: tuple[str, ...] = ()
    refuse: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    wider: tuple[str, ...] = ()
    wider_test: str = ""
    settle: str = ""


class TermsRule(Frozen, frozen=True):
    """A requirement on terms: whose terms (selectors), which terms fit, and what each of them is asked of.

    `other_code` asks it of source files too whose purpose nobody can say.
    """

    of: tuple[Selector, ...]
    fitness: Fitness
    each: Each = Each.FILE
    other_code: bool = False


class Element(Frozen, frozen=True):
    """A group of requirements that gets a grade of its own; `supply` is the step that helps when nothing of it is here."""

    id: str
    title: str
    supply: str


class Requirement(Frozen, frozen=True):
    """One thing that a standard asks for.

    `met` are groups of selectors: each group needs one match. `spoiled_by` makes what would be met `partial`. `not_applicable` holds
    unless `unless` matches. `settle` is the step that helps when it is partly there, `supply` when it is not here at all. `review`
    makes it a person's question (`question`) where nothing else decides. With `met` and `terms` both must hold. `instead` is another requirement
    that can stand in for this one.
    """

    id: str
    element: str
    title: str
    ask: str
    why: str
    source: str
    settle: str
    supply: str
    optional: bool = False
    met: tuple[tuple[Selector, ...], ...] = ()
    spoiled_by: tuple[Selector, ...] = ()
    partial: tuple[Selector, ...] = ()
    referenced: tuple[Selector, ...] = ()
    not_applicable: tuple[Selector, ...] = ()
    unless: tuple[Selector, ...] = ()
    review: tuple[Selector, ...] = ()
    question: str = ""
    terms: TermsRule | None = None
    instead: str = ""


class Standard(Frozen, frozen=True):
    """A definition that a system is held against.

    With `no_rung` its elements form a ladder, the lowest rung first: each asks for everything below it, and `no_rung` says that none is reached.
    """

    id: str
    version: str
    title: str
    source: str
    disclaimer: str
    elements: tuple[Element, ...]
    requirements: tuple[Requirement, ...]
    no_rung: str = ""
