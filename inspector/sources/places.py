"""Find the file of a root that a name in another file means: a path, a module, a path behind a variable; none where that is not clear."""

from collections.abc import Iterable, Iterator

from inspector.pure_paths import pure_path
from inspector.uses import SCRIPT_SUFFIXES, Use, UseKind

DEEPEST = 12


class Places:
    """The paths of one root, by their last part."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = frozenset(paths)
        self._by_name: dict[str, list[str]] = {}
        for path in sorted(self._paths):
            self._by_name.setdefault(path.rpartition("/")[2], []).append(path)

    def find(self, by: str, use: Use) -> str | None:
        """Give the path that a use in the file `by` means."""
        if use.kind is UseKind.TOUCHES:
            return None
        scripted = use.target.casefold().endswith(SCRIPT_SUFFIXES)
        module = use.kind in {UseKind.IMPORTS, UseKind.CALLS} or (use.kind is UseKind.RUNS and not scripted)
        return self._module(by, use.target) if module else self._path(by, use.target)

    def _path(self, by: str, target: str) -> str | None:
        parts = _plain(target)
        if not parts:
            return None
        for folder in _folders(by):
            path = _join(folder, parts)
            if path in self._paths:
                return path
        return self._nearest(by, "/".join(part for part in parts if part != ".."))

    def _nearest(self, by: str, ending: str) -> str | None:
        """Give the path that ends so and shares the longest beginning with `by`; none when two are as near."""
        held = [path for path in self._by_name.get(ending.rpartition("/")[2], ()) if path == ending or path.endswith(f"/{ending}")]
        ranked = sorted(held, key=lambda path: -_shared(path, by))
        if len(ranked) > 1 and _shared(ranked[0], by) == _shared(ranked[1], by):
            return None
        return ranked[0] if ranked else None

    def _module(self, by: str, target: str) -> str | None:
        names = target.split(".")
        relative = names[0] == "~"
        names = names[1:] if relative else names
        for length in range(len(names), 0, -1):
            ending = "/".join(names[:length])
            for folder in _folders(by):
                for path in (f"{folder}{ending}.py", f"{folder}{ending}/__main__.py", f"{folder}{ending}/__init__.py"):
                    if path in self._paths and path != by:
                        return path
            if length > 1 and not relative and (near := self._nearest(by, f"{ending}.py")):
                return near
        return None


def _plain(target: str) -> list[str]:
    """Split a path; what stands before the last variable in it is not known."""
    parts = [part for part in target.replace("\\", "/").split("/") if part not in {"", "."}]
    unknown = [place for place, part in enumerate(parts) if "$" in part or "{" in part or part == "~"]
    return parts[unknown[-1] + 1 :] if unknown else parts


def _folders(by: str) -> Iterator[str]:
    """List the folder of a file and those above it, each with a slash at its end, the root as an empty text."""
    parts = pure_path(by).parts[:-1][:DEEPEST]
    for length in range(len(parts), -1, -1):
        yield "".join(f"{part}/" for part in parts[:length])


def _join(folder: str, parts: list[str]) -> str:
    stack = folder.split("/")[:-1]
    for part in parts:
        if part != "..":
            stack.append(part)
        elif stack:
            stack.pop()
    return "/".join(stack)


def _shared(path: str, other: str) -> int:
    """Count the folders that two paths share from the root on."""
    count = 0
    for left, right in zip(path.split("/")[:-1], other.split("/")[:-1], strict=False):
        if left != right:
            break
        count += 1
    return count
