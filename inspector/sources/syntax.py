"""Facts of source in other languages, parsed with tree-sitter and never compiled or run.

What nodes mean stands in standards/syntax.toml; names are followed through imports and simple assignments, without regard to scopes. What never
runs (behind `return`, below `if false` and `#if 0`, tests beside the code) gives no facts. Source: tree-sitter's documentation of queries.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from inspector.isolation import run_contained
from inspector.sources.grammars import Grammar, GrammarRow, SyntaxTable, find_row, load_grammar, load_syntax
from inspector.sources.import_forms import Imported, find_imports, read_import
from inspector.sources.names import Names
from inspector.sources.source import LONGEST_TEXT, Fact
from inspector.sources.syntax_tree import check_cost, parse_tree

if TYPE_CHECKING:
    from tree_sitter import Node

MOST_PARTS = 8
SOUND = 10
LONGEST_NAME = 200
MOST_MEANINGS = 16
MOST_BEHIND = 200
MOST_MATCHES = 20_000
PLAIN = re.compile(r"[A-Za-z_$@][\w$]*!?(?:(?:\?\.|\.|::|->)[A-Za-z_$@][\w$]*!?){0,7}")
JOINT = re.compile(r"!?\?\.|!?\.|::|->")
MACRO = re.compile(r"[\w.@!]{1,80}")

Captures = dict[str, "list[Node]"]


@dataclass(frozen=True, slots=True)
class Syntax:
    """What a file says, and whether most of it could not be parsed."""

    facts: tuple[Fact, ...]
    broken: bool


def read_syntax(text: str, language: str) -> Syntax:
    """Parse source and list its facts, each once, with the first line it stands at; without a parser of the language, its imports.

    The parsers are native code: they run where a fault of theirs costs one file. Raises TooLarge for what would cost too much to parse.
    """
    return run_contained(parse_message, f"{language}\n{text}".encode("utf-8", "replace"), Syntax)


def parse_message(message: bytes) -> Syntax:
    """Read the language from the first line, and parse what follows, as `read_syntax` does."""
    language, _, text = message.decode().partition("\n")
    row = find_row(language)
    if row is None:
        return Syntax((), broken=False)
    grammar = load_grammar(row)
    if grammar is None:
        return Syntax(tuple(Fact("import", ".".join(item.parts), line) for item, line in find_imports(row.imports, text)), broken=False)
    data = text.encode()
    check_cost(data)
    return _Reader(data, row, load_syntax()).read(grammar)


@dataclass(slots=True)
class _Reader:
    """One file while it is read: its bytes, what its names stand for, and where code is that never runs."""

    data: bytes
    row: GrammarRow
    table: SyntaxTable
    names: Names = field(default_factory=Names)
    heads: set[int] = field(default_factory=set)
    called: set[bytes] = field(default_factory=set)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def read(self, grammar: Grammar) -> Syntax:
        """Parse, query, and list the facts."""
        from tree_sitter import QueryCursor

        root = parse_tree(self.data, grammar).root_node
        captured = QueryCursor(grammar.single, match_limit=MOST_MATCHES).captures(root)
        single = {name: sorted(nodes, key=lambda node: node.start_byte) for name, nodes in captured.items()}  # they come in no order
        pairs = [found for _, found in QueryCursor(grammar.paired, match_limit=MOST_MATCHES).matches(root) if self._counts(found)]
        self._find_dead(single.get("dead", []), pairs)
        facts: dict[tuple[str, str, str], Fact] = {}
        for fact in self._facts(single, pairs):
            facts.setdefault((fact.kind, fact.name, fact.owner), fact)
        return Syntax(tuple(facts.values()), self._is_broken(single.get("error", [])))

    def _counts(self, found: Captures) -> bool:
        """Say whether the texts of a match are what the table asks for."""
        return all(re.fullmatch(pattern, self._text(found[name][0]), re.S) for name, pattern in self.table.must.items() if name in found)

    def _facts(self, single: Captures, pairs: list[Captures]) -> Iterator[Fact]:
        """List the facts, what is imported, assigned and defined before what is called."""
        for node in (*single.get("import", ()), *(found["import"][0] for found in pairs if "import" in found)):
            if self._is_alive(node):
                yield from self._import(node)
        for found in pairs:
            if "target" in found:
                self._bind(found["target"][0], found["made"][0])
        yield from self._defined(single)
        for found in pairs:
            if "owner" in found and self._is_alive(found["base"][0]):
                yield from self._base(found["base"][0], found["owner"][0])
        for node in single.get("call", ()):
            yield from self._call(node)
        for node in single.get("macro", ()):
            yield from self._macro(node)

    def _defined(self, single: Captures) -> Iterator[Fact]:
        for node in single.get("signature", ()):
            yield from self._definition(node.named_child(0) if node.named_child_count else node)
        for node in single.get("def", ()):
            yield from self._definition(node)
        for node in single.get("functor", ())[:1]:
            yield Fact("def", "()", self._line(node))
        for kind in ("class", "kw", "text"):
            yield from self._words(kind, single.get(kind, []))

    def _import(self, node: "Node") -> Iterator[Fact]:
        items: list[Imported] = list(read_import(self.row.imports, self._text(node)))
        for item in items:
            if item.alias:
                self.names.aliases[item.alias] = item.parts
            yield Fact("import", ".".join(item.parts), node.start_point[0] + 1)

    def _bind(self, target: "Node", made: "Node") -> None:
        name, parts = self._dotted(target), self._dotted(made)
        if name and parts and name != parts and parts[0]:
            self.names.bind(".".join(name), parts)

    def _definition(self, node: "Node") -> Iterator[Fact]:
        parts = self._dotted(node)
        self.heads.add(node.start_byte)
        if parts and parts[-1] and self._is_alive(node):
            yield Fact("def", parts[-1], self._line(node))

    def _words(self, kind: str, nodes: "list[Node]") -> Iterator[Fact]:
        for node in nodes:
            if node.end_byte - node.start_byte <= LONGEST_TEXT and self._is_alive(node):
                yield Fact(kind, self._text(node), node.start_point[0] + 1)

    def _base(self, node: "Node", owner: "Node") -> Iterator[Fact]:
        parts, owners = self._dotted(node), self._dotted(owner)
        if parts:
            for name in islice(self.names.resolve(parts), MOST_MEANINGS):
                yield Fact("base", ".".join(name), self._line(node), owners[-1] if owners else "")

    def _call(self, node: "Node") -> Iterator[Fact]:
        start, end = node.start_byte, node.end_byte
        text = self.data[max(start, end - LONGEST_NAME) : end]
        if (text in self.called and end - start < LONGEST_NAME) or start in self.heads or not self._is_alive(node):
            return
        self.called.add(text)  # the same text gives the same facts, and the first is kept
        if not (parts := self._dotted(node)):
            return
        line = self._line(node)
        for name in islice(self.names.resolve(parts), MOST_MEANINGS):
            yield Fact("call", ".".join(name), line)
        if len(parts) > 2 or (len(parts) == 2 and parts[0] not in self.names.aliases):
            yield Fact("method", parts[-1], line)

    def _macro(self, node: "Node") -> Iterator[Fact]:
        found = MACRO.match(self.data[node.start_byte : node.start_byte + 80].decode("utf-8", "replace"))
        if found and self._is_alive(node):
            yield Fact("call", found[0].strip("."), node.start_point[0] + 1)

    def _text(self, node: "Node") -> str:
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _line(self, node: "Node") -> int:
        """Give the line at which a name ends: that of a method in a chain over several lines."""
        return node.end_point[0] + 1

    def _dotted(self, node: "Node") -> tuple[str, ...]:
        """Read `a.b(...)?.c::<T>` as a, b, c; the first part is empty when it does not begin with a name."""
        start, end = node.start_byte, node.end_byte
        if end - start < LONGEST_NAME:
            text = self.data[start:end].decode("utf-8", "replace")
            if PLAIN.fullmatch(text):
                return tuple(JOINT.split(text))
        parts: list[str] = []
        stack: list[Node] = [node]
        while stack and len(parts) < MOST_PARTS:
            current = stack.pop()
            kind = current.type
            if kind in self.table.leaves:
                parts.append(self._text(current))
            elif kind in self.table.joins:
                stack += [part for part in (self._part(current, self.table.heads, 0), self._part(current, self.table.tails, -1)) if part]
            elif kind in self.table.wraps and (part := self._part(current, self.table.inner, 0)):
                stack.append(part)
            else:
                break
        else:
            return tuple(reversed(parts)) if not stack else ("", *reversed(parts))
        return ("", *reversed(parts)) if parts else ()

    def _part(self, node: "Node", fields: tuple[str, ...], place: int) -> "Node | None":
        for name in fields:
            if part := node.child_by_field_name(name):
                return part
        count = node.named_child_count
        return node.named_child(count - 1 if place else 0) if count else None

    def _find_dead(self, dead: "list[Node]", pairs: list[Captures]) -> None:
        """Note the ranges of bytes that never run, merged and in order."""
        dead = [*dead, *(found["dead"][0] for found in pairs if "dead" in found)]
        ranges = [(node.start_byte, node.end_byte) for node in dead if node.type not in self.table.alive]
        for found in islice((found for found in pairs if "block" in found), MOST_BEHIND):
            block, behind = found["block"][0], found["behind"][0]
            later = (node for node in block.named_children if node.start_byte >= behind.start_byte and node.type in self.table.alive)
            first = next(later, None)
            ranges.append((behind.start_byte, first.start_byte if first else block.end_byte))
        for start, end in sorted(ranges):
            if self.ends and start <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], end)
            else:
                self.starts.append(start)
                self.ends.append(end)

    def _is_alive(self, node: "Node") -> bool:
        if not self.starts:
            return True
        place = bisect_right(self.starts, node.start_byte) - 1
        return place < 0 or node.start_byte >= self.ends[place]

    def _is_broken(self, errors: "list[Node]") -> bool:
        """Say whether more than half of the bytes lie in errors themselves, and not in sound parts of ten nodes or more below them."""
        size = 0
        for node in errors:
            size += node.end_byte - node.start_byte
            size -= sum(part.end_byte - part.start_byte for part in node.named_children if part.descendant_count >= SOUND)
        return size * 2 > len(self.data)
