"""Code that runs on loading: what the Python files that a model's settings name reach for.

What it sees: the files that `auto_map` and custom pipelines name, the modules of the bundle that these import, and the calls in all of them.
What it says: an issue for each file that is run, with what it touches (processes, connections, files, further code) and where; nothing where it
touches nothing. That the code is named and is not here.
What it cannot know: what names that are put together while a program runs stand for; what the libraries that it calls do.
Source: the transformers documentation, "Customizing models"; inspector/standards/touches.toml.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Claim, Component, Evidence, Issue, Location, Reference, Severity, Span
from inspector.sources.places import Places
from inspector.sources.touches import Reached, read_touch
from inspector.uses import Use, UseKind

MOST_FILES = 200
RANK = tuple(Severity)


@crosscheck("loading-code")
def loading_code(gathered: Gathered) -> Iterator[Found | Issue]:
    """Follow the code that settings name through the bundle, and say what it touches."""
    for root in sorted({record.root for record in gathered.files}):
        named: dict[str, list[Evidence]] = {}
        for item in gathered.evidence:
            if item.location.root == root and _is_named_code(item) and isinstance(item.details, Reference):
                path = str(PurePosixPath(item.location.path).parent / item.details.target)
                named.setdefault(path, []).append(item)
        yield from _follow(root, named, gathered) if named else ()


def _is_named_code(item: Evidence) -> bool:
    return item.component in (Component.ARCHITECTURE, Component.TOKENIZER) and item.claim is Claim.REFERENCED and _kind(item) == "file"


def _kind(item: Evidence) -> str:
    return item.details.kind if isinstance(item.details, Reference) else ""


def _follow(root: str, named: dict[str, list[Evidence]], gathered: Gathered) -> Iterator[Issue]:
    paths = gathered.paths(root)
    uses = {item.path: item.uses for item in gathered.uses if item.root == root}
    places = Places(paths)
    for path, items in sorted(named.items()):
        by = tuple(dict.fromkeys(item.location for item in items))
        if path not in paths:
            yield Issue(
                rule="config.remote-code-missing",
                severity=Severity.LOW,
                message=f"loading runs {path}, which is not in this bundle",
                locations=by,
                settle="Download the file; what it does cannot be told without it.",
            )
            continue
        reached = _reach(path, uses, places)
        if reached:
            yield _issue(root, path, by, reached)


def _reach(start: str, uses: dict[str, tuple[Use, ...]], places: Places) -> list[tuple[str, Reached]]:
    """List what a file and the modules of the bundle that it imports touch."""
    queue, seen = [start], {start}
    found: list[tuple[str, Reached]] = []
    while queue and len(seen) < MOST_FILES:
        path = queue.pop()
        for use in uses.get(path, ()):
            if use.kind is UseKind.TOUCHES:
                found.append((path, read_touch(use)))
            elif use.kind is UseKind.IMPORTS and (other := places.find(path, use)) is not None and other not in seen:
                seen.add(other)
                queue.append(other)
    return sorted(found, key=lambda pair: (RANK.index(pair[1].touch.severity), pair[0], pair[1].line))


def _issue(root: str, path: str, by: tuple[Location, ...], reached: list[tuple[str, Reached]]) -> Issue:
    told = "; ".join(dict.fromkeys(f"{item.touch.why} ({item.name})" for _, item in reached))
    at = (Location(root=root, path=where, span=Span(item.line, item.line)) for where, item in reached)
    return Issue(
        rule="config.remote-code-touches",
        severity=reached[0][1].touch.severity,
        message=f"code that runs when the model is loaded, from {path}: {told}",
        locations=(*at, *by),
        settle="Read these lines before the model is loaded with remote code trusted.",
    )
