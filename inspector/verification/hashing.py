"""What stands at each path of a root: every file is opened once and hashed by the algorithms that are asked for, in threads."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from inspector.bundle import MAX_TEXT, Entry, Survey, start_digest
from inspector.digest import Digester
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer, read_pointer
from inspector.model import Pointer
from inspector.verification.integrity import GIT
from inspector.verification.weighing import Held

if TYPE_CHECKING:
    from concurrent.futures import Future

    Running = Future[dict[str, str]] | dict[str, str] | str

Watch = Callable[[str, int, int], None]
SMALL = 16 * 2**10  # bytes; to hand a smaller file to a thread costs more than to hash it
Key = tuple[bytes, int | None, int]


def unwatched(_phase: str, _done: int, _total: int) -> None:
    """Watch nothing."""


class Hasher:
    """Threads that hash, and what they hashed before: a file that stands under several names is read once."""

    def __init__(self, threads: int, watch: Watch) -> None:
        self._watch = watch
        self._done = self._total = 0
        self._digester = Digester(threads, self._count)

    def __enter__(self) -> Self:
        self._digester.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._digester.__exit__(kind, error, trace)

    def hold(self, held: Survey, wanted: Mapping[str, tuple[str, ...]], *, fold: bool = False) -> dict[str, Held]:
        """Tell what stands at paths, with the digests that are wanted of each, and at every link where all paths are asked for.

        With `fold` also the digests of texts whose lines end as on another system.
        """
        entries = sorted(
            (held.entries[path] for path in wanted), key=lambda entry: -entry.size
        )  # the largest first, so that all threads end together
        asked: dict[Key, set[str]] = {}
        for entry in entries:
            asked.setdefault(_key(entry), set()).update(wanted[entry.path])
        self._total += sum(entry.size for entry in {_key(entry): entry for entry in entries}.values() if asked[_key(entry)])
        running: dict[Key, Running] = {}
        pointers: dict[Key, Pointer | None] = {}
        for entry in entries:
            if (key := _key(entry)) not in running:
                running[key], pointers[key] = self._start(entry, tuple(sorted(asked[key])))
        found = {entry.path: _settle(running[_key(entry)], entry, pointers[_key(entry)]) for entry in entries}
        if fold:
            return {path: _fold(held.entries[path], here, held) for path, here in found.items()}
        links = {path: Held(size=len(text), link=True, target=_hash_text(text)) for path, text in held.links.items() if path not in found}
        return {**{path: _link(here, held.links.get(path)) for path, here in found.items()}, **links}

    def _start(self, entry: Entry, algorithms: tuple[str, ...]) -> tuple["Running", Pointer | None]:
        """Open a file, see whether it is a pointer, and hand it to the threads; or say why it cannot be read."""
        try:
            file = entry.open()
        except (OSError, Malformed) as error:
            return _say(error), None
        pointer = None
        try:
            pointer = read_pointer(file.whole()) if is_pointer(file) else None
        except Malformed:
            pass  # the ledger of pointers tells of one that breaks
        except OSError as error:
            file.close()
            return _say(error), None
        if algorithms and file.size > SMALL:
            return self._digester.submit_for(file, algorithms), pointer
        try:
            with file:
                digests = file.digest(algorithms)
        except OSError as error:
            return _say(error), pointer
        self._count(file.size if algorithms else 0)
        return digests, pointer

    def _count(self, size: int) -> None:
        self._done += size
        self._watch("bytes", self._done, self._total)


def _key(entry: Entry) -> Key:
    return entry.real, entry.base, entry.size


def _settle(running: "Running", entry: Entry, pointer: Pointer | None) -> Held:
    if isinstance(running, str):
        return Held(size=entry.size, pointer=pointer, unread=running)
    try:
        digests = running if isinstance(running, dict) else running.result()
    except OSError as error:
        return Held(size=entry.size, pointer=pointer, unread=_say(error))
    return Held(size=entry.size, digests=digests, pointer=pointer)


def _say(error: OSError | Malformed) -> str:
    return f"it cannot be read: {error.strerror if isinstance(error, OSError) else error}"


def _link(here: Held, text: bytes | None) -> Held:
    if text is None:
        return here
    return replace(here, link=True, target=_hash_text(text))


def _hash_text(text: bytes) -> dict[str, str]:
    return {algorithm: _hash(algorithm, text) for algorithm in GIT.values()}


def _fold(entry: Entry, here: Held, held: Survey) -> Held:
    """Add what git would have made of a text with other ends of lines."""
    folded: Mapping[str, str] = {}
    if entry.size <= MAX_TEXT and not here.unread:
        try:
            with entry.open() as file:
                data = file.whole()
        except (OSError, Malformed):
            data = b""
        if b"\r\n" in data:
            folded = {algorithm: _hash(algorithm, data.replace(b"\r\n", b"\n")) for algorithm in GIT.values()}
    text = held.links.get(entry.path)
    target = {} if text is None else _hash_text(text)
    return replace(here, link=text is not None, folded=folded, target=target)


def _hash(algorithm: str, data: bytes) -> str:
    digest = start_digest(algorithm, len(data))
    digest.update(data)
    return digest.hexdigest()
