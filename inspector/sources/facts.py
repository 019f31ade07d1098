"""Facts of a syntax tree: what it imports, calls, derives from and defines, and the words, arguments, keys and tallies that tell what it is for."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from inspector.sources.python_names import PythonNames, dotted_name, is_plain, package_of
from inspector.sources.reached import Reached

LONGEST_TEXT = 80
LONGEST_KEY = 40
# Functions that fetch a data set by its name.
LOADERS = frozenset(
    {"datasets.load_dataset", "load_dataset", "datasets.load_dataset_builder", "tensorflow_datasets.load", "tensorflow_datasets.builder"}
)
WORDS = re.compile(r"[A-Z]+\d*(?![a-z])|[A-Z]?[a-z]+\d*")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that stands in a module, with its line.

    `call`, `method`, `base`, `class`, `import`, `def`, `kw` (also with a text or True as `name=value`) and `text` are what they say; `ref` is an
    imported function that is handed on without being called; `loop` is the last name of a call that a loop repeats; `arg` is a parameter of a
    function, `maps` of one that gives a value back; `key` is a text in a subscript, a `get` or a dictionary; `field` is a name that a class gives
    a value or a type; `tally` is a name that is counted up, `fall` one that is moved down; `same` is a name that is compared for equality; `own`
    is a word in the name of a function or class of the module, `given` one in the name of something that is imported; `set` is the name of a data
    set that is loaded. `owner` is the class that a base or field belongs to. Names that come from a relative import begin with `~`.
    """

    kind: str
    name: str
    line: int
    owner: str = ""


