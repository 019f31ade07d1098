"""How languages write what they import: as a path, a module in quotes, a package, a tree of names, or a list of names."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LONGEST = 8_192
MOST = 400
HEADER = re.compile(r"\.(h|hh|hpp|hxx|cuh|inc|c|cc|cpp|cu)$")
MODULE = re.compile(r"(?:\bfrom|\brequire\s*\(|\bimport\s*\(|\bimport)\s*(['\"`])([^'\"`\n]{1,300})\1\s*\)?(?:\.([\w$]+))?")
STAR = re.compile(r"\*\s*as\s+([\w$]+)")
BRACED = re.compile(r"\{([^{}]*)\}")
MEMBER = re.compile(r"([\w$]+)(?:\s*(?::|\bas\b)\s*([\w$]+))?")
FIRST = re.compile(r"\b(?:import|const|let|var)?\s*(?:type\s+)?([A-Za-z_$][\w$]*)\s*(?:=|,|from\b)")
TREE = re.compile(r"::|[{},*]|[A-Za-z_]\w*")
VERSION = re.compile(r"v\d+")
QUOTED = re.compile(r"([\w.]*)\s*[\"`]([^\"`]+)[\"`]")
KEYWORDS = re.compile(
    r"^\s*(?:@\w+\s+)*(?:public\s+|internal\s+)?(?:import|using)\s+(?:(?:struct|class|enum|func|protocol|typealias|var|let)\s+)?"
)


@dataclass(frozen=True, slots=True)
class Imported:
    """A dotted name that is imported, and the name it has in the file; no alias when it brings no single name."""

    parts: tuple[str, ...]
    alias: str = ""


def _segments(path: str) -> tuple[str, ...]:
    """Split a path of folders; a relative one begins with `~`, and dots within a folder's name become underscores."""
    folders = [folder for folder in path.split("/") if folder]
    relative = (bool(folders) and folders[0] in {".", ".."}) or path.startswith(("@/", "~/"))
    kept = [folder.replace(".", "_") for folder in folders if folder not in {".", "..", "@", "~"}]
    return ("~", *kept) if relative else tuple(kept)


def _path(text: str) -> Iterator[Imported]:
    if parts := _segments(HEADER.sub("", text.strip('<>" \t'))):
        yield Imported(parts)


def _module(text: str) -> Iterator[Imported]:
    found = MODULE.search(text)
    if found is None or not (parts := _segments(found[2])):
        return
    yield Imported(parts)
    left = text[: found.start()]
    if star := STAR.search(left):
        yield Imported(parts, star[1])
    if first := FIRST.match(left.lstrip()):
        yield Imported((*parts, found[3]) if found[3] else parts, first[1])
    if braced := BRACED.search(left):
        for member in MEMBER.finditer(braced[1]):
            yield Imported((*parts, member[1]), member[2] or member[1])


def _package(text: str) -> Iterator[Imported]:
    if (found := QUOTED.search(text)) and (parts := _segments(found[2])):
        last = parts[-2] if len(parts) > 1 and VERSION.fullmatch(parts[-1]) else parts[-1]
        yield Imported(parts, {"": last, "_": "", ".": ""}.get(found[1], found[1]))


def _tree(text: str) -> Iterator[Imported]:
    """Read Rust's `a::{b, c::d as e, f::*}` with a stack of what stands before each brace."""
    stack: list[tuple[str, ...]] = []
    current: tuple[str, ...] = ()
    alias, renamed = "", False
    for word in [*TREE.findall(text), ","]:
        if word in {",", "}"}:
            base = stack[-1] if stack else ()
            if current != base or alias:
                yield _leaf(current, alias)
            if word == "}" and stack:
                stack.pop()
            current, alias, renamed = (stack[-1] if stack else ()), "", False
        elif word == "{":
            stack.append(current)
        elif word == "as":
            renamed = True
        elif renamed:
            alias = word
        elif word != "::":
            current = (*current, "~" if word in {"crate", "super"} or (word == "self" and not current) else word)[:8]


def _leaf(parts: tuple[str, ...], alias: str) -> Imported:
    if parts[-1] == "*":
        return Imported(parts[:-1] or ("~",))
    if parts[-1] == "self" and len(parts) > 1:
        return Imported(parts[:-1], alias or parts[-2])
    return Imported(parts, alias or parts[-1])


def _names(text: str) -> Iterator[Imported]:
    """Read `using A, B.C: d, e as f` of Julia and `import A.B` of Swift."""
    body = KEYWORDS.sub("", text)
    package, colon, members = body.partition(":")
    if not colon:
        for item in body.split(","):
            if name := tuple(part for part in item.strip().split(".") if part):
                yield Imported(name, name[-1])
        return
    parts = tuple(part for part in package.strip().split(".") if part)
    yield Imported(parts, parts[-1] if parts else "")
    for member in members.split(","):
        word, _, alias = (piece.strip() for piece in member.partition(" as "))
        if word:
            yield Imported((*parts, word), alias or word)


FORMS: dict[str, Callable[[str], Iterator[Imported]]] = {
    "path": _path,
    "module": _module,
    "package": _package,
    "tree": _tree,
    "names": _names,
}


def read_import(form: str, text: str) -> Iterator[Imported]:
    """List what an import statement brings, at most 400 names, from at most its first 8 KiB."""
    for number, item in enumerate(FORMS[form](text[:LONGEST])):
        if number == MOST:
            return
        if item.parts and all(item.parts):
            yield item


STATEMENTS = {
    "path": re.compile(r"^[ \t]*#[ \t]*include[ \t]*([<\"][^>\"\n]{1,300}[>\"])", re.M),
    "module": re.compile(r"^([^\n'\"]{0,300}(?:\bfrom|\brequire[ \t]*\(|\bimport)[ \t]*['\"][^'\"\n]{1,300}['\"])", re.M),
    "package": re.compile(r"^(?:import[ \t]+|[ \t]+)([\w.]*[ \t]*\"[\w./-]{1,300}\")[ \t]*$", re.M),
    "tree": re.compile(r"^[ \t]*(?:pub[ \t]+)?use[ \t]+([^;]{1,4000});", re.M),
    "names": re.compile(r"^[ \t]*((?:@\w+[ \t]+)?(?:import|using)[ \t][^\n;]{1,300})", re.M),
}


def find_imports(form: str, text: str) -> Iterator[tuple[Imported, int]]:
    """Search a whole text for imports by expression, for languages whose parser is not installed; each with its line."""
    for number, found in enumerate(STATEMENTS[form].finditer(text)):
        if number == MOST:
            return
        line = text.count("\n", 0, found.start(1)) + 1
        for item in read_import(form, found[1]):
            yield item, line
