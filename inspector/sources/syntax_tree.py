"""Parse source with tree-sitter within bounds: of size, of the depth of brackets, of repeated marks, of nodes, and of steps.

The parser asks as it goes whether to go on. How often it has asked is the same on every machine, and so is the answer that depends on it; a bound on
the thread's processor time stands behind it, and what that cuts is not remembered. Where the parser does not ask, in scanners of
some grammars and while it recovers from errors, the time that it needs can grow with the square of the marks; so source with too many of them, or
with the same one repeated, is not given to it. Source: tree-sitter's documentation of parsers.
"""

import re
from itertools import accumulate, count
from time import thread_time
from typing import TYPE_CHECKING

from inspector.errors import Exhausted, TooLarge
from inspector.sources.grammars import Grammar
from inspector.sources.source import QUIET

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

LARGEST = 2**20
MOST_NODES = 400_000
MOST_MARKS = 60_000
MOST_ANGLES = 5_000  # each may open a list of types or compare, and the parser keeps both in mind
MOST_DEPTH = 1_000
MOST_LOOSE = 10_000
MOST_STEPS = 40_000  # the largest source that has as many nodes as are read takes 15,000
MOST_SECONDS = 10.0
BLOCK = 2**16
BRACKETS = re.compile(rb"[^()\[\]{}]+")
STEPS = {byte: step for marks, step in ((b"([{", 1), (b")]}", -1)) for byte in marks}
RUN = re.compile(rb"([^\w\s])\1{400}")


def check_cost(data: bytes) -> None:
    """Refuse what parsers take too long for.

    Raises TooLarge for long source, many marks, deep brackets, and the same mark hundreds of times in a row.
    """
    if len(data) > LARGEST:
        raise TooLarge(f"{len(data)} bytes of source, parsing is limited to {LARGEST}")
    if (marks := len(data.translate(None, QUIET + b"\n"))) > MOST_MARKS:
        raise TooLarge(f"{marks} marks in source, parsing is limited to {MOST_MARKS}")
    if (angles := data.count(b"<")) > MOST_ANGLES:
        raise TooLarge(f"{angles} times '<' in source, parsing is limited to {MOST_ANGLES}")
    if found := RUN.search(data):
        raise TooLarge(f"the byte {found[1]!r} stands more than 400 times in a row; such source is not parsed")
    depth = max(accumulate(STEPS[byte] for byte in BRACKETS.sub(b"", data)), default=0)
    if depth > MOST_DEPTH:
        raise TooLarge(f"brackets within brackets {depth} deep, parsing is limited to {MOST_DEPTH}")


def parse_tree(data: bytes, grammar: Grammar) -> "Tree":
    """Parse bytes. Raises TooLarge for too many steps and nodes, Exhausted after 10 seconds of this thread's processor time."""
    from tree_sitter import Parser

    steps, deadline = count(1), thread_time() + MOST_SECONDS
    stopped: list[Exception] = []

    def stops(_offset: int, _broken: bool) -> bool:
        if next(steps) > MOST_STEPS:
            stopped.append(TooLarge(f"not parsed within {MOST_STEPS} steps of the parser"))
        elif thread_time() > deadline:
            stopped.append(Exhausted(f"not parsed within {MOST_SECONDS:g} seconds of processor time"))
        return bool(stopped)

    try:
        tree = Parser(grammar.language).parse(lambda offset, _: data[offset : offset + BLOCK], progress_callback=stops)
    except ValueError as error:
        raise stopped[0] if stopped else error from error
    if tree.root_node.descendant_count > MOST_NODES:
        raise TooLarge(f"more than {MOST_NODES} syntax nodes")
    _check_errors(tree.root_node)
    return tree


def _check_errors(root: "Node") -> None:
    """Refuse errors with very many parts side by side, which queries need the square of the time for."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.has_error and node.child_count > MOST_LOOSE and node.is_error:
            raise TooLarge(f"an error of more than {MOST_LOOSE} parts")
        if node.has_error:
            stack += node.children
