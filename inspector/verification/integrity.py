"""The nouns of verifying: what a record says that a file should be, how a file stands to it, and the answer for all of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from inspector.bundle import Survey
from inspector.judgement import Tool
from inspector.model import Frozen, Issue, Location, Problem, RootRecord, printable

LONGEST = 4096  # characters of a path
SCHEMA = "preferred-form/verification/1"
ALGORITHMS = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}  # by hexadecimal digits
GIT = {40: "git-sha1", 64: "git-sha256"}
DIGITS = {**{name: count for count, name in (*ALGORITHMS.items(), *GIT.items())}, "blake2b": 128}
KNOWN = frozenset({*ALGORITHMS.values(), *GIT.values(), "blake2b"})


class State(StrEnum):
    """How a file stands to what is recorded of it, the worst first."""

    CHANGED = "changed"  # it has other content
    SWAPPED = "swapped"  # it has the content that another path should have
    TRUNCATED = "truncated"  # it has other content, and fewer bytes
    MISSING = "missing"  # it should be here
    EXTRA = "extra"  # a record of all files does not have it
    NOT_DOWNLOADED = "not-downloaded"  # a pointer stands in for it, or it was never fetched
    NOT_READ = "not-read"  # it could not be read
    INTACT = "intact"  # its content has the recorded digest
    NOT_RECORDED = "not-recorded"  # nothing that is recorded proves its content


WORST_FIRST = tuple(State)
BAD = frozenset(WORST_FIRST[: WORST_FIRST.index(State.NOT_DOWNLOADED)])


class Answer(StrEnum):
    """What a reader is told first."""

    NOT_INTACT = "not-intact"  # something is not as it is recorded
    INCOMPLETE = "incomplete"  # nothing of that, but something that is recorded was never downloaded
    NOT_ALL_READ = "not-all-read"  # nothing of that, but something could not be read
    NOTHING_RECORDED = "nothing-recorded"  # there is nothing to verify against, which is not the same as intact
    PARTLY = "intact-as-far-as-recorded"  # what is recorded is intact; of other files nothing is known
    INTACT = "intact"  # every file is recorded and intact


class Strength(StrEnum):
    """What agreement with a record proves."""

    SIGNED = "signed"  # the record's signature was verified with what the user gave
    GIVEN = "given"  # the user gave the record, so that it did not travel with the bundle
    CHAINED = "chained"  # one id names all of it: whoever knows the id from elsewhere has it proven
    TRAVELS = "travels"  # it came with the bundle: whoever changed the files could change it too


class Expected(Frozen, frozen=True):
    """What a record says of one path: a digest, a size in bytes, that it is a link, or that it is `absent` upstream.

    Where it is `partial` the digest is the beginning of one. `listed` says that the record merely names it among what there is upstream. Where
    `hint` is set, the size explains a difference and proves none.
    """

    path: str
    ledger: str
    record: Location
    algorithm: str = ""
    digest: str = ""
    partial: bool = False
    size: int | None = None
    hint: bool = False
    link: bool | None = None
    absent: bool = False
    listed: bool = False


class Complete(Frozen, frozen=True):
    """A record lists all files below a directory (`base`, with a slash behind it; empty for the root), but for those below `except_for`."""

    ledger: str
    record: Location
    base: str = ""
    except_for: tuple[str, ...] = ()


class Proven(Frozen, frozen=True):
    """The strength of what a ledger says is another than usual, for the record at this place, and why."""

    ledger: str
    record: Location
    strength: Strength
    reason: str


class Note(Frozen, frozen=True):
    """Something to tell the reader, which is no finding."""

    text: str


class Own(Frozen, frozen=True):
    """A file of the bundle is a record itself."""

    path: str
    ledger: str


@dataclass(frozen=True, slots=True)
class Trust:
    """What the user gives to verify signatures with: a public key, or certificates that are trusted."""

    key: Path | None = None
    certificate: Path | None = None


Said = Expected | Complete | Proven | Note | Own | Issue | Problem
Reads = Callable[[Survey, Trust], Iterator[Said]]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A kind of record: its id, what it is called, what agreement with it proves, how strong that is, and how it is read."""

    id: str
    title: str
    proves: str
    strength: Strength
    read: Reads


def ledger(name: str, *, title: str, proves: str, strength: Strength = Strength.TRAVELS) -> Callable[[Reads], Ledger]:
    """Make a ledger of a generator function over the survey of one root; it is found by being in `inspector.verification.ledgers`."""
    return lambda read: Ledger(name, title, proves, strength, read)


class Check(Frozen, frozen=True):
    """How a file stands to one record, and why."""

    ledger: str
    record: Location
    state: State
    reason: str


class FileAnswer(Frozen, frozen=True):
    """How a file stands to everything that is recorded of it; digests that were computed, by algorithm; its size in bytes where it is here."""

    root: str
    path: str
    state: State
    checks: tuple[Check, ...]
    size: int | None = None
    digests: tuple[tuple[str, str], ...] = ()


class LedgerUse(Frozen, frozen=True):
    """The records of one kind in one root: at most eight places, how many files they speak of, what agreement proves."""

    ledger: str
    title: str
    root: str
    places: tuple[Location, ...]
    files: int
    complete: bool
    strength: Strength
    proves: str


class Verification(Frozen, frozen=True):
    """The answer for all roots."""

    schema: str
    tool: Tool
    name: str
    roots: tuple[RootRecord, ...]
    answer: Answer
    records: tuple[LedgerUse, ...]
    files: tuple[FileAnswer, ...]
    issues: tuple[Issue, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()


def join_path(base: str, name: str) -> str | None:
    """Spell a path that a record gives below a directory as the survey does; none where it is absolute, empty or leads upwards."""
    parts = [part for part in name.split("/") if part not in {"", "."}]
    if not parts or name.startswith("/") or ".." in parts or len(name) > LONGEST:
        return None
    joined = "/".join(parts)
    return base + (joined if joined.isprintable() else "/".join(printable(part) for part in parts))
