"""The nodes of a syntax tree that can be reached, each with the function it stands in and whether a loop repeats it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.errors import TooLarge

MOST_NODES = 400_000
# What says only how a name is used; it would be half of all nodes.
SILENT = frozenset({"ctx", "op", "ops", "type_comment", "type_ignores", "kind"})
NOWHERE = -1


@dataclass(slots=True)
class Reached:
    """Nodes breadth first; for each the place of the function around it (-1 for none), and whether it stands in a loop.

    `giving` are the places of functions that give a value.
    """

    nodes: list[ast.AST]
    function: list[int] = field(default_factory=lambda: [NOWHERE])
    looped: list[bool] = field(default_factory=lambda: [False])
    giving: set[int] = field(default_factory=set)


def reach_nodes(tree: ast.Module) -> Reached:
    """List the nodes that can be reached: not what stands behind a `raise` or `return`, nor below `if False`.

    Raises TooLarge for more than 400,000 of them.
    """
    reached = Reached([tree])
    nodes, function, looped = reached.nodes, reached.function, reached.looped
    for place, node in enumerate(nodes):
        inner, loop = function[place], looped[place]
        kind = type(node)
        if kind in {ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda}:
            inner, loop = place, False
        elif kind in {ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp}:
            loop = True
        elif inner != NOWHERE and ((kind is ast.Return and _gives(node)) or kind in {ast.Yield, ast.YieldFrom}):
            reached.giving.add(inner)
        before = len(nodes)
        nodes.extend(_below(node))
        added = len(nodes) - before
        function.extend([inner] * added)
        looped.extend([loop] * added)
        if len(nodes) > MOST_NODES:
            raise TooLarge(f"more than {MOST_NODES} syntax nodes")
    return reached


def _gives(node: ast.AST) -> bool:
    """Say whether a return hands back something else than None."""
    value = getattr(node, "value", None)
    return value is not None and not (isinstance(value, ast.Constant) and value.value is None)


def _below(node: ast.AST) -> Iterator[ast.AST]:
    for name in node._fields:
        if name in SILENT:
            continue
        value: object = getattr(node, name, None)
        if isinstance(value, ast.AST):
            yield value
        elif isinstance(value, list):
            yield from _reached([item for item in value if isinstance(item, ast.AST)])


def _reached(block: list[ast.AST]) -> Iterator[ast.AST]:
    for node in block:
        if isinstance(node, ast.If | ast.While) and isinstance(node.test, ast.Constant) and not node.test.value:
            yield from _reached(list(node.orelse))
            continue
        yield node
        if isinstance(node, ast.Return | ast.Raise | ast.Continue | ast.Break):
            return
