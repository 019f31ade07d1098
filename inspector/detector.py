"""The contract of a detector: what it wants as data, what it may say, and how it is found.

A detector is a generator function under `@detector`. It is handed one open `File` at a time, reads through its bounded views,
and yields what it found. It never opens anything itself. A `@crosscheck` is handed the finished evidence of all files and yields more of the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from inspector.bundle import File
from inspector.model import (
    Certainty,
    Claim,
    Component,
    Details,
    Evidence,
    FileRecord,
    Issue,
    Location,
    Problem,
    RootRecord,
    Scope,
    Source,
    Span,
)
from inspector.uses import FileUses, Use


@dataclass(frozen=True, slots=True)
class Magic:
    """Bytes that must stand at an offset (bytes from the start, within the first 4 KiB)."""

    data: bytes
    offset: int = 0

    def stands_in(self, head: bytes) -> bool:
        """Say whether the head of a file holds these bytes."""
        return head[self.offset : self.offset + len(self.data)] == self.data


@dataclass(frozen=True, slots=True)
class Wants:
    """Which files a detector is offered: any one match is enough. Names, suffixes and globs are compared case-folded.

    `names` are base names, `suffixes` end a base name (`.py`, `.safetensors.index.json`), `globs` match base names with `*`, `magic` matches content.
    """

    names: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    magic: tuple[Magic, ...] = ()
    starts: tuple[bytes, ...] = field(init=False, default=())
    others: tuple[Magic, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        """Sort the magic by where it stands: every file is held against all that stands at its start, in one step."""
        object.__setattr__(self, "starts", tuple(magic.data for magic in self.magic if not magic.offset))
        object.__setattr__(self, "others", tuple(magic for magic in self.magic if magic.offset))

    def match_name(self, path: str) -> bool:
        """Say whether a path is wanted by its name."""
        name = path.rpartition("/")[2].casefold()
        return name in self.names or name.endswith(self.suffixes or ("\0",)) or any(fnmatchcase(name, glob) for glob in self.globs)

    def match_head(self, head: bytes) -> bool:
        """Say whether a file is wanted by its first bytes."""
        return head.startswith(self.starts) or any(magic.stands_in(head) for magic in self.others)


@dataclass(frozen=True, slots=True)
class Format:
    """The file is recognised: it has this format. Yield it first; a file for which no detector does is listed as unclaimed."""

    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """Evidence before the core adds the file and the detector to it.

    `member` is a path inside an archive. For a crosscheck `at` gives the whole location, since there is no file.
    """

    component: Component
    claim: Claim
    value: str
    certainty: Certainty = Certainty.READ
    span: Span | None = None
    pointer: str | None = None
    details: Details | None = None
    excerpt: str | None = None
    member: str | None = None
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that can hold a statement of terms: the core has it identified, once per distinct text, and turns the answer into evidence.

    `first_line` is the line of the file at which the text begins (from 1). `whole` says that the text is a licence file of its own: approximate
    matching is allowed there and text that no licence explains is reported.
    """

    text: str
    component: Component
    scope: Scope
    source: Source
    first_line: int = 1
    whole: bool = False
    pointer: str | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """An id or a sentence that names terms without their text: `license: llama2`, `general.license`, an SPDX tag.

    The core resolves it with the table of licences; `link` and `name` are what stands beside it (`license_link`, `license_name`). A sentence
    that is `hedged` can restrict and grants nothing; `about` is the model it names, where that is another than the document's own.
    """

    text: str
    component: Component
    scope: Scope
    source: Source = Source.DECLARED
    name: str | None = None
    link: str | None = None
    span: Span | None = None
    pointer: str | None = None
    excerpt: str | None = None
    hedged: bool = False
    about: str = ""


Said = Format | Found | Issue | Passage | Declared | Use
Looks = Callable[[File], Iterator[Said]]


@dataclass(frozen=True, slots=True)
class Detector:
    """A detector as the registry keeps it: its id, what it wants, the formats it recognises, what it may claim, its version, its documentation."""

    id: str
    wants: Wants
    formats: tuple[str, ...]
    emits: frozenset[tuple[Component, Claim]]
    version: int
    doc: str
    look: Looks


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a crosscheck sees: all files and all evidence so far, sorted, what could not be read, what files use of each other, the roots."""

    files: tuple[FileRecord, ...]
    evidence: tuple[Evidence, ...]
    problems: tuple[Problem, ...] = ()
    uses: tuple[FileUses, ...] = ()
    roots: tuple[RootRecord, ...] = ()

    def paths(self, root: str) -> frozenset[str]:
        """List the paths of one root."""
        return frozenset(record.path for record in self.files if record.root == root)

    def by_file(self, *pairs: tuple[Component, Claim]) -> Mapping[tuple[str, str], tuple[Evidence, ...]]:
        """Group the evidence of some kinds by the file (root, path) it was read in."""
        groups: dict[tuple[str, str], list[Evidence]] = {}
        for item in self.evidence:
            if (item.component, item.claim) in pairs:
                groups.setdefault((item.location.root, item.location.path), []).append(item)
        return {key: tuple(items) for key, items in groups.items()}


Compares = Callable[[Gathered], Iterator[Found | Issue]]


@dataclass(frozen=True, slots=True)
class Crosscheck:
    """A second pass over the finished evidence: its id, what it may claim, its version, its documentation and its function."""

    id: str
    emits: frozenset[tuple[Component, Claim]]
    version: int
    doc: str
    compare: Compares


def detector(
    name: str, *, wants: Wants, formats: tuple[str, ...], emits: Iterable[tuple[Component, Claim]] = (), version: int = 1
) -> Callable[[Looks], Detector]:
    """Make a detector of a generator function; the module's docstring is its documentation, `formats` are the names it may yield."""

    def wrap(look: Looks) -> Detector:
        return Detector(name, wants, formats, frozenset(emits), version, module_doc(look), look)

    return wrap


def crosscheck(name: str, *, emits: Iterable[tuple[Component, Claim]] = (), version: int = 1) -> Callable[[Compares], Crosscheck]:
    """Make a crosscheck of a generator function; the function's docstring is its documentation."""

    def wrap(compare: Compares) -> Crosscheck:
        return Crosscheck(name, frozenset(emits), version, (compare.__doc__ or "").strip(), compare)

    return wrap


def module_doc(look: Looks) -> str:
    """Read the docstring of the module a function was written in."""
    return str(getattr(look, "__globals__", {}).get("__doc__") or look.__doc__ or "").strip()
