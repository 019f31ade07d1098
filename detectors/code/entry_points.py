"""Entry points: thin programs that do what they call in another file of the same root, and scripts that launch one.

What it sees: the functions and classes that a program without a role of its own imports and calls; the files that a script runs by their names; the
roles of the files in which these stand.
What it says: that the program has the role of what it starts, and that the script launches it, with the line and the path of that file.
What it cannot know: names that are put together while a program runs, and which of several things a module does is asked for by arguments.
Source: inspector/standards/entry-points.toml.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import CODE, Claim, Component, Constructs, Count, Evidence, Location, Span
from inspector.sources.entry_points import launched, load_entry_points, started
from inspector.sources.places import Places
from inspector.uses import Use, UseKind

EMITS = {(role.component, Claim.PRESENT) for role in load_entry_points().role}
# A script can launch a script that launches a program.
PASSES = 3


@dataclass(slots=True)
class Root:
    """The files of one root: where they are, what they use, and the roles that are known of them so far."""

    name: str
    places: Places
    uses: dict[str, tuple[Use, ...]]
    roles: dict[str, list[Evidence]] = field(default_factory=dict)

    def tell(self, item: Evidence, component: Component, value: str, by: str, use: Use) -> Found | None:
        """Give a file a role because of another's, unless it has it already."""
        held = self.roles.setdefault(by, [])
        if any(known.component is component and known.value == value for known in held):
            return None
        place = Location(root=self.name, path=by, span=Span(use.line, use.line) if use.line else None)
        details = Constructs(seen=(Count(f"starts:{item.location.path}"[:120], use.line),))
        made = Evidence(
            component=component,
            claim=Claim.PRESENT,
            value=value,
            location=place,
            certainty=item.certainty,
            detector="entry-points",
            details=details,
        )
        held.append(made)
        return Found(component, Claim.PRESENT, value, item.certainty, details=details, at=place)


@crosscheck("entry-points", emits=EMITS)
def entry_points(gathered: Gathered) -> Iterator[Found]:
    """Give a program the role of what it calls, and a script the launch of what it runs."""
    for name in sorted({item.root for item in gathered.uses}):
        places = Places(record.path for record in gathered.files if record.root == name)
        root = Root(name, places, {item.path: item.uses for item in gathered.uses if item.root == name})
        for item in gathered.evidence:
            if item.location.root == name and item.claim is Claim.PRESENT and item.component in CODE:
                root.roles.setdefault(item.location.path, []).append(item)
        for path in sorted(set(root.uses) - set(root.roles)):
            yield from _started(root, path)
        scripts = [path for path in sorted(root.uses) if path.casefold().endswith(load_entry_points().launchers)]
        for _ in range(PASSES):
            yield from (found for path in scripts for found in _launched(root, path))


def _started(root: Root, path: str) -> Iterator[Found]:
    for use in root.uses[path]:
        target = _target(root, path, use) if use.kind is UseKind.CALLS else None
        for item in started(use.target, target, tuple(root.roles.get(target, ()))) if target is not None else ():
            if (found := root.tell(item, item.component, item.value, path, use)) is not None:
                yield found


def _launched(root: Root, path: str) -> Iterator[Found]:
    for use in root.uses[path]:
        target = root.places.find(path, use) if use.kind is UseKind.RUNS else None
        if target is None or target == path:
            continue
        for component, value, item in launched(path, target, tuple(root.roles.get(target, ()))):
            if component is Component.TRAINING and any(known.component is component for known in root.roles.get(path, ())):
                continue
            if (found := root.tell(item, component, value, path, use)) is not None:
                yield found


def _target(root: Root, by: str, use: Use) -> str | None:
    """Find the file that a called name stands in, also behind a package that only hands the name on."""
    target = root.places.find(by, use)
    if target is None or target == by or target in root.roles:
        return target if target != by else None
    parts = use.target.split(".")
    for imported in root.uses.get(target, ()):
        if imported.kind is UseKind.IMPORTS and imported.target.rpartition(".")[2] in parts:
            further = root.places.find(target, imported)
            if further is not None and further != by and further in root.roles:
                return further
    return None
