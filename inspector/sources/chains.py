"""Join entry points: from what starts a run, through the scripts and modules it uses, to the code that trains and the settings that are read.

Only names that stand in files are followed, to files that are here; nothing is guessed. Pure.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from inspector.detector import Gathered
from inspector.model import Certainty, Chain, Claim, Component, Constructs, Count, Evidence, Fit, Location, Sizes, Span, Step
from inspector.sources.places import Places
from inspector.uses import Use, UseKind
from inspector.weights.sizes import compare_sizes

TRAINS = ("pre-training", "training")
STARTS = ("launch", *TRAINS)
SETTINGS = ("settings", "settings-fragment")
# What runs a model, tests, converts or defines it leads to no training, also where it imports a module that could train.
APART = frozenset({Component.INFERENCE, Component.EVALUATION, Component.ARCHITECTURE, Component.PREPROCESSING, Component.SUPPORTING})
DEEPEST = 4
WIDEST = 300
MOST_SETTINGS = 6
COMMANDS = (".md", ".markdown", ".rst", ".txt", ".sh", ".bash", ".slurm", ".sbatch")
RANK = {Fit.SAME: 0, Fit.UNKNOWN: 1, Fit.OTHER: 2, Fit.NONE: 3}


@dataclass(frozen=True, slots=True)
class Edge:
    """A use that leads to a file of the same root."""

    kind: UseKind
    path: str
    line: int


Route = tuple[tuple[str, Edge], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A chain, where it starts, and how that is known."""

    start: Location
    certainty: Certainty
    chain: Chain


