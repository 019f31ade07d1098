"""The rules that sources can give an issue, told from their syntax: what reaches `Issue(rule=...)` and `Sightings.add(...)`.

An `Observation` or a `Flaw` is made before its file is known, and its rule is handed on.
A rule is followed through names, either side of a condition, and
parameters of functions back to their callers in the same module. An f-string whose end is constant stands for a rule that formats share. What
leads to no constant is listed as untraced.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

TOP = Path(__file__).parent.parent
PACKAGES = ("inspector", "detectors")
NOTICED = ("Observation", "Flaw")
PASSED_ON = {("inspector/sightings.py", "rule")}  # what `Sightings.add` was given


@dataclass(slots=True)
class Emitted:
    """Rules by the place of one use each, and places whose rule cannot be told."""

    rules: dict[str, str] = field(default_factory=dict)
    untraced: list[str] = field(default_factory=list)


@cache
def find_emitted() -> Emitted:
    """Look through all modules of the program."""
    emitted = Emitted()
    for package in PACKAGES:
        for path in sorted((TOP / package).rglob("*.py")):
            _look(path.relative_to(TOP).as_posix(), ast.parse(path.read_text()), emitted)
    return emitted


def _look(path: str, tree: ast.Module, emitted: Emitted) -> None:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for value, inside in _uses(tree, functions):
        _trace(value, inside, tree, functions, (path, emitted))


def _uses(tree: ast.Module, functions: list[ast.FunctionDef]) -> Iterator[tuple[ast.expr, ast.FunctionDef | None]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        inside = max(
            (item for item in functions if item.lineno <= node.lineno <= (item.end_lineno or 0)), key=lambda i: i.lineno, default=None
        )
        if _name(node.func) == "Issue":
            yield from ((keyword.value, inside) for keyword in node.keywords if keyword.arg == "rule")
        elif (_name(node.func) in NOTICED and node.args) or (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in {"add", "add_at"}
            and len(node.args) >= 3
            and "everity" in ast.unparse(node.args[1])
        ):
            yield node.args[0], inside


def _trace(
    value: ast.expr, inside: ast.FunctionDef | None, tree: ast.Module, functions: list[ast.FunctionDef], at: tuple[str, Emitted]
) -> None:
    path, emitted = at
    match value:
        case ast.Constant(value=str() as text):
            emitted.rules.setdefault(text, f"{path}:{value.lineno}")
        case ast.IfExp():
            _trace(value.body, inside, tree, functions, at)
            _trace(value.orelse, inside, tree, functions, at)
        case ast.JoinedStr(values=[*_, ast.Constant(value=str() as end)]) if end.startswith("."):
            emitted.rules.setdefault(f"*{end}", f"{path}:{value.lineno}")
        case ast.Name(id=name):
            sources = list(_sources(name, inside, tree))
            for source, there in sources:
                _trace(source, there, tree, functions, at)
            if not sources and (path, name) not in PASSED_ON:
                emitted.untraced.append(f"{path}:{value.lineno} {name}")
        case ast.Attribute(value=ast.Name(id="seen" | "flaw"), attr="rule"):
            pass  # it was traced where it was noticed
        case _:
            emitted.untraced.append(f"{path}:{value.lineno} {ast.unparse(value)}")


def _sources(name: str, inside: ast.FunctionDef | None, tree: ast.Module) -> Iterator[tuple[ast.expr, ast.FunctionDef | None]]:
    """Find what a name stands for: what is assigned to it, or what callers pass for it."""
    parameters = [item.arg for item in (*inside.args.posonlyargs, *inside.args.args)] if inside else []
    if inside and name in parameters:
        place = parameters.index(name) - (parameters[0] == "self")
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) == inside.name:
                caller = next((item for item in ast.walk(tree) if isinstance(item, ast.FunctionDef) and _holds(item, node)), None)
                yield from ((keyword.value, caller) for keyword in node.keywords if keyword.arg == name)
                if place < len(node.args):
                    yield node.args[place], caller
        return
    for node in ast.walk(inside or tree):
        if isinstance(node, ast.Assign):
            yield from ((source, inside) for source in _assigned(node, name))
    if inside:
        for node in tree.body:
            if isinstance(node, ast.Assign):
                yield from ((source, None) for source in _assigned(node, name))


def _assigned(node: ast.Assign, name: str) -> Iterator[ast.expr]:
    for target in node.targets:
        if isinstance(target, ast.Name) and target.id == name:
            yield node.value
        elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = zip(target.elts, node.value.elts, strict=False)
            yield from (source for aim, source in pairs if isinstance(aim, ast.Name) and aim.id == name)


def _holds(function: ast.FunctionDef, node: ast.Call) -> bool:
    return function.lineno <= node.lineno <= (function.end_lineno or 0)


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
