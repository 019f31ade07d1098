"""Which terms fit a kind of content: by what they allow, and by the names that a standard lists. Pure.

In doubt nothing fits: terms that contradict each other, or that count for less where they stand than they say, satisfy no list of names.
"""

from functools import cache

from inspector.judgement import Resolution
from inspector.licensing.expressions import Group, Node, parse_expression, render_expression, walk_terms
from inspector.licensing.licenses import Licenses
from inspector.model import Bucket
from inspector.requirement import Fitness


def is_fit(found: Resolution, asked: Fitness, licenses: Licenses) -> bool:
    """Say whether resolved terms fit: every part of what applies together, one part of what can be chosen, and none that is refused."""
    return not found.conflict and fits(found.expression or "", found.bucket, asked, licenses)


def fits(expression: str, bucket: Bucket, asked: Fitness, licenses: Licenses) -> bool:
    """Say whether an expression fits; `bucket` is what it came to where it stands, which can be less than it says."""
    node = parse_expression(expression)
    if node is None or bucket is not licenses.bucket(expression) or not (asked.licenses or asked.refuse):
        return bucket in asked.accept and not _names(expression, asked.refuse, licenses)
    return _fits(node, asked, licenses)


def is_preferred(expression: str, asked: Fitness, licenses: Licenses) -> bool:
    """Say whether all of an expression is among the terms that are preferred, or none are."""
    node = parse_expression(expression)
    return not asked.prefer or (node is not None and _fits(node, Fitness(id=asked.id, licenses=asked.prefer), licenses))


def is_wider(found: Resolution, asked: Fitness, licenses: Licenses) -> bool:
    """Say whether terms that do not fit satisfy the wider test that the standard knows of."""
    expression = found.expression or ""
    return bool(asked.wider) and not found.conflict and fits(expression, found.bucket, Fitness(id=asked.id, licenses=asked.wider), licenses)


def _fits(node: Node, asked: Fitness, licenses: Licenses) -> bool:
    if isinstance(node, Group):
        return (all if node.operator == "AND" else any)(_fits(part, asked, licenses) for part in node.parts)
    term = render_expression(node)
    if _names(term, asked.refuse, licenses):
        return False
    return licenses.bucket(term) in asked.accept or _canonical(term, licenses) in _canonicals(asked.licenses, licenses)


def _names(expression: str, names: tuple[str, ...], licenses: Licenses) -> bool:
    """Say whether any licence in an expression is one of some names, with an exception or without."""
    node = parse_expression(expression)
    terms = [term if isinstance(term, str) else term.base for term in walk_terms(node)] if node is not None else [expression]
    listed = _canonicals(names, licenses)
    return any(_canonical(term, licenses) in listed for term in terms)


@cache
def _canonicals(names: tuple[str, ...], licenses: Licenses) -> frozenset[str]:
    return frozenset(_canonical(name, licenses) for name in names)


def _canonical(name: str, licenses: Licenses) -> str:
    return licenses.canonical(name) or name
