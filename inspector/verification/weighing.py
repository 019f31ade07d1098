"""How each path stands to what is recorded of it: pure, from what was expected and what is here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from inspector.bundle import start_digest
from inspector.model import Location, Pointer
from inspector.verification.integrity import DIGITS, GIT, WORST_FIRST, Check, Complete, Expected, FileAnswer, State

SHOWN = 16
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n"
SYMBOLIC = "a symbolic link"


@dataclass(frozen=True, slots=True)
class Held:
    """What stands at a path: bytes, digests by algorithm, whether it is a link, the pointer it is, or why it could not be read.

    `folded` are digests with the ends of lines as git keeps them, where the file has others; `target` are those of a link's text.
    """

    size: int = 0
    digests: Mapping[str, str] = field(default_factory=dict)
    link: bool = False
    pointer: Pointer | None = None
    unread: str = ""
    folded: Mapping[str, str] = field(default_factory=dict)
    target: Mapping[str, str] = field(default_factory=dict)


class Scales:
    """Everything that is recorded of one root, by path and by digest."""

    def __init__(self, expected: Iterable[Expected], complete: Iterable[Complete]) -> None:
        self.by_path: dict[str, list[Expected]] = {}  # a digest that is shorter than its algorithm's proves nothing, unless it says so
        self._by_digest: dict[tuple[str, str], list[Expected]] = {}
        self._complete = tuple(complete)
        self._listed: dict[str, set[str]] = {item.ledger: set() for item in self._complete}
        for item in map(_strip, expected):
            self.by_path.setdefault(item.path, []).append(item)
            if item.digest and not item.absent:
                self._by_digest.setdefault((item.algorithm, item.digest), []).append(item)
            if item.ledger in self._listed:
                self._listed[item.ledger].add(item.path)
        self.algorithms = tuple(sorted({algorithm for algorithm, _ in self._by_digest}))

    def list_complete(self, path: str) -> Iterator[tuple[Complete, bool]]:
        """Give the records that list all files where a path is, and whether they have it."""
        for item in self._complete:
            if path.startswith(item.base) and not any(path == out or path.startswith(f"{out}/") for out in item.except_for):
                yield item, path in self._listed[item.ledger]

    def needs(self, path: str) -> tuple[str, ...]:
        """Give the algorithms by which a file is recorded.

        What git-lfs keeps is hashed once: its SHA-256 and size make the pointer that git's index names.
        """
        digests = [item for item in self.by_path.get(path, ()) if item.digest]
        pointed = any(item.algorithm == "sha256" and item.size is not None for item in digests)
        return tuple(sorted({item.algorithm for item in digests if not (pointed and item.hint)}))

    def is_elsewhere(self, path: str) -> bool:
        """Say whether a path that is not here is no file of the bundle either, by all records that list all of its files."""
        lists = [has for _, has in self.list_complete(path)]
        return bool(lists) and not any(lists)

    def weigh(self, root: str, path: str, held: Held | None) -> FileAnswer:
        """Hold what is at a path against every record of it, and against those that list all files."""
        expected = self.by_path.get(path, [])
        checks = [check for item in expected if (check := self._check(item, held, expected)) is not None]
        if held is not None:
            checks += self._find_surplus(path, held, known=bool(checks))
        state = min((check.state for check in checks), key=WORST_FIRST.index, default=State.NOT_RECORDED)
        if held is not None and held.unread:
            state = min(state, State.NOT_READ, key=WORST_FIRST.index)
        digests = tuple(sorted(held.digests.items())) if held else ()
        return FileAnswer(root=root, path=path, state=state, checks=tuple(checks), size=held.size if held else None, digests=digests)

    def _find_surplus(self, path: str, held: Held, *, known: bool) -> Iterator[Check]:
        """Say of a file that lists of all files do not have it, and of one that is not known under its name whose content it is."""
        surplus = [item for item, has in self.list_complete(path) if not has]
        others = self._whose(held, path) if surplus or not known else []
        of = f"; it has the content that {others[0].path} should have" if others else ""
        for item in surplus:
            reason = f"the record lists all files, and not this one{of}"
            yield Check(ledger=item.ledger, record=item.record, state=State.EXTRA, reason=reason)
        if others and not surplus and not known:
            yield Check(ledger=others[0].ledger, record=others[0].record, state=State.NOT_RECORDED, reason=of.removeprefix("; "))

    def _check(self, item: Expected, held: Held | None, others: list[Expected]) -> Check | None:
        verdict = self._missing(item, others) if held is None else self._hold(item, held)
        return Check(ledger=item.ledger, record=item.record, state=verdict[0], reason=verdict[1]) if verdict else None

    def _missing(self, item: Expected, others: list[Expected]) -> tuple[State, str] | None:
        if item.absent:
            return None
        if item.listed and all(other.listed or other.absent for other in others):
            return State.NOT_DOWNLOADED, "it is listed, and no record says that it was ever fetched"
        return State.MISSING, "it is recorded, and nothing is here under this name"

    def _hold(self, item: Expected, held: Held) -> tuple[State, str]:
        if item.absent:
            return State.EXTRA, "the record says that there is no such file upstream"
        if held.unread and not item.link:
            return State.NOT_READ, held.unread
        if item.link is not None and item.link is not held.link:
            return State.CHANGED, f"{SYMBOLIC if held.link else 'a file'} stands where {SYMBOLIC if item.link else 'a file'} should"
        if item.link:
            same = held.target.get(item.algorithm) == item.digest
            return (
                (State.INTACT, "the link leads where it should") if same else (State.CHANGED, "the link leads elsewhere than is recorded")
            )
        if held.pointer is not None:
            return self._hold_pointer(item, held, held.pointer)
        if not item.digest:
            return _measure(item, held)
        if fits(item, held):
            return State.INTACT, f"{item.algorithm} is {_short(item.digest)}"
        return self._differs(item, held)

    def _hold_pointer(self, item: Expected, held: Held, pointer: Pointer) -> tuple[State, str]:
        same = f"a Git LFS pointer stands in for the content (sha256 {_short(pointer.sha256)}, {pointer.size:,} bytes)"
        agrees = pointer.sha256 == item.digest if item.algorithm == "sha256" else fits(item, held) or not item.digest
        if agrees or (item.algorithm == "sha256" and fits(item, held)):
            return State.NOT_DOWNLOADED, same
        if item.algorithm not in {"sha256", *GIT.values()}:
            return State.NOT_DOWNLOADED, f"{same}; {item.algorithm} of it is not recorded there"
        return State.CHANGED, f"a Git LFS pointer to other content than is recorded (sha256 {_short(pointer.sha256)})"

    def _differs(self, item: Expected, held: Held) -> tuple[State, str]:
        actual = held.digests.get(item.algorithm, "")
        told = f"{item.algorithm} is {_short(actual)}, recorded is {_short(item.digest)}"
        if held.folded.get(item.algorithm) == item.digest:
            return State.CHANGED, f"{told}; it differs in the ends of its lines only"
        if others := self._whose(held, item.path):
            return State.SWAPPED, f"{told}; this is the content that {others[0].path} should have"
        size = self._size(item.path)
        if (size is not None and held.size < size) or not held.size:
            of = f" of {size:,}" if size is not None else ""
            return State.TRUNCATED, f"{held.size:,}{of} bytes are here; {told}"
        longer = f", {held.size:,} bytes in place of {size:,}" if size is not None and size != held.size else ""
        return State.CHANGED, f"{told}{longer}"

    def _size(self, path: str) -> int | None:
        """Give the size that records have of a path, if they agree; what merely hints counts where nothing else is known."""
        sized = [item for item in self.by_path[path] if item.size is not None]
        sizes = {item.size for item in sized if not item.hint} or {item.size for item in sized}
        return sizes.pop() if len(sizes) == 1 else None

    def _whose(self, held: Held, path: str) -> list[Expected]:
        """List what is recorded of other paths that should have this content. Nothing is told by empty files."""
        digests = (*held.digests.items(), *hash_pointer(held).items()) if held.size else ()
        found = [other for pair in digests for other in self._by_digest.get(pair, ()) if other.path != path]
        return sorted(found, key=lambda other: other.path)


def _strip(item: Expected) -> Expected:
    """Leave out a digest that has another length than its algorithm gives."""
    if not item.digest or item.partial or DIGITS.get(item.algorithm) == len(item.digest):
        return item
    return msgspec.structs.replace(item, digest="")


def fits(item: Expected, held: Held) -> bool:
    """Say whether what is here has the recorded digest; git's own can be that of the pointer to it."""
    actual = held.digests.get(item.algorithm, "")
    whole = bool(actual) and (actual.startswith(item.digest) if item.partial else actual == item.digest)
    return whole or (item.algorithm in GIT.values() and hash_pointer(held).get(item.algorithm) == item.digest)


