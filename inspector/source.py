"""Facts of a Python module: what it imports, calls, derives from and defines, with names resolved through its imports.

The text is parsed with `ast` and never executed. Names are followed through import aliases and through simple assignments
(`trainer = Trainer(...)` makes `trainer.train()` a call of `transformers.Trainer.train`), without regard to scopes.
"""

import ast
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inspector.errors import Malformed, TooLarge
from inspector.names import MOST_SEGMENTS, Names

LARGEST = 4 * 2**20
MOST_MARKS = 60_000
MOST_NODES = 400_000
LONGEST_TEXT = 80
# Functions that fetch a data set by its name.
LOADERS = frozenset(
    {"datasets.load_dataset", "load_dataset", "datasets.load_dataset_builder", "tensorflow_datasets.load", "tensorflow_datasets.builder"}
)
QUIET = bytes(range(ord("a"), ord("z") + 1)) + bytes(range(ord("A"), ord("Z") + 1)) + b"0123456789_ \t\r"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that stands in a module, with its line: `call`, `method`, `base`, `class`, `import`, `def`, `kw`, `ref`, `text` or `set`.

    A `set` is the name of a data set that is loaded. A `ref` is an imported function that is handed on without being called. `owner` is the class
    that a base belongs to. Names that come from a relative import begin with `~`.
    """

    kind: str
    name: str
    line: int
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal that a module gives to a name at its top level."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Module:
    """What a module says: its facts, its top-level constants, and whether it holds nothing but imports."""

    facts: tuple[Fact, ...]
    constants: tuple[Constant, ...]
    only_imports: bool


def read_module(text: str) -> Module:
    """Parse a module and list its facts, each once, with the first line it stands at.

    Raises Malformed (with the line where it is known) for what is not Python 3, TooLarge for what would cost too much to parse.
    """
    tree = parse_source(text)
    nodes = _nodes(tree)
    names = _Names(nodes)
    facts: dict[tuple[str, str, str], Fact] = {}
    for node in nodes:
        for fact in _facts(node, names):
            facts.setdefault((fact.kind, fact.name, fact.owner), fact)
    return Module(tuple(facts.values()), tuple(_constants(tree)), _is_only_imports(tree))


def source_lines(text: str) -> tuple[str, ...]:
    """Split a text into lines as compilers count them: at line feeds and carriage returns, not at form feeds."""
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def parse_source(text: str) -> ast.Module:
    """Parse Python without its warnings.

    Raises Malformed and TooLarge as `read_module` does.
    """
    data = text.encode("utf-8", "surrogatepass")
    marks = len(data.translate(None, QUIET))
    if len(data) > LARGEST or marks > MOST_MARKS:
        raise TooLarge(f"{len(data)} bytes with {marks} marks: parsing is limited to {LARGEST} and {MOST_MARKS}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise Malformed(f"not Python 3: line {error.lineno or '?'}: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError, SystemError) as error:
        raise Malformed(f"not parseable as Python: {type(error).__name__}") from error


def _nodes(tree: ast.Module) -> list[ast.AST]:
    """List the nodes that can be reached, breadth first: not what stands behind a `raise` or `return`, nor below `if False`."""
    nodes: list[ast.AST] = [tree]
    for node in nodes:
        for _, value in ast.iter_fields(node):
            if isinstance(value, ast.AST):
                nodes.append(value)
            elif isinstance(value, list):
                nodes += _reached([item for item in value if isinstance(item, ast.AST)])
        if len(nodes) > MOST_NODES:
            raise TooLarge(f"more than {MOST_NODES} syntax nodes")
    return nodes


def _reached(block: list[ast.AST]) -> Iterator[ast.AST]:
    for node in block:
        if isinstance(node, ast.If | ast.While) and isinstance(node.test, ast.Constant) and not node.test.value:
            yield from _reached(list(node.orelse))
            continue
        yield node
        if isinstance(node, ast.Return | ast.Raise | ast.Continue | ast.Break):
            return


class _Names(Names):
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
                self.aliases[item.asname or item.name] = (*_package(node), item.name)
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


def _package(node: ast.ImportFrom) -> tuple[str, ...]:
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


def _facts(node: ast.AST, names: _Names) -> Iterator[Fact]:
    if isinstance(node, ast.Call):
        yield from _call(node.func, node.lineno, names)
        yield from (Fact("kw", item.arg, item.value.lineno) for item in node.keywords if item.arg)
        yield from _loaded(node, names)
    elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        yield from _definition(node, names)
    elif isinstance(node, ast.Import):
        yield from (Fact("import", item.name, node.lineno) for item in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (Fact("import", ".".join((*_package(node), item.name)), node.lineno) for item in node.names)
    elif isinstance(node, ast.Attribute) and (parts := dotted_name(node)) and names.is_imported(parts) and _is_plain(node):
        yield from (Fact("ref", ".".join(name), node.lineno) for name in names.resolve(parts))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= LONGEST_TEXT:
        yield Fact("text", node.value, node.lineno)


def _loaded(node: ast.Call, names: _Names) -> Iterator[Fact]:
    """Give the name of the data set that a call loads, if it is written there."""
    called = {".".join(name) for name in names.resolve(dotted_name(node.func) or ("",))}
    path = next((item.value for item in node.keywords if item.arg == "path"), None) if not node.args else node.args[0]
    if called & LOADERS and isinstance(path, ast.Constant) and isinstance(path.value, str) and len(path.value) <= LONGEST_TEXT:
        yield Fact("set", path.value, node.lineno)


def _definition(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, names: _Names) -> Iterator[Fact]:
    """List a class with its bases, or a function with the decorators that are applied without a call."""
    if isinstance(node, ast.ClassDef):
        yield Fact("class", node.name, node.lineno)
        for base in node.bases:
            yield from (Fact("base", ".".join(name), node.lineno, node.name) for name in names.resolve(dotted_name(base) or ("",)))
        return
    if not _is_stub(node):
        yield Fact("def", node.name, node.lineno)
    for decorator in node.decorator_list:
        if not isinstance(decorator, ast.Call):
            yield from _call(decorator, decorator.lineno, names)


def _is_stub(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Say whether a function does nothing but raise, pass or document itself."""
    rest = [item for item in node.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    return all(isinstance(item, ast.Pass | ast.Raise) for item in rest)


def _call(func: ast.expr, line: int, names: _Names) -> Iterator[Fact]:
    parts = dotted_name(func)
    if not parts:
        return
    yield from (Fact("call", ".".join(name), line) for name in names.resolve(parts))
    if isinstance(func, ast.Attribute) and not (names.is_imported(parts) and _is_plain(func)):
        yield Fact("method", func.attr, line)


def _is_plain(node: ast.expr) -> bool:
    """Say whether a dotted name holds no call: `torch.optim.step` is a function of a module, `Adam().step` is a method."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _constants(tree: ast.Module) -> Iterator[Constant]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            value = node.value.operand if isinstance(node.value, ast.UnaryOp) else node.value
            if isinstance(value, ast.Constant | ast.BinOp | ast.Tuple | ast.List):
                literal = str(value.value) if isinstance(value, ast.Constant) else "..."
                yield Constant(node.targets[0].id, literal[:LONGEST_TEXT], node.lineno)


def _is_only_imports(tree: ast.Module) -> bool:
    """Say whether a module has imports and beside them only a docstring and the list of its public names."""
    rest = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
    return len(rest) < len(tree.body) and all(
        (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) or _is_all(node) for node in rest
    )


def _is_all(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)
