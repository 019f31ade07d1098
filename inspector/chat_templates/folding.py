"""What an expression of a template comes to, as far as it is put together from constants: texts, numbers and lists of them. Nothing is rendered.

Attackers write `'__cl' ~ 'ass__'`, `['_', '_']|join`, `'%c' % 95` or `'__ssalc__'[::-1]` where a filter looks for names.
"""

import re
from collections.abc import Callable, Mapping

from jinja2 import nodes

LONGEST = 4096
PLAIN = re.compile(r"(?:[^%]|%[csd%])*")
Folded = str | int | list["Folded"] | None
WORDS: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
    "capitalize": str.capitalize,
    "swapcase": str.swapcase,
    "trim": str.strip,
    "strip": str.strip,
    "lstrip": str.lstrip,
    "rstrip": str.rstrip,
    "string": str,
    "safe": str,
    "e": str,
    "escape": str,
    "forceescape": str,
    "urlencode": str,
}
Constants = Mapping[str, Folded]


def fold(node: nodes.Node, known: Constants) -> Folded:
    """Give the constant that an expression comes to; None where it is none, or is longer than 4,096 characters.

    `known` are names that stand for one constant.
    """
    match node:
        case nodes.Const() | nodes.TemplateData() | nodes.Name():
            return _leaf(node, known)
        case nodes.List() | nodes.Tuple():
            return _all([fold(item, known) for item in node.items])
        case nodes.Concat():
            parts = _all([fold(item, known) for item in node.nodes])
            return None if parts is None else _text("".join(map(str, parts)))
        case nodes.Dict():
            return _all([fold(pair.key, known) for pair in node.items])
        case nodes.BinExpr():
            return _binary(node, known)
        case nodes.Getitem():
            return _item(node, known)
        case nodes.Filter() | nodes.Call():
            return _applied(node, known)
    return None


def _leaf(node: nodes.Const | nodes.TemplateData | nodes.Name, known: Constants) -> Folded:
    if isinstance(node, nodes.Name):
        return known.get(node.name)
    value = node.data if isinstance(node, nodes.TemplateData) else node.value
    return value if isinstance(value, str | int) else None


def _applied(node: nodes.Filter | nodes.Call, known: Constants) -> Folded:
    if isinstance(node, nodes.Call):
        return _call(node, known)
    return None if node.node is None else _apply(node.name, fold(node.node, known), [fold(item, known) for item in node.args])


def _all(values: list[Folded]) -> list[Folded] | None:
    return None if any(value is None for value in values) else values


def _text(text: str) -> str | None:
    return text if len(text) <= LONGEST else None


def _binary(node: nodes.BinExpr, known: Constants) -> Folded:
    left, right = fold(node.left, known), fold(node.right, known)
    match node.operator, left, right:
        case "+", str(), str():
            return _text(left + right)
        case "+", list(), list():
            return left + right if len(left) + len(right) < LONGEST else None
        case "+", int(), int() if abs(left) + abs(right) < 1 << 32:
            return left + right
        case "-", int(), int() if abs(left) + abs(right) < 1 << 32:
            return left - right
        case "*", str(), int():
            return left * right if len(left) * max(0, right) <= LONGEST else None
        case "*", int(), str():
            return right * left if len(right) * max(0, left) <= LONGEST else None
        case "%", str(), _ if right is not None:
            return _format(left, right if isinstance(right, list) else [right])
    return None


def _format(pattern: str, values: list[Folded]) -> str | None:
    """Fill a pattern of plain `%c`, `%s` and `%d`: widths are not followed, since they can ask for any length."""
    if not PLAIN.fullmatch(pattern) or any(value is None or isinstance(value, list) for value in values):
        return None
    try:
        return _text(pattern % tuple(values))
    except (TypeError, ValueError, OverflowError):
        return None


def _item(node: nodes.Getitem, known: Constants) -> Folded:
    held = fold(node.node, known)
    if not isinstance(held, str | list):
        return None
    if isinstance(node.arg, nodes.Slice):
        ends = [None if end is None else fold(end, known) for end in (node.arg.start, node.arg.stop, node.arg.step)]
        start, stop, step = (end if isinstance(end, int) else None for end in ends)
        return held[start:stop:step] if step != 0 else None
    place = fold(node.arg, known)
    return held[place] if isinstance(place, int) and -len(held) <= place < len(held) else None


def _call(node: nodes.Call, known: Constants) -> Folded:
    if isinstance(node.node, nodes.Name) and node.node.name == "dict":
        return [keyword.key for keyword in node.kwargs]
    if isinstance(node.node, nodes.Getattr):
        held, values = fold(node.node.node, known), [fold(item, known) for item in node.args]
        if node.node.attr == "join" and isinstance(held, str):
            return _apply("join", values[0] if values else None, [held])
        if node.node.attr == "format" and isinstance(held, str):
            return _text(held.replace("{}", "%s") % tuple(values)) if held.count("{}") == len(values) and "%" not in held else None
        return _apply(node.node.attr, held, values)
    return None


def _apply(name: str, held: Folded, values: list[Folded]) -> Folded:
    """Apply a filter or method to a constant."""
    match name, held, values:
        case "join", list(), ([] | [str()]):
            return _text(str(values[0] if values else "").join(map(str, held)))
        case "reverse", str() | list(), []:
            return held[::-1]
        case "replace", str(), [str() as old, str() as new] if old and len(held) * (1 + len(new)) <= LONGEST * 8:
            return _text(held.replace(old, new))
        case "format", str(), _:
            return _format(held, values)
        case "list", str(), []:
            return list(held)
        case (("first" | "last"), str() | list(), []) if held:
            return held[0 if name == "first" else -1]
        case _, str(), [] if name in WORDS:
            return WORDS[name](held)
    return None
