"""Results of SARIF: messages, places, fingerprints that survive moved lines, and the exceptions of a policy as suppressions."""

import re
from collections.abc import Iterable

from inspector.model import Frozen, Location
from inspector.render.addresses import digest_of
from inspector.render.rule_help import Help
from inspector.render.sarif_places import Json, Places, escape_message

NUMBER = re.compile(r"\d+")
MOST_PLACES = 1000  # what code scanning takes of one result
FINGERPRINT = "inspectorFinding/v1"


class Result(Frozen, frozen=True):
    """One finding: its rule, level, message and places.

    `subject` is the part of the message that stays the same when lines move. What is not `anchored` is the same finding wherever it is shown.
    `accepted` is why an exception of a policy accepts it.
    """

    rule: Help
    level: str
    message: str
    places: tuple[Location, ...]
    subject: str
    kind: str = "fail"
    anchored: bool = True
    accepted: str = ""


def render_results(results: Iterable[Result], rules: tuple[str, ...], places: Places) -> list[Json]:
    """Write results in their order, each with a fingerprint of its own."""
    seen = dict[str, int]()
    numbers = {rule: number for number, rule in enumerate(rules)}
    written = []
    for item in results:
        print_ = _fingerprint(item, places)
        seen[print_] = seen.get(print_, 0) + 1
        shown = tuple(places.describe(item.places[:MOST_PLACES]))
        told: Json = {
            "ruleId": item.rule.id,
            "ruleIndex": numbers[item.rule.id],
            "kind": item.kind,
            "level": item.level,
            "message": {"text": escape_message(item.message)},
            "locations": list(shown[:1]),
        }
        if shown[1:]:
            told["relatedLocations"] = [{"id": number, **place} for number, place in enumerate(shown[1:], 1)]
        marks = f"{print_}:{seen[print_]}"
        told["partialFingerprints"] = {FINGERPRINT: marks, "primaryLocationLineHash": marks}
        if item.accepted:
            told["suppressions"] = [{"kind": "external", "status": "accepted", "justification": escape_message(item.accepted)}]
        if len(item.places) > MOST_PLACES:
            told["properties"] = {"placesLeftOut": len(item.places) - MOST_PLACES}
        written.append(told)
    return written


def _fingerprint(item: Result, places: Places) -> str:
    """Hash what a finding is, and not where its lines are now: no number in its message counts, and of a root only its place among the roots."""
    place = item.places[0] if item.places and item.anchored else None
    where = (str(places.root_number(place)), place.path, place.pointer or "") if place else ()
    return digest_of(item.rule.id, *where, NUMBER.sub("0", item.subject))[:32]