class Facts:
    """The facts of one tree, each once, with the first line it stands at."""

    def __init__(self, reached: Reached, names: PythonNames) -> None:
        self._reached, self._names = reached, names
        self._held: dict[tuple[str, str, str], Fact] = {}
        self._place, self._looped = 0, False

    def gather(self) -> tuple[Fact, ...]:
        """Look at every node once."""
        for place, node in enumerate(self._reached.nodes):
            look = LOOKS.get(type(node))
            if look is not None:
                self._place, self._looped = place, self._reached.looped[place]
                look(self, node)
        return tuple(self._held.values())

    def add(self, kind: str, name: str, line: int, owner: str = "") -> None:
        """Keep a fact unless it is known."""
        key = (kind, name, owner)
        if key not in self._held:
            self._held[key] = Fact(kind, name, line, owner)

    def call(self, node: ast.AST) -> None:
        """Note what is called, with which keywords, and whether a loop repeats it."""
        if not isinstance(node, ast.Call):
            return
        self._called(node.func, node.lineno)
        for item in node.keywords:
            if item.arg:
                self.add("kw", item.arg, item.value.lineno)
                if isinstance(item.value, ast.Constant) and (item.value.value is True or isinstance(item.value.value, str)):
                    self.add("kw", f"{item.arg}={str(item.value.value)[:LONGEST_KEY]}", item.value.lineno)
        for value in node.args:
            if isinstance(value, ast.Name) and self._names.is_imported((value.id,)):
                self.add("ref", ".".join(next(self._names.resolve((value.id,)))), value.lineno)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
            self._key(node.args[0])
        self._loaded(node)

    def _loaded(self, node: ast.Call) -> None:
        """Note the name of the data set that a call loads, if it is written there."""
        path = node.args[0] if node.args else next((item.value for item in node.keywords if item.arg == "path"), None)
        if not isinstance(path, ast.Constant) or not isinstance(path.value, str) or len(path.value) > LONGEST_TEXT:
            return
        if not LOADERS.isdisjoint(".".join(name) for name in self._names.resolve(dotted_name(node.func) or ("",))):
            self.add("set", path.value, node.lineno)

    def _called(self, func: ast.expr, line: int) -> None:
        parts = dotted_name(func)
        if not parts:
            return
        for name in self._names.resolve(parts):
            self.add("call", ".".join(name), line)
        if self._looped:
            self.add("loop", parts[-1], line)
        if isinstance(func, ast.Attribute) and not (self._names.is_imported(parts) and is_plain(func)):
            self.add("method", func.attr, line)

    def class_of(self, node: ast.AST) -> None:
        """Note a class, its bases, and the names that its body gives a type or a value."""
        if not isinstance(node, ast.ClassDef):
            return
        self.add("class", node.name, node.lineno)
        self._words(node.name, node.lineno)
        for base in node.bases:
            for name in self._names.resolve(dotted_name(base) or ("",)):
                self.add("base", ".".join(name), node.lineno, node.name)
        for item in node.body:
            targets = [item.target] if isinstance(item, ast.AnnAssign) else item.targets if isinstance(item, ast.Assign) else []
            for target in targets:
                if isinstance(target, ast.Name):
                    self.add("field", target.id, item.lineno, node.name)
        self._decorated(node)

    def function(self, node: ast.AST) -> None:
        """Note a function that does something, its parameters, and the decorators that are applied without a call."""
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        if not _is_stub(node):
            self.add("def", node.name, node.lineno)
            self._words(node.name, node.lineno)
            gives = self._place in self._reached.giving
            for item in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
                if item.arg not in {"self", "cls"}:
                    self.add("arg", item.arg, item.lineno)
                    if gives:
                        self.add("maps", item.arg, item.lineno)
        self._decorated(node)

    def _decorated(self, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            if not isinstance(decorator, ast.Call):
                self._called(decorator, decorator.lineno)

    def _words(self, name: str, line: int) -> None:
        for word in split_words(name):
            self.add("own", word, line)

    def imported(self, node: ast.AST) -> None:
        """Note what is imported."""
        if isinstance(node, ast.Import):
            for item in node.names:
                self._import(item.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            package = package_of(node)
            for item in node.names:
                self._import(".".join((*package, item.name)), node.lineno)

    def _import(self, name: str, line: int) -> None:
        self.add("import", name, line)
        for word in split_words(name.rpartition(".")[2]):
            self.add("given", word, line)

    def attribute(self, node: ast.AST) -> None:
        """Note a name of an imported module."""
        if isinstance(node, ast.Attribute) and is_plain(node) and (parts := dotted_name(node)) and self._names.is_imported(parts):
            for name in self._names.resolve(parts):
                self.add("ref", ".".join(name), node.lineno)

    def constant(self, node: ast.AST) -> None:
        """Note a short text."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= LONGEST_TEXT:
            self.add("text", node.value, node.lineno)

    def subscript(self, node: ast.AST) -> None:
        """Note a text in brackets."""
        if isinstance(node, ast.Subscript):
            self._key(node.slice)

    def dictionary(self, node: ast.AST) -> None:
        """Note the keys of a dictionary."""
        if isinstance(node, ast.Dict):
            for key in node.keys:
                self._key(key)

    def _key(self, node: ast.expr | None) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= LONGEST_KEY:
            self.add("key", node.value, node.lineno)

    def tally(self, node: ast.AST) -> None:
        """Note a name that is counted up, or moved down."""
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub) and (parts := dotted_name(node.target)):
            self.add("tally" if isinstance(node.op, ast.Add) else "fall", parts[-1], node.lineno)

    def compare(self, node: ast.AST) -> None:
        """Note the names on both sides of `==`."""
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
            sides = (dotted_name(node.left), dotted_name(node.comparators[0]))
            if all(sides):
                for parts in sides:
                    self.add("same", parts[-1], node.lineno)


LOOKS: dict[type[ast.AST], Callable[[Facts, ast.AST], None]] = {
    ast.Call: Facts.call,
    ast.ClassDef: Facts.class_of,
    ast.FunctionDef: Facts.function,
    ast.AsyncFunctionDef: Facts.function,
    ast.Import: Facts.imported,
    ast.ImportFrom: Facts.imported,
    ast.Attribute: Facts.attribute,
    ast.Constant: Facts.constant,
    ast.Subscript: Facts.subscript,
    ast.Dict: Facts.dictionary,
    ast.AugAssign: Facts.tally,
    ast.Compare: Facts.compare,
}


@lru_cache(maxsize=20_000)
def split_words(name: str) -> tuple[str, ...]:
    """Split a name into its words: at underscores, digits and capitals, in lower case."""
    return tuple(dict.fromkeys(word.casefold() for word in WORDS.findall(name)))


def _is_stub(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Say whether a function does nothing but raise, pass or document itself."""
    rest = [item for item in node.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    return all(isinstance(item, ast.Pass | ast.Raise) for item in rest)