class Joined:
    """The files of one root by what they use and what they are for."""

    def __init__(self, root: str, gathered: Gathered, models: Sequence[Sequence[Count]]) -> None:
        self.root, self._models = root, models
        self._places = Places(record.path for record in gathered.files if record.root == root)
        self._uses: Mapping[str, tuple[Use, ...]] = {item.path: item.uses for item in gathered.uses if item.root == root}
        self._edges: dict[str, tuple[Edge, ...]] = {}
        training = [item for item in gathered.evidence if _is_training(item) and item.location.root == root]
        self.starts = _by_path(training, STARTS)
        self.trains = _by_path(training, TRAINS)
        self._settings = _by_path(training, SETTINGS)
        self._apart = {item.location.path for item in gathered.evidence if item.component in APART and item.claim is Claim.PRESENT}

    def edges(self, path: str) -> tuple[Edge, ...]:
        """List what a file uses that is here."""
        if path not in self._edges:
            found = ((use, self._places.find(path, use)) for use in self._uses.get(path, ()) if use.kind is not UseKind.CALLS)
            self._edges[path] = tuple(Edge(use.kind, target, use.line) for use, target in found if target is not None and target != path)
        return self._edges[path]

    def chains(self) -> Iterator[Run]:
        """Give a run for every command and launch that leads to training, and for training code that none of them leads to."""
        runs = [run for path in sorted(self._uses) if path not in self.starts for run in self._commands(path)]
        launches = [path for path, item in self.starts.items() if path not in self.trains]
        runs += [run for path in launches if (run := self._start(path)) is not None]
        reached = {edge.path for path in self.starts for edge in self.edges(path) if edge.kind is not UseKind.READS}
        reached |= {step.location.path for run in runs for step in run.chain.steps}
        bare = [path for path in self.trains if path not in reached]
        yield from runs
        yield from (run for path in bare if (run := self._start(path)) is not None)

    def _leads_elsewhere(self, path: str) -> bool:
        """Say whether a file is a launch that is told of itself, or does something else than training."""
        return path not in self.trains and (path in self.starts or path in self._apart)

    def _start(self, path: str) -> Run | None:
        item, route = self.starts[path], self._route(path, self.edges(path))
        return None if route is None else self._run(item.location, item.certainty, route, ())

    def _commands(self, path: str) -> Iterator[Run]:
        """Give the runs that a document tells its readers to start, or that a script starts under another name: one for each command."""
        if not path.casefold().endswith(COMMANDS):
            return
        lines = dict.fromkeys(edge.line for edge in self.edges(path) if edge.kind is UseKind.RUNS)
        for line in lines:
            edges = tuple(edge for edge in self.edges(path) if edge.line == line)
            if any(self._leads_elsewhere(edge.path) for edge in edges):
                continue
            if (route := self._route(path, edges)) is not None:
                place = Location(root=self.root, path=path, span=Span(line, line))
                yield self._run(place, Certainty.MATCHED, route, edges)

    def _route(self, start: str, first: tuple[Edge, ...]) -> Route | None:
        """Find the shortest way to code that trains: each step with the file it is taken from; empty when the start itself does."""
        if start in self.trains:
            return ()
        queue: deque[tuple[str, Route]] = deque([(start, ())])
        seen = {start}
        while queue and len(seen) < WIDEST:
            path, route = queue.popleft()
            for edge in self.edges(path) if route else first:
                if edge.kind is UseKind.READS or edge.path in seen or (edge.path in self._apart and edge.path not in self.trains):
                    continue
                seen.add(edge.path)
                further = (*route, (path, edge))
                if edge.path in self.trains:
                    return further
                if len(further) < DEEPEST:
                    queue.append((edge.path, further))
        return None

    def _run(self, start: Location, certainty: Certainty, route: Route, beside: tuple[Edge, ...]) -> Run:
        """Make a run of a route; `beside` are the uses that stand in the same command, where it has one of its own."""
        steps = [Step(verb="starts", location=start)]
        for by, edge in route:
            trains = self.trains.get(edge.path)
            place = trains.location if trains is not None else Location(root=self.root, path=edge.path)
            steps.append(Step(verb=edge.kind, location=place, named=self._named(by, edge)))
        files = [*(() if beside else (start.path,)), *(edge.path for _, edge in route)]
        read = sorted(self._read(start.path, files, beside), key=lambda pair: RANK[pair[1]])
        launch = self.starts.get(start.path)
        fits = [fit for _, fit in read] + ([_fit(launch, self._models)] if launch is not None and _gives_sizes(launch) else [])
        fit = min(fits, key=RANK.__getitem__, default=Fit.NONE)
        return Run(start, certainty, Chain(steps=(*steps, *(step for step, _ in read[:MOST_SETTINGS])), fit=fit))

    def _read(self, start: str, files: Iterable[str], beside: tuple[Edge, ...]) -> list[tuple[Step, Fit]]:
        """List the settings that stand in files or are read by them, also by way of other settings, with how they fit the weights."""
        queue: deque[tuple[str, Location | None]] = deque((path, None) for path in files)
        queue.extend((edge.path, self._named(start, edge)) for edge in beside)
        seen: set[str] = set()
        found: list[tuple[Step, Fit]] = []
        while queue and len(seen) < WIDEST:
            path, named = queue.popleft()
            if path in seen:
                continue
            seen.add(path)
            if (item := self._settings.get(path)) is not None:
                found.append((Step(verb="reads" if named else "sets", location=item.location, named=named), _fit(item, self._models)))
            queue.extend((edge.path, self._named(path, edge)) for edge in self.edges(path) if self._is_read(edge))
        return found

    def _is_read(self, edge: Edge) -> bool:
        """Say whether a use is of settings; a script that only sets values and trains nothing is settings too."""
        return edge.kind is UseKind.READS or (edge.kind is UseKind.RUNS and edge.path in self._settings and edge.path not in self.trains)

    def _named(self, by: str, edge: Edge) -> Location:
        return Location(root=self.root, path=by, span=Span(edge.line, edge.line) if edge.line else None)


def join_runs(gathered: Gathered) -> Iterator[Run]:
    """Give the runs of all roots."""
    models = sizes_of_weights(gathered.evidence)
    for root in sorted({item.location.root for item in gathered.evidence if _is_training(item)}):
        yield from Joined(root, gathered, models).chains()


def sizes_of_weights(evidence: Iterable[Evidence]) -> tuple[tuple[Count, ...], ...]:
    """List the sizes that the configurations beside weights give."""
    items = tuple(evidence)
    held = {item.location.root for item in items if item.component is Component.PARAMETERS and item.claim is Claim.PRESENT}
    return tuple(item.details.sizes for item in items if isinstance(item.details, Sizes) and item.location.root in held)


def _fit(item: Evidence, models: Sequence[Sequence[Count]]) -> Fit:
    return compare_sizes(item.details.sizes, models) if isinstance(item.details, Constructs) else Fit.UNKNOWN


def _gives_sizes(item: Evidence) -> bool:
    return isinstance(item.details, Constructs) and bool(item.details.sizes)


def _is_training(item: Evidence) -> bool:
    return item.component is Component.TRAINING and item.claim is Claim.PRESENT


def _by_path(items: Iterable[Evidence], values: Sequence[str]) -> dict[str, Evidence]:
    """Keep one piece of evidence a file: of the values that come first."""
    held: dict[str, Evidence] = {}
    for item in items:
        known = held.get(item.location.path)
        if item.value in values and (known is None or values.index(item.value) < values.index(known.value)):
            held[item.location.path] = item
    return held