def hash_pointer(held: Held) -> dict[str, str]:
    """Give the names that git has for a Git LFS pointer to this content. Source: git-lfs, docs/spec.md."""
    if "sha256" not in held.digests or held.pointer is not None:
        return {}
    data = POINTER.format(held.digests["sha256"], held.size).encode()
    found = {}
    for algorithm in GIT.values():
        digest = start_digest(algorithm, len(data))
        digest.update(data)
        found[algorithm] = digest.hexdigest()
    return found


def _measure(item: Expected, held: Held) -> tuple[State, str]:
    """Hold what is here against a record that has no digest: it can show a difference, and prove no content."""
    if item.size is None or item.hint:
        return State.NOT_RECORDED, "it is named there, and no digest of it is recorded"
    if held.size < item.size:
        return State.TRUNCATED, f"{held.size:,} of {item.size:,} bytes are here"
    if held.size > item.size:
        return State.CHANGED, f"{held.size:,} bytes are here, recorded are {item.size:,}"
    return State.NOT_RECORDED, f"it has the recorded {item.size:,} bytes; no digest of it is recorded there"


def find_disagreement(answer: FileAnswer, expected: list[Expected]) -> tuple[Location, ...]:
    """Give the places of records of one path that cannot all be right, whatever is here; none where they can."""
    digests: dict[str, list[Expected]] = {}
    for item in expected:
        if item.digest:
            digests.setdefault(item.algorithm, []).append(item)
    for items in digests.values():
        for item in items[1:]:
            if not items[0].digest.startswith(item.digest) and not item.digest.startswith(items[0].digest):
                return (items[0].record, item.record)
    absent = [item for item in expected if item.absent]
    if absent and len(absent) < len(expected):
        return (absent[0].record, next(item.record for item in expected if not item.absent))
    good = [check.record for check in answer.checks if check.state is State.INTACT]
    bad = [check.record for check in answer.checks if check.state in {State.CHANGED, State.SWAPPED, State.TRUNCATED}]
    return (good[0], bad[0]) if good and bad else ()


def _short(digest: str) -> str:
    return digest if len(digest) <= SHOWN else f"{digest[:SHOWN]}..."
