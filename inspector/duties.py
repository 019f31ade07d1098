"""Licences that are named without what they ask to be kept: their text, a copyright line, a notice. Pure.

Nearly all models on hubs carry a tag only. The terms are then stated, but whoever passes the files on breaks them. Source: the licences' own
conditions, `standards/duties.toml`.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache

from inspector.expressions import parse_expression, walk_terms
from inspector.judgement import Resolution
from inspector.licenses import Licenses
from inspector.model import Bucket, Claim, Evidence, Frozen, Inventory, Issue, Location, Severity, Source, Terms
from inspector.tables import load_table
from inspector.wording import spell_component


class Keep(StrEnum):
    """What a licence asks to be kept with every copy."""

    TEXT = "text"
    COPYRIGHT = "copyright"
    NOTICE = "notice"


class Duty(Frozen, frozen=True):
    """What some licences ask to be kept, and the clause that says so."""

    ids: tuple[str, ...]
    keeps: tuple[Keep, ...]
    clause: str


class DutyTable(Frozen, frozen=True):
    """The contents of `standards/duties.toml`."""

    duty: tuple[Duty, ...]


ELSE = Duty(ids=(), keeps=(Keep.TEXT,), clause="its own conditions")
LACKS = {
    Keep.TEXT: "its text is not there",
    Keep.COPYRIGHT: "no copyright line names who grants it",
    Keep.NOTICE: "the notice that it prescribes is not there",
}
SETTLES = {
    Keep.TEXT: "Put the licence's text beside the files, as the publisher gave it.",
    Keep.COPYRIGHT: "Put the publisher's copyright line above the text.",
    Keep.NOTICE: "Put the notice that the clause prescribes into a file NOTICE.",
}
NAMES_NOTHING = ("LicenseRef-declared-", "LicenseRef-vague-", "LicenseRef-unknown", "LicenseRef-unexplained", "LicenseRef-use-policy")
STATED = (
    "LicenseRef-stated-restriction",
    "LicenseRef-linked-elsewhere",
    "LicenseRef-proprietary",
    "LicenseRef-scancode-proprietary-license",
)


@cache
def load_duties() -> Mapping[str, Duty]:
    """Read the table once, by the id of the licence."""
    return {name: duty for duty in load_table("duties.toml", DutyTable).duty for name in duty.ids}


def find_missing_texts(inventory: Inventory, resolutions: tuple[Resolution, ...], licenses: Licenses) -> Iterator[Issue]:
    """Give an issue for each root and licence that governs something there without what it asks to be kept."""
    seen: dict[tuple[str, str], list[Resolution]] = {}
    for item in resolutions:
        for name in _named(item, licenses):
            seen.setdefault((item.root, name), []).append(item)
    for (root, name), items in sorted(seen.items()):
        duty = load_duties().get(name, ELSE)
        held = _held(inventory, root, name, licenses)
        if missing := [keep for keep in duty.keeps if keep not in held]:
            because = (inventory.evidence[index] for item in items for index in item.because)
            yield _issue(root, name, duty, missing, items, [item for item in because if _names(item, name, licenses)])


def _named(item: Resolution, licenses: Licenses) -> Iterator[str]:
    """List the licences that a resolution rests on; what is not known by name asks for nothing that could be looked for."""
    node = parse_expression(item.expression) if item.expression and item.bucket is not Bucket.UNSTATED else None
    for term in walk_terms(node) if node is not None else ():
        name = term if isinstance(term, str) else term.base
        if not name.startswith((*NAMES_NOTHING, *STATED)):
            found = licenses.get(name)
            yield found.id if found else name


def _held(inventory: Inventory, root: str, name: str, licenses: Licenses) -> frozenset[Keep]:
    """Say what a root keeps: texts with the licence in them, their copyright lines, notices."""
    held: set[Keep] = set()
    for item in inventory.evidence:
        if item.claim is not Claim.LICENSED or item.location.root != root or not isinstance(item.details, Terms):
            continue
        if item.details.source is Source.NOTICE:
            held.add(Keep.NOTICE)
        elif item.details.full and _names(item, name, licenses):
            held.add(Keep.TEXT)
            held |= {Keep.COPYRIGHT} if item.details.credit else set()
    return frozenset(held | ({Keep.NOTICE} if any(_is_notice(record.path) for record in inventory.files if record.root == root) else set()))


def _is_notice(path: str) -> bool:
    return path.rpartition("/")[2].casefold().partition(".")[0] == "notice"


def _names(item: Evidence, name: str, licenses: Licenses) -> bool:
    node = parse_expression(item.value)
    terms = (term if isinstance(term, str) else term.base for term in walk_terms(node)) if node is not None else iter((item.value,))
    return any(term == name or licenses.same(term, name) for term in terms)


def _issue(root: str, name: str, duty: Duty, missing: list[Keep], items: list[Resolution], places: list[Evidence]) -> Issue:
    of = ", ".join(dict.fromkeys(spell_component(item.component) for item in items))
    return Issue(
        rule="terms.missing-text",
        severity=Severity.LOW,
        message=f"{name} governs {of} in {root}, and {' and '.join(LACKS[keep] for keep in missing)}; it asks for that ({duty.clause})",
        locations=tuple(dict.fromkeys(item.location for item in places)) or (Location(root=root, path="."),),
        settle=" ".join(SETTLES[keep] for keep in missing),
    )
