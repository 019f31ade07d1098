"""Licences that are named without what they ask to be kept: their text, a copyright line, a notice. Pure.

Nearly all models on hubs carry a tag only. The terms are then stated, but whoever passes the files on breaks them. Source: the licences' own
conditions, `standards/duties.toml`.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache

from inspector.judgement import Resolution
from inspector.licensing.expressions import parse_expression, walk_terms
from inspector.licensing.licenses import Licenses
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
    kept = _kept(inventory)
    for (root, name), items in sorted(seen.items()):
        duty = load_duties().get(name, ELSE)
        held = {keep for value, keeps in kept.get(root, {}).items() if value == "" or _names(value, name, licenses) for keep in keeps}
        if missing := [keep for keep in duty.keeps if keep not in held]:
            because = (inventory.evidence[index] for item in items for index in item.because)
            yield _issue(root, name, duty, missing, items, [item for item in because if _names(item.value, name, licenses)])


def _named(item: Resolution, licenses: Licenses) -> Iterator[str]:
    """List the licences that a resolution rests on; what is not known by name asks for nothing that could be looked for."""
    node = parse_expression(item.expression) if item.expression and item.bucket is not Bucket.UNSTATED else None
    for term in walk_terms(node) if node is not None else ():
        name = term if isinstance(term, str) else term.base
        if not name.startswith((*NAMES_NOTHING, *STATED)):
            found = licenses.get(name)
            yield found.id if found else name


def _kept(inventory: Inventory) -> dict[str, dict[str, frozenset[Keep]]]:
    """Say what each root keeps, by the expression whose text it is; notices stand under the empty expression."""
    kept: dict[str, dict[str, frozenset[Keep]]] = {}
    for item in inventory.evidence:
        if item.claim is Claim.LICENSED and isinstance(item.details, Terms):
            notice, full = item.details.source is Source.NOTICE, item.details.full
            keeps = {Keep.NOTICE} if notice else {Keep.TEXT, *([Keep.COPYRIGHT] if item.details.credit else [])} if full else set()
            values = kept.setdefault(item.location.root, {})
            values["" if notice else item.value] = values.get("" if notice else item.value, frozenset()) | keeps
    for record in inventory.files:
        if record.path.rpartition("/")[2].casefold().partition(".")[0] == "notice":
            kept.setdefault(record.root, {})[""] = frozenset({Keep.NOTICE})
    return kept


def _names(expression: str, name: str, licenses: Licenses) -> bool:
    node = parse_expression(expression)
    terms = (term if isinstance(term, str) else term.base for term in walk_terms(node)) if node is not None else iter((expression,))
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
