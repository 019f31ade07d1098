"""The number of parameters against the card's own: weights that are not the model that the card is about.

What it sees: the elements that the weights of a root have, by format, and every number of parameters that the root's card states.
What it says: an issue where the card states numbers and none of them is near to what the weights hold.
What it cannot know: which of several models a card means; what a number counts, with or without embeddings and inactive experts. Packed integers
and adapters are not compared.
Source: what people write on cards; a quarter more or less is still called the same size.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Claim, Component, Evidence, Issue, Location, Severity, Sizes, Weights

PACKED = frozenset({"I8", "U8", "I16", "U16", "I32", "U32", "I64", "U64", "BOOL"})
NEAR = 0.25
MOST_LOCATIONS = 50


@dataclass(slots=True)
class Sums:
    """The elements of one root: of all files of a format together, and of each file."""

    formats: dict[str, int] = field(default_factory=dict)
    files: list[int] = field(default_factory=list)
    places: list[Location] = field(default_factory=list)
    unsure: bool = False

    def add(self, item: Evidence, details: Weights) -> None:
        """Take in one file."""
        self.unsure |= (
            details.parameters is None or bool({count.name for count in details.dtypes} & PACKED) or item.value.endswith("-adapter")
        )
        self.formats[details.format] = self.formats.get(details.format, 0) + (details.parameters or 0)
        self.files.append(details.parameters or 0)
        self.places.append(item.location)


@crosscheck("claimed-count")
def claimed_count(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold the numbers that cards state against the sums of the headers."""
    sums: dict[str, Sums] = {}
    claims: dict[str, list[tuple[int, Evidence]]] = {}
    for item in gathered.evidence:
        if item.component is not Component.PARAMETERS:
            continue
        if item.claim is Claim.PRESENT and isinstance(item.details, Weights):
            sums.setdefault(item.location.root, Sums()).add(item, item.details)
        elif item.claim is Claim.MENTIONED and isinstance(item.details, Sizes):
            claims.setdefault(item.location.root, []).extend((size.number, item) for size in item.details.sizes)
    for root, stated in claims.items():
        if (held := sums.get(root)) is not None and not held.unsure and not _is_near(held, [number for number, _ in stated]):
            yield _issue(held, stated)


def _is_near(held: Sums, stated: Iterable[int]) -> bool:
    """Say whether any sum, or any single file, is near to any number that is stated."""
    counted = [*held.formats.values(), *held.files]
    return any(abs(count - number) <= NEAR * number for count in counted for number in stated)


def _issue(held: Sums, stated: list[tuple[int, Evidence]]) -> Issue:
    numbers = ", ".join(f"{number:,}" for number in sorted({number for number, _ in stated})[:5])
    return Issue(
        rule="parameters.other-than-claimed",
        severity=Severity.LOW,
        message=f"the card states {numbers} parameters, and the weights hold {max(held.formats.values()):,}",
        locations=(*(item.location for _, item in stated), *held.places)[:MOST_LOCATIONS],
        settle="See whether these weights are those that the card is about, and whether all of them are here.",
    )
