"""Terms that came down from upstream and were left behind on the way: a child of restricted weights that is offered more freely. Pure."""

from collections.abc import Iterable, Iterator

from inspector.licensing.expressions import join_expressions, split_expression
from inspector.licensing.licenses import Kind, Licenses
from inspector.licensing.reach import OPEN, Said
from inspector.model import Certainty, Issue, Severity, Source

# Licences that ask for the same licence on what is made from the work.
SHARE_ALIKE = ("GPL-", "AGPL-", "LGPL-", "CC-BY-SA-", "CC-BY-NC-SA-", "ODbL-", "CDLA-Sharing-", "EUPL-", "OSL-", "MPL-", "EPL-", "CECILL-2")
SETTLE = "Ask the publisher by what right the terms were changed; until then the terms of the parent are taken to hold."


def find_laundering(group: tuple[Said, ...], licenses: Licenses) -> Iterator[Issue]:
    """Give an issue for each upstream whose terms are not among those that are stated here, with both places."""
    grants = [said for said in group if said.grants]
    if not grants:
        return
    stated = join_expressions(*(said.expression for said in grants))
    upstream: dict[str, list[Said]] = {}
    for said in group:
        if said.terms.source is Source.INHERITED and not is_kept(said.expression, stated, licenses):
            upstream.setdefault(said.terms.rule, []).append(said)
    for rule, found in upstream.items():
        yield from _judge(rule, found, grants, stated, licenses)


def is_kept(expression: str, stated: str, licenses: Licenses) -> bool:
    """Say whether terms that came down are among those that are stated."""
    parts = split_expression(stated)
    return all(any(licenses.same(part, other) for other in parts) for part in split_expression(expression))


def _judge(rule: str, found: list[Said], grants: list[Said], stated: str, licenses: Licenses) -> Iterator[Issue]:
    expression = found[0].expression
    free, upstream_free = (licenses.bucket(text) in OPEN for text in (stated, expression))
    certain = any(said.item.certainty is Certainty.READ for said in found)
    names = ", ".join(dict.fromkeys(said.item.excerpt or said.place for said in found))
    rule = f"{rule}{_clause(expression, licenses)}"
    if free and not upstream_free:
        kind, severity = "terms.laundering", Severity.HIGH if certain else Severity.MEDIUM
        told = f"is offered under {stated} at {_places(grants)}, while {names} names what comes under {expression} ({rule})"
    elif free and any(part.startswith(SHARE_ALIKE) for part in split_expression(expression)):
        kind, severity = "terms.copyleft-dropped", Severity.MEDIUM
        told = (
            f"is offered under {stated} at {_places(grants)}, while {names} is under {expression}, which asks for the same licence ({rule})"
        )
    elif not upstream_free:
        kind, severity = "terms.upstream-dropped", Severity.MEDIUM if certain else Severity.LOW
        told = f"states {stated} at {_places(grants)} and not {expression}, which comes with {names} ({rule})"
    else:
        return
    locations = tuple(dict.fromkeys(said.item.location for said in (*found, *grants)))
    yield Issue(rule=kind, severity=severity, message=f"what lies here {told}", locations=locations, settle=SETTLE)


def _clause(expression: str, licenses: Licenses) -> str:
    """Name the clause by which terms flow down, where the table of licences has it."""
    entry = licenses.get(expression)
    clause = next((item.clause for item in entry.restricts if item.kind is Kind.FLOW_DOWN), "") if entry else ""
    return f", {clause}" if clause else ""


def _places(grants: Iterable[Said]) -> str:
    return ", ".join(dict.fromkeys(said.place for said in grants))
