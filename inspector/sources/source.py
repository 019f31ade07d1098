"""A Python module: its facts, its top-level constants, and whether it is a program, with names resolved through its imports.

The text is parsed with `ast` and never executed. Names are followed through import aliases and through simple assignments
(`trainer = Trainer(...)` makes `trainer.train()` a call of `transformers.Trainer.train`), without regard to scopes.
"""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock

from inspector.errors import Malformed, TooLarge
from inspector.sources.facts import LONGEST_TEXT, Fact, Facts
from inspector.sources.newer_syntax import write_older
from inspector.sources.python_names import PythonNames, dotted_name
from inspector.sources.reached import Reached, reach_nodes

__all__ = ["LONGEST_TEXT", "Constant", "Fact", "Module", "dotted_name", "parse_source", "read_module", "source_lines"]

LARGEST = 4 * 2**20
MOST_MARKS = 60_000
CONFIGURATIONS = frozenset({"config", "cfg", "conf", "c", "configuration", "hparams", "hps"})
QUIET = bytes(range(ord("a"), ord("z") + 1)) + bytes(range(ord("A"), ord("Z") + 1)) + b"0123456789_ \t\r"
_parsing = Lock()


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal that a module gives to a name at its top level."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Module:
    """What a module says: its facts, its top-level constants, whether it holds nothing but imports, and whether it does something when it is run.

    `configured` are the literals that it gives to the fields of a configuration.
    """

    facts: tuple[Fact, ...]
    constants: tuple[Constant, ...]
    only_imports: bool
    is_program: bool = False
    configured: tuple[Constant, ...] = ()


def read_module(text: str) -> Module:
    """Parse a module and list its facts, each once, with the first line it stands at.

    Raises Malformed (with the line where it is known) for what is not Python 3, TooLarge for what would cost too much to parse.
    """
    tree = parse_source(text)
    reached = reach_nodes(tree)
    facts = Facts(reached, PythonNames(reached.nodes)).gather()
    return Module(facts, tuple(_constants(tree)), _is_only_imports(tree), _is_program(tree), tuple(_configured(reached)))


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
        try:
            return _parse(text)
        except SyntaxError:
            return _parse(write_older(text))
    except SyntaxError as error:
        raise Malformed(f"not Python 3: line {error.lineno or '?'}: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError, SystemError) as error:
        raise Malformed(f"not parseable as Python: {type(error).__name__}") from error


def _parse(text: str) -> ast.Module:
    # One thread at a time: filters of warnings belong to the process, and so does the count of depth of older parsers (CPython's issue 106905).
    with _parsing, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _constants(tree: ast.Module) -> Iterator[Constant]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            value = node.value.operand if isinstance(node.value, ast.UnaryOp) else node.value
            if isinstance(value, ast.Constant | ast.BinOp | ast.Tuple | ast.List):
                literal = str(value.value) if isinstance(value, ast.Constant) else "..."
                yield Constant(node.targets[0].id, literal[:LONGEST_TEXT], node.lineno)


def _configured(reached: Reached) -> Iterator[Constant]:
    """List what is given to the fields of an object that is called a configuration: `config.lr = 1e-3`, `config.schedule = dict(warmup_steps=10)`."""
    for node in reached.nodes:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        parts = dotted_name(node.targets[0])
        if len(parts) < 2 or parts[0] not in CONFIGURATIONS:
            continue
        yield Constant(parts[-1], _literal(node.value), node.lineno)
        if isinstance(node.value, ast.Call) and dotted_name(node.value.func)[-1:] in {("dict",), ("ConfigDict",)}:
            yield from (Constant(item.arg, _literal(item.value), item.value.lineno) for item in node.value.keywords if item.arg)


def _literal(value: ast.expr) -> str:
    value = value.operand if isinstance(value, ast.UnaryOp) else value
    return str(value.value)[:LONGEST_TEXT] if isinstance(value, ast.Constant) else "..."


def _is_only_imports(tree: ast.Module) -> bool:
    """Say whether a module has imports and beside them only a docstring and the list of its public names."""
    rest = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
    return len(rest) < len(tree.body) and all(
        (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) or _is_all(node) for node in rest
    )


def _is_all(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)


def _is_program(tree: ast.Module) -> bool:
    """Say whether a module calls something at its top level, or where it asks whether it is the program."""
    blocks = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.If) and _asks_name(node.test))]
    return any(isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) for block in blocks for node in block) or len(blocks) > 1


def _asks_name(test: ast.expr) -> bool:
    sides = [test.left, *test.comparators] if isinstance(test, ast.Compare) else []
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
