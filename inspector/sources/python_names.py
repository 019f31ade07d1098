"""Dotted names in a syntax tree of Python, followed through import aliases and simple assignments, without regard to scopes."""

import ast
from collections.abc import Iterable

from inspector.sources.names import MOST_SEGMENTS, Names


class PythonNames(Names):
    """What names stand for in a module of Python."""

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        super().__init__()
        for node in nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._alias(node)
            elif isinstance(node, ast.Assign):
                self._assign(node.targets, node.value)
            elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
                self._assign([node.target], node.value)
            elif isinstance(node, ast.withitem) and node.optional_vars is not None:
                self._assign([node.optional_vars], node.context_expr)

    def _alias(self, node: ast.Import | ast.ImportFrom) -> None:
        for item in node.names:
            if isinstance(node, ast.ImportFrom):
                self.aliases[item.asname or item.name] = (*package_of(node), item.name)
            elif item.asname:
                self.aliases[item.asname] = tuple(item.name.split("."))
            else:
                first = item.name.split(".")[0]
                self.aliases[first] = (first,)

    def _assign(self, targets: list[ast.expr], value: ast.expr) -> None:
        call = value.value if isinstance(value, ast.Await) else value
        if not isinstance(call, ast.Call) or not (made := dotted_name(call.func)):
            return
        for target in targets:
            for part in target.elts if isinstance(target, ast.Tuple | ast.List) else [target]:
                self.bind(".".join(dotted_name(part)), made)


def package_of(node: ast.ImportFrom) -> tuple[str, ...]:
    """Give the parts of the package that names are imported from, `~` first where it is relative."""
    parts = tuple((node.module or "").split(".")) if node.module else ()
    return ("~", *parts) if node.level else parts


def dotted_name(node: ast.expr) -> tuple[str, ...]:
    """Read `a.b(...).c[0].d` as a, b, c, d; the first is empty when it does not begin with a name, and nothing is given for no name at all."""
    parts: list[str] = []
    current: ast.expr = node
    while not isinstance(current, ast.Name):
        if isinstance(current, ast.Attribute):
            parts.append(current.attr)
            current = current.value
        elif isinstance(current, ast.Call):
            current = current.func
        elif isinstance(current, ast.Subscript | ast.Await):
            current = current.value
        else:
            return ("", *reversed(parts[-MOST_SEGMENTS:])) if parts else ()
    parts.append(current.id)
    return tuple(reversed(parts))[:MOST_SEGMENTS]


def is_plain(node: ast.expr) -> bool:
    """Say whether a dotted name holds no call: `torch.optim.step` is a function of a module, `Adam().step` is a method."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)
