"""A walk over the syntax tree of a template: names, attributes and keys that lead out of it, and conditions on what somebody says."""

import re
from collections.abc import Iterator

from jinja2 import nodes

from inspector.chat_templates.folding import Constants, Folded, fold
from inspector.chat_templates.reading import TemplateTable
from inspector.model import Severity, printable
from inspector.observation import Observation

ESCAPE, LOADS, UNKNOWN = "template.escape", "template.loads-other", "template.unknown-name"
COMPUTED, MESSAGE, DATE = "template.computed-name", "template.reads-message", "template.reads-date"
FIELD = re.compile(r"\{[^{}]*(?:__|\.[a-z]+_)[^{}]*\}")
INTERNAL = re.compile(r"__[a-z_]{2,40}__")
PART = re.compile(r"__[a-z]{1,20}_?|[a-z]{2,20}__")
MARKER = re.compile(r"^\s*<.*>\s*$|^/\w+$|<[^<>]*>?|\[[^\[\]]*\]?|\{[^{}]*\}?|[^\w]+|_+", re.DOTALL)
LOOKS = frozenset({"startswith", "endswith", "find", "rfind", "index", "count"})
JOINS = frozenset({"join", "format", "replace", "reverse"})


def walk_template(tree: nodes.Template, table: TemplateTable) -> Iterator[Observation]:
    """Give the remarks on every node of a tree, in its order."""
    walk = _Walk(tree, table)
    for node in tree.find_all(nodes.Node):
        yield from walk.look(node)


