"""The issues of pickles: the globals that weights do not need with the calls that would be made of them, and what no writer of weights does."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from inspector.bundle import File
from inspector.model import Issue, Location, Severity, Span, Unit, printable
from inspector.pickles.globals import holds_items, judge_global
from inspector.pickles.listing import Listing, Odd
from inspector.pickles.symbols import Global
from inspector.sightings import Sightings

MOST_LOCATIONS = 50
MOST_NAMED = 5
MOST_SHOWN = 3
DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
MESSAGES = (
    (Severity.HIGH, "loading this pickle runs, opens or fetches something"),
    (Severity.MEDIUM, "this pickle needs code that weights do not need"),
    (Severity.LOW, "loading this pickle builds objects of a library's classes, which has to be installed and trusted"),
)
SETTLE = "Do not load this file with a pickle reader; ask for the weights as safetensors, or read the code that made it first."


@dataclass(slots=True)
class _Places:
    """The globals of one severity and the calls of them, each with the place where it was seen first."""

    names: dict[str, Location] = field(default_factory=dict)
    calls: dict[str, Location] = field(default_factory=dict)


class _Judge:
    """Gathers what is wrong with the pickles of a file."""

    def __init__(self, file: File) -> None:
        self._file, self.sightings = file, Sightings(file)
        self.places = {severity: _Places() for severity, _ in MESSAGES}

    def take(self, listing: Listing, path: str) -> None:
        """Judge one pickle and those inside of it."""
        for known, byte in (*listing.globals.items(), *_hidden(listing)):
            if (severity := judge_global(known.module, known.name)) is not None:
                shown = printable(known.full[:200])
                self.places[severity].names.setdefault(shown, self._place(path, byte, shown))
        for known, calls in listing.calls.items():
            if (severity := judge_global(known.module, known.name)) in self.places:
                for text in calls.shown:
                    shown = printable(text)
                    self.places[severity].calls.setdefault(shown, self._place(path, calls.place, shown))
        for (text, maker), calls in listing.computed.items():
            self._add("pickle.computed-call", *_judge_computed(maker), f"{text}: {calls.shown[0]}", (path, calls.place))
        for odd, byte in listing.odd.items():
            if (judged := _judge_odd(odd)) is not None:
                self._add("pickle.odd-state", *judged, odd.target, (path, byte))
        for byte, how, inner in listing.nested:
            self.take(inner, f"{path}!/({how} at byte {byte})" if how else path)

    def _add(self, rule: str, severity: Severity, message: str, pointer: str, at: tuple[str, int]) -> None:
        self.sightings.add_at(rule, severity, message, self._place(*at, printable(pointer[:200])))

    def _place(self, path: str, byte: int, pointer: str) -> Location:
        return Location(root=self._file.root.name, path=path, span=Span(byte, byte + 1, Unit.BYTES), pointer=pointer)


def judge_globals(file: File, listings: Iterable[tuple[Listing, str | None]]) -> Iterator[Issue]:
    """Make one issue of each severity of the unexpected globals of a file's pickles: what acts, what is not known, what a library brings.

    The calls that would be made of them are written out. What no writer of weights does is an issue of its own.
    """
    judge = _Judge(file)
    for listing, member in listings:
        judge.take(listing, f"{file.path}!/{printable(member)}" if member else file.path)
    for severity, message in MESSAGES:
        if named := judge.places[severity].names:
            calls = judge.places[severity].calls
            few = ", ".join(sorted(named)[:MOST_NAMED]) + (f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else "")
            acts = f"; it would call {', '.join(list(calls)[:MOST_SHOWN])}" if calls and severity is not Severity.LOW else ""
            locations = (*(named[name] for name in sorted(named)), *(calls.values() if severity is not Severity.LOW else ()))
            yield Issue(
                rule="pickle.unexpected-global",
                severity=severity,
                message=f"{message}: {few}{acts}"[:600],
                locations=locations[:MOST_LOCATIONS],
                settle=SETTLE,
            )
    yield from judge.sightings.issues(SETTLE)


def is_plain(listing: Listing) -> bool:
    """Say whether a pickle is whole and has nothing that an issue would be made of."""
    odd = listing.fault or listing.computed or listing.odd or listing.nested or listing.detours
    return not odd and all(judge_global(known.module, known.name) is None for known in listing.globals)


def judge_objects(listing: Listing | None) -> tuple[Severity, str]:
    """Say how much it matters that an array is a pickle, by what was followed of it: little where all of it only builds values."""
    if listing is not None and is_plain(listing):
        return Severity.LOW, "an array of objects: reading it means loading the pickle in it, which only builds values"
    return Severity.MEDIUM, "an array of objects: reading it means loading the pickle in it"


def _judge_computed(maker: Global | None) -> tuple[Severity, str]:
    """Say how much it matters that what a call returned is called, and how to say so."""
    if maker is None:
        return Severity.HIGH, "loading this pickle calls something that only shows when it is loaded"
    severity = Severity.HIGH if judge_global(maker.module, maker.name) is Severity.HIGH else Severity.MEDIUM
    return severity, "loading this pickle calls what another call returns"


def _judge_odd(odd: Odd) -> tuple[Severity, str] | None:
    """Say how much something matters that no writer of weights does; `None` where it is in order for what made the object."""
    if odd.what.startswith("puts items"):
        if odd.maker is not None and odd.target != odd.maker.full and holds_items(odd.maker.module, odd.maker.name):
            return None
        return Severity.HIGH, f"loading this pickle {odd.what}"
    return Severity.HIGH if odd.what.startswith("changes") else Severity.MEDIUM, f"this pickle {odd.what}"


def _hidden(listing: Listing) -> Iterator[tuple[Global, int]]:
    """Give the globals that a reader finds who takes an array's bytes for opcodes; what is no name is chance."""
    for detour in listing.detours:
        for known, byte in detour.globals.items():
            if DOTTED.fullmatch(known.module) and DOTTED.fullmatch(known.name):
                yield known, byte
