"""The checklist that the Open Source Initiative's reviewers filled by hand: each component, its artefact, its legal document, what that allows.

Pure, and beside the verdicts: nothing rests on it. Source: standards/checklist.toml.
"""

from collections.abc import Iterable
from functools import cache

from inspector.judgement import Allowance, ChecklistRow, Resolution
from inspector.licensing.terms import ResolvedTerms
from inspector.model import Bucket, Component, Evidence, Frozen, Inventory
from inspector.requirement import Selector
from inspector.scoring.catalogue import parse_selector
from inspector.scoring.evidence_index import EvidenceIndex
from inspector.tables import load_table

TABLE = "checklist.toml"
MOST_TERMS = 6
GRANTED = (Bucket.OSI_APPROVED, Bucket.FREE)
RANK = tuple(Allowance)
DOCUMENTS = (Component.DATA_CARD, Component.RESEARCH_PAPER, Component.TECHNICAL_REPORT)


class Row(Frozen, frozen=True):
    """A row as it is written: a group, a title, and the selectors of its evidence."""

    group: str
    title: str
    of: tuple[str, ...]


class Freedoms(Frozen, frozen=True):
    """For each freedom the kinds of restriction that take it away."""

    use: tuple[str, ...]
    study: tuple[str, ...]
    modify: tuple[str, ...]
    share: tuple[str, ...]


class Checklist(Frozen, frozen=True):
    """The table."""

    source: str
    freedoms: Freedoms
    row: tuple[Row, ...]


@cache
def load_checklist() -> tuple[Checklist, tuple[tuple[Selector, ...], ...]]:
    """Read the table, and the selectors of its rows.

    Raises DataError for a selector that is none.
    """
    table = load_table(TABLE, Checklist)
    return table, tuple(tuple(parse_selector(text, f"{TABLE}: {row.title}") for text in row.of) for row in table.row)


def fill_checklist(inventory: Inventory, terms: ResolvedTerms) -> tuple[ChecklistRow, ...]:
    """Fill the rows with what was read."""
    table, selectors = load_checklist()
    evidence = EvidenceIndex(inventory.evidence)
    return tuple(_fill(row, wanted, table.freedoms, evidence, terms) for row, wanted in zip(table.row, selectors, strict=True))


def _fill(row: Row, wanted: tuple[Selector, ...], freedoms: Freedoms, evidence: EvidenceIndex, terms: ResolvedTerms) -> ChecklistRow:
    because = evidence.select(wanted)
    governing = [_terms_of(evidence[index], terms) for index in because]
    resolutions = list(dict.fromkeys(item for item in governing if item is not None))
    expressions = sorted({item.expression or "" for item in resolutions} - {""})
    return ChecklistRow(
        group=row.group,
        title=row.title,
        because=because,
        terms=tuple(expressions[:MOST_TERMS]),
        use=_allow(resolutions, freedoms.use),
        study=_allow(resolutions, freedoms.study),
        modify=_allow(resolutions, freedoms.modify),
        share=_allow(resolutions, freedoms.share),
    )


def _terms_of(item: Evidence, terms: ResolvedTerms) -> Resolution | None:
    """Give the terms of a piece of evidence; of a document those of what it tells of the data, where nobody asked for its own."""
    place = (Component.DATASETS, item.location.root, item.location.path.split("!/")[0])
    return terms.of(item) or (terms.of_file.get(place) if item.component in DOCUMENTS else None)


def _allow(resolutions: Iterable[Resolution], kinds: tuple[str, ...]) -> Allowance:
    """Give what the strictest of some terms allows."""
    return max((_allow_one(item, kinds) for item in resolutions), key=RANK.index, default=Allowance.NOTHING)


def _allow_one(item: Resolution, kinds: tuple[str, ...]) -> Allowance:
    if item.conflict:
        return Allowance.UNKNOWN
    if item.bucket in GRANTED:
        return Allowance.ALLOWED
    if item.bucket is Bucket.UNSTATED:
        return Allowance.UNSTATED
    if item.bucket is Bucket.UNKNOWN:
        return Allowance.UNKNOWN
    held = {text.partition(" (")[0] for text in item.restricts}
    if held.intersection(kinds):
        return Allowance.RESTRICTED
    # A restriction whose kind is not known may be any of them.
    return Allowance.ALLOWED if held else Allowance.UNKNOWN
