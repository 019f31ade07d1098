"""Licence expressions as trees: AND, OR, WITH and parentheses, strictly as SPDX writes them or loosely as people do.

A small parser of our own: the libraries for it cost more to import than a table to load. Source: SPDX Specification 3.0, annex B.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

MAX_DEPTH = 32
_STRICT = re.compile(r"(\(|\)|(?<![^\s()])(?:AND|OR|WITH)(?![^\s()]))", re.IGNORECASE)
_LOOSE = re.compile(r"(\(|\)|[,;|&/\n]|(?<![^\s()])(?:AND|OR|WITH)(?![^\s()]))", re.IGNORECASE)
_JOINS = frozenset({"and", ",", ";", "|", "&", "/"})
_MARKS = _JOINS | {"or", "with", "(", ")"}


@dataclass(frozen=True, slots=True)
class With:
    """A licence with an exception to it."""

    base: str
    exception: str


@dataclass(frozen=True, slots=True)
class Group:
    """Two or more terms: all of them apply (`AND`), or the recipient chooses one (`OR`)."""

    operator: str
    parts: tuple["Node", ...]


Node = str | With | Group


@lru_cache(maxsize=4096)
def parse_expression(text: str, *, loose: bool = False) -> Node | None:
    """Read an expression; None when it is none.

    Loosely, terms may have several words, and commas, semicolons, bars, slashes, ampersands and line ends join like `AND`.
    """
    tokens = [token.strip() for token in (_LOOSE if loose else _STRICT).split(text)]
    reader = _Reader([token for token in tokens if token], loose)
    node = reader.read_choice(0)
    return node if node is not None and reader.is_done() else None


class _Reader:
    """Reads tokens from left to right; every method gives None when the rules are broken."""

    def __init__(self, tokens: list[str], loose: bool) -> None:
        self.tokens, self.loose, self.at = tokens, loose, 0

    def is_done(self) -> bool:
        return self.at == len(self.tokens)

    def peek(self) -> str:
        return self.tokens[self.at].casefold() if self.at < len(self.tokens) else ""

    def read_choice(self, depth: int) -> Node | None:
        return self._read_chain("OR", frozenset({"or"}), lambda: self._read_chain("AND", _JOINS, lambda: self._read_term(depth)))

    def _read_chain(self, operator: str, marks: frozenset[str], read: Callable[[], Node | None]) -> Node | None:
        parts: list[Node] = []
        while True:
            part = read()
            if part is None:
                return None
            parts.append(part)
            if self.peek() not in marks:
                return join_terms(operator, parts)
            self.at += 1

    def _read_term(self, depth: int) -> Node | None:
        if self.peek() == "(":
            if depth >= MAX_DEPTH:
                return None
            self.at += 1
            node = self.read_choice(depth + 1)
            closed, self.at = self.peek() == ")", self.at + 1
            return node if closed else None
        base = self._read_word()
        if base is None or self.peek() != "with":
            return base
        self.at += 1
        exception = self._read_word()
        return None if exception is None else With(base, exception)

    def _read_word(self) -> str | None:
        word = self.peek()
        if not word or word in _MARKS:
            return None
        word, self.at = self.tokens[self.at], self.at + 1
        return word if self.loose or not any(char.isspace() for char in word) else None


def join_terms(operator: str, parts: list[Node]) -> Node:
    """Join terms into one, without repetitions and without a group inside a group of the same operator."""
    flat: dict[Node, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, Group) and part.operator == operator else (part,)))
    return next(iter(flat)) if len(flat) == 1 else Group(operator, tuple(flat))


@lru_cache(maxsize=4096)
def split_expression(expression: str) -> tuple[str, ...]:
    """Split an expression into the parts that all apply; what cannot be parsed is one part."""
    node = parse_expression(expression)
    if isinstance(node, Group) and node.operator == "AND":
        return tuple(render_expression(part) for part in node.parts)
    return (expression,)


def join_expressions(*expressions: str) -> str:
    """Join expressions that all apply into one, sorted and without repetitions."""
    parts = sorted({part for expression in expressions for part in split_expression(expression)})
    return " AND ".join(f"({part})" if " OR " in part and len(parts) > 1 else part for part in parts)


def walk_terms(node: Node) -> Iterator[str | With]:
    """List the single terms of a tree from left to right."""
    if isinstance(node, Group):
        for part in node.parts:
            yield from walk_terms(part)
    else:
        yield node


def map_terms(node: Node, change: Callable[[str | With], Node]) -> Node:
    """Replace every single term of a tree."""
    if isinstance(node, Group):
        return join_terms(node.operator, [map_terms(part, change) for part in node.parts])
    return change(node)


def sort_terms(node: Node) -> Node:
    """Put the terms of every group in the order of their text, so that equal meanings have equal trees."""
    if isinstance(node, Group):
        return join_terms(node.operator, sorted((sort_terms(part) for part in node.parts), key=render_expression))
    return node


def render_expression(node: Node) -> str:
    """Write a tree as an SPDX expression."""
    if isinstance(node, With):
        return f"{node.base} WITH {node.exception}"
    if isinstance(node, Group):
        return f" {node.operator} ".join(f"({render_expression(p)})" if isinstance(p, Group) else render_expression(p) for p in node.parts)
    return node
