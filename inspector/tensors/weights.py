"""The weights of a root: its tensors over all files of one container, found by content, each open file kept until it is no longer needed."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from inspector.bundle import Entry, File
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.model import Location, Problem
from inspector.tensors.containers import list_tensors
from inspector.tensors.packed import assemble
from inspector.tensors.tensor import Tensor
from inspector.weights.role import role_by_name

MOST_OPEN = 256


@dataclass(frozen=True, slots=True)
class Held:
    """A tensor and the file that holds it."""

    entry: Entry
    tensor: Tensor


@dataclass(frozen=True, slots=True)
class WeightsOf:
    """The tensors of a root in the container that holds most of them; `others` are the containers that were left out, with their elements."""

    container: str
    tensors: tuple[Held, ...]
    files: tuple[Entry, ...]
    others: tuple[tuple[str, int], ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def elements(self) -> int:
        """The number of all elements."""
        return sum(held.tensor.elements for held in self.tensors)


def gather_weights(entries: Iterable[Entry]) -> WeightsOf:
    """List the tensors of a root's files; of a name that stands twice the first. Training state is left out."""
    found: dict[str, dict[str, Held]] = {}
    files: dict[str, list[Entry]] = {}
    problems: list[Problem] = []
    for entry in entries:
        if role_by_name(entry.path) is not None:
            continue
        try:
            with entry.open() as file:
                for container, tensor in _list(file):
                    found.setdefault(container, {}).setdefault(tensor.name, Held(entry, tensor))
                    if entry not in (kept := files.setdefault(container, []))[-1:]:
                        kept.append(entry)
        except (Malformed, OSError) as error:
            problems.append(Problem(location=_place(entry), reason=str(error)))
    sums = {name: sum(held.tensor.elements for held in tensors.values()) for name, tensors in found.items()}
    if not sums:
        return WeightsOf("", (), (), (), tuple(problems))
    best = max(sums, key=lambda name: (sums[name], name == "safetensors", name))
    others = tuple(sorted((name, count) for name, count in sums.items() if name != best))
    return WeightsOf(best, tuple(found[best].values()), tuple(files[best]), others, tuple(problems))


def _place(entry: Entry) -> Location:
    return Location(root=entry.root.name, path=entry.path)


def _list(file: File) -> Iterator[tuple[str, Tensor]]:
    """List the tensors of one file with at least one element, packed ones put together."""
    listed = None if is_pointer(file) else list_tensors(file)
    if listed is not None:
        container, tensors = listed
        yield from ((container, tensor) for tensor in assemble(tensors) if tensor.elements)


class OpenFiles:
    """Files that are read again and again, opened once each."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack, self._open = stack, dict[bytes, File]()

    def get(self, entry: Entry) -> File:
        """Give an open file; raises OSError or Malformed when it cannot be opened any more."""
        key = entry.real + b"\0" + str(entry.base).encode()
        if key not in self._open:
            if len(self._open) >= MOST_OPEN:
                self._stack.pop_all().close()
                self._open.clear()
            self._open[key] = self._stack.enter_context(entry.open())
        return self._open[key]


@contextmanager
def open_files() -> Iterator[OpenFiles]:
    """Open files as they are asked for, and close all of them at the end."""
    with ExitStack() as stack:
        yield OpenFiles(stack)