class _Walk:
    """What is known of one template: names that it assigns, those that stand for one constant, and those that hold words of a message or a date."""

    def __init__(self, tree: nodes.Template, table: TemplateTable) -> None:
        self.table = table
        self.assigned = {node.name for node in tree.find_all(nodes.Name) if node.ctx in {"store", "param"}}
        self.assigned |= {node.name for node in tree.find_all(nodes.Macro)}
        self.known: Constants = self._constants(tree)
        self.holding = {"content": self._holders(tree, table.content), "date": self._holders(tree, table.dates) | table.dates}

    def _constants(self, tree: nodes.Template) -> Constants:
        known: dict[str, Folded] = {}
        twice = set[str]()
        for node in tree.find_all(nodes.Assign):
            if isinstance(node.target, nodes.Name):
                if node.target.name in known:
                    twice.add(node.target.name)
                known[node.target.name] = fold(node.node, known)
        for block in tree.find_all(nodes.AssignBlock):
            if isinstance(block.target, nodes.Name) and len(block.body) == 1 and isinstance(block.body[0], nodes.Output):
                known[block.target.name] = fold(nodes.Concat(block.body[0].nodes), known)
        return {name: value for name, value in known.items() if value is not None and name not in twice}

    def _holders(self, tree: nodes.Template, sources: frozenset[str]) -> set[str]:
        """List the names that are assigned from an attribute, key or call of one of these names."""
        held = set[str]()
        for node in tree.find_all(nodes.Assign):
            if isinstance(node.target, nodes.Name) and self._reads(node.node, sources, held):
                held.add(node.target.name)
        return held

    def _reads(self, node: nodes.Node, sources: frozenset[str], held: set[str]) -> bool:
        for item in (node, *node.find_all(nodes.Expr)):
            match item:
                case nodes.Getattr():
                    if item.attr in sources:
                        return True
                case nodes.Getitem(arg=nodes.Const(value=str() as key)) if key in sources:
                    return True
                case nodes.Name() if item.name in held or (item.ctx == "load" and item.name in sources and item.name not in self.assigned):
                    return True
        return False

    def look(self, node: nodes.Node) -> Iterator[Observation]:
        """Give the remarks on one node, those below it left out."""
        match node:
            case nodes.Getattr():
                yield from self._name(node.attr, node.lineno, "an attribute")
            case nodes.Getitem():
                yield from self._key(node.arg)
            case nodes.Name():
                yield from self._variable(node)
            case nodes.Filter():
                yield from self._filter(node)
            case nodes.Call():
                yield from self._call(node)
            case nodes.Compare():
                yield from self._compare(node)
            case nodes.Const() | nodes.Concat() | nodes.Add() | nodes.Mod():
                yield from self._text(node)
            case nodes.Test() if node.name not in self.table.tests:
                yield _remark(UNKNOWN, Severity.LOW, f"a test that is not known: {node.name}", node)
            case nodes.Include() | nodes.Import() | nodes.FromImport() | nodes.Extends():
                yield _remark(LOADS, Severity.HIGH, f"it loads another template ({type(node).__name__.casefold()})", node)

    def _variable(self, node: nodes.Name) -> Iterator[Observation]:
        if node.ctx == "load" and self._is_refused(node.name):
            yield _remark(ESCAPE, Severity.HIGH, f"the name {node.name}, which leads to code", node)
        yield from self._name(node.name, node.lineno, "a name")

    def _text(self, node: nodes.Expr) -> Iterator[Observation]:
        """Judge a text that stands anywhere, whole or put together: names of Python's internals, and parts of them."""
        text = fold(node, self.known)
        if not isinstance(text, str):
            return
        if INTERNAL.fullmatch(text):
            yield _remark(ESCAPE, Severity.HIGH, f"a text that is a name of Python's internals: {text}", node)
        elif PART.fullmatch(text):
            yield _remark(ESCAPE, Severity.MEDIUM, f"a text that is a part of a name of Python's internals: {text}", node)
        elif "__" in text and FIELD.search(text):
            yield _remark(ESCAPE, Severity.HIGH, f"a text to be formatted that names Python's internals: {text[:80]}", node)

    def _is_refused(self, name: str) -> bool:
        return name in self.table.refused or (name in self.table.foreign and name not in self.assigned)

    def _name(self, name: str, line: int, what: str) -> Iterator[Observation]:
        if name.startswith("__") or name.endswith("__") or name in self.table.internals:
            yield Observation(ESCAPE, Severity.HIGH, f"{what} of Python's internals: {printable(name[:80])}", line)

    def _key(self, node: nodes.Node) -> Iterator[Observation]:
        """Judge a key: what it comes to, or, where that cannot be told, the constants that it is put together from."""
        if isinstance(node, nodes.Slice):
            return
        value = fold(node, self.known)
        if isinstance(value, str):
            yield from self._name(value, node.lineno, "a key")
        elif value is None and self._is_put_together(node):
            parts = [
                part.value for part in (node, *node.find_all(nodes.Const)) if isinstance(part, nodes.Const) and isinstance(part.value, str)
            ]
            bad = any("__" in part or part.strip("_") in self.table.fragments for part in parts)
            message = "a key that is put together while it runs" + (", from parts of the names of Python's internals" if bad else "")
            yield _remark(ESCAPE if bad else COMPUTED, Severity.HIGH if bad else Severity.LOW, message, node)

    def _is_put_together(self, node: nodes.Node) -> bool:
        """Say whether a text is made: by joining, formatting or replacing; numbers that are added are none."""
        for item in (node, *node.find_all(nodes.Expr)):
            made = isinstance(item, nodes.Concat | nodes.Mod) or (isinstance(item, nodes.Filter) and item.name in JOINS)
            made = made or (isinstance(item, nodes.Call) and isinstance(item.node, nodes.Getattr) and item.node.attr in JOINS)
            if made or (isinstance(item, nodes.Add) and any(isinstance(part.value, str) for part in item.find_all(nodes.Const))):
                return not isinstance(item, nodes.Mod) or any(isinstance(part.value, str) for part in item.find_all(nodes.Const))
        return False

    def _filter(self, node: nodes.Filter) -> Iterator[Observation]:
        if node.name == "attr":
            yield _remark(ESCAPE, Severity.HIGH, "the filter attr, which reads an attribute by a name that is made", node)
        elif node.name not in self.table.filters:
            yield _remark(UNKNOWN, Severity.LOW, f"a filter that is not known: {node.name}", node)
        values = [fold(item, self.known) for item in (*node.args, *(keyword.value for keyword in node.kwargs))]
        if node.name in {"map", "selectattr", "rejectattr", "groupby", "sort", "sum", "unique", "min", "max"}:
            for part in (part for value in values if isinstance(value, str) for part in value.split(".")):
                yield from self._name(part, node.lineno, "an attribute")
            if node.name in {"selectattr", "rejectattr"} and len(values) == 3 and values[0] in self.table.content:
                yield from self._words(values[2], node)
            if "attr" in values and node.name == "map":
                yield _remark(ESCAPE, Severity.HIGH, "the filter attr, which reads an attribute by a name that is made", node)

    def _call(self, node: nodes.Call) -> Iterator[Observation]:
        match node.node:
            case nodes.Name() if node.node.name not in self.assigned | self.table.functions | self.table.refused:
                yield _remark(UNKNOWN, Severity.LOW, f"a function that is not known: {node.node.name}", node)
            case nodes.Getattr() if node.node.attr not in self.table.methods | self.table.internals and not node.node.attr.startswith("__"):
                yield _remark(UNKNOWN, Severity.LOW, f"a method that is not known: {node.node.attr}", node)
            case nodes.Getattr() if node.node.attr in LOOKS and node.args:
                yield from self._condition(node.node.node, node.args[0])

    def _compare(self, node: nodes.Compare) -> Iterator[Observation]:
        for operand in node.ops:
            if operand.op in {"in", "notin"}:
                yield from self._condition(operand.expr, node.expr)
            if operand.op in {"eq", "ne", "gt", "lt", "gteq", "lteq", "in", "notin"}:
                yield from self._condition(node.expr, operand.expr)
            if operand.op in {"eq", "ne"}:
                yield from self._condition(operand.expr, node.expr)

    def _condition(self, held: nodes.Node, other: nodes.Node) -> Iterator[Observation]:
        """Observation on a condition that holds what somebody says, or the date, against words; markers of a format are none."""
        value = fold(other, self.known)
        if self._reads(held, self.table.content, self.holding["content"]):
            yield from self._words(value, held)
        if isinstance(value, str) and self._reads(held, self.table.dates, self.holding["date"]):
            yield _remark(DATE, Severity.MEDIUM, f"a condition on the date: {value[:80]!r}", held)

    def _words(self, value: Folded, at: nodes.Node) -> Iterator[Observation]:
        for word in value if isinstance(value, list) else [value]:
            if isinstance(word, str) and word not in self.table.kinds and len(MARKER.sub("", word)) >= 3:
                yield _remark(MESSAGE, Severity.MEDIUM, f"a condition on the words of a message: {word[:80]!r}", at)


def _remark(rule: str, severity: Severity, message: str, node: nodes.Node) -> Observation:
    return Observation(rule, severity, printable(message), node.lineno)
